#include "core/sync/Positions.h"

namespace kith
{

Result<void> Positions::connected()
{
    waiting_.clear();
    asked_.clear();
    stated_.clear();
    KITH_TRY(const auto conversations, context_.store.conversations().all());
    for (const Conversation& conversation : conversations) {
        const Standing now{conversation.generation, conversation.cursor, conversation.lastSendNo};
        const auto known = known_.find(conversation.log);
        if (known == known_.end() || known->second != now)
            waiting_.insert(conversation.log);
    }
    KITH_TRY(const auto logs, context_.store.outbox().logs());
    waiting_.insert(logs.begin(), logs.end());
    return {};
}

void Positions::moved(const LogId& log)
{
    if (stated_.count(log) == 0)
        waiting_.insert(log);
}

Result<void> Positions::fill(wire::HeadsRequest& request)
{
    asked_.clear();
    while (!waiting_.empty() && asked_.size() < atOnce) {
        const LogId log = *waiting_.begin();
        waiting_.erase(waiting_.begin());
        stated_.insert(log);
        KITH_TRY(const auto conversation, context_.store.conversations().find(log));
        if (!conversation)
            continue;
        wire::Position& position = *request.add_positions();
        position.set_log_id(log.bytes());
        position.set_generation(conversation->generation.value());
        position.set_cursor(conversation->cursor.value());
        position.set_marks_rev(conversation->marksRevision);
        position.set_send_no(conversation->lastSendNo.value());
        asked_[log] = {conversation->generation, conversation->cursor, conversation->lastSendNo};
    }
    return {};
}

void Positions::confirmed()
{
    for (const auto& [log, standing] : asked_)
        known_[log] = standing;
    asked_.clear();
}

} // namespace kith
