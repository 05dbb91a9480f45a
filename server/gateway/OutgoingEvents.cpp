#include "server/gateway/OutgoingEvents.h"

#include "core/protocol/wire/FrameCodec.h"
#include "server/gateway/calls/DomainCodec.h"

#include <algorithm>

namespace kith::server
{

std::uint32_t OutgoingEvents::digest(LogId log, std::uint64_t revision)
{
    // 32 bits of a mixed value: a clash hides one lost mark until the next one moves.
    std::uint64_t value = std::hash<LogId>{}(log) ^ (revision * 0x9e3779b97f4a7c15ULL);
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ULL;
    return static_cast<std::uint32_t>(value >> 32);
}

bool OutgoingEvents::room()
{
    if (sink_.unsent() < roomBelow)
        return true;
    sink_.notifyBelow(roomBelow);
    return false;
}

void OutgoingEvents::marks(LogId log, Generation generation, const LogMarks& marks)
{
    if (marks_.size() >= maxWaiting && marks_.find(log) == marks_.end())
        return; // not told: the next check sends them
    marks_[log] = {generation, marks};
    flush();
}

void OutgoingEvents::typing(const TypingSeen& seen)
{
    if (typing_.size() < maxWaiting)
        typing_[{seen.log, seen.user}] = seen.typing;
    flush();
}

void OutgoingEvents::presence(const PresenceView& seen)
{
    if (presence_.size() < maxWaiting)
        presence_[seen.user] = seen;
    flush();
}

void OutgoingEvents::flush()
{
    if ((marks_.empty() && typing_.empty() && presence_.empty()) || !room())
        return;
    for (const auto& [log, waiting] : marks_) {
        wire::Marks message;
        write(waiting.marks, log, waiting.generation, &message);
        sink_.sendFrame(wire::encodeFrame(wire::EVENT, wire::MARKS, 0, message.SerializeAsString()));
        told_.push_back(digest(log, waiting.marks.revision));
    }
    marks_.clear();
    if (typing_.empty() && presence_.empty())
        return;
    wire::Ephemeral message;
    for (const auto& [who, typing] : typing_) {
        auto* out = message.add_typing();
        out->set_log_id(who.first.bytes());
        out->set_user(who.second.bytes());
        out->set_typing(typing);
    }
    for (const auto& [user, view] : presence_)
        write(view, message.add_presence());
    typing_.clear();
    presence_.clear();
    sink_.sendFrame(wire::encodeFrame(wire::EVENT, wire::EPHEMERAL, 0, message.SerializeAsString()));
}

void OutgoingEvents::marksKnown(const HeadsView& view)
{
    for (const HeadView& head : view.logs)
        told_.push_back(digest(head.log, head.marksRevision));
    counted_ = true;
}

std::vector<LogId> OutgoingEvents::marksMissing(const HeadsView& view, bool firstPage)
{
    if (firstPage) {
        before_ = std::move(known_);
        before_.insert(before_.end(), told_.begin(), told_.end());
        std::sort(before_.begin(), before_.end());
        known_ = {};
        told_ = {};
        compare_ = std::exchange(counted_, true);
    }
    std::vector<LogId> missing;
    for (const HeadView& head : view.logs) {
        if (head.marksRevision == 0)
            continue;
        const std::uint32_t value = digest(head.log, head.marksRevision);
        known_.push_back(value);
        const bool waits = marks_.find(head.log) != marks_.end();
        if (compare_ && !waits && !std::binary_search(before_.begin(), before_.end(), value))
            missing.push_back(head.log);
    }
    if (!view.more)
        before_ = {};
    known_.shrink_to_fit();
    return missing;
}

} // namespace kith::server
