#include "server/gateway/LiveDelivery.h"

#include "core/base/Log.h"

#include <algorithm>

namespace kith::server
{

std::size_t LiveDelivery::octetsOf(const Entry& entry)
{
    constexpr std::size_t numbersAndIds = 200; // ids, hashes, chain, numbers and their tags
    std::size_t octets = numbersAndIds + entry.body.size() + entry.commitment.size();
    for (const Envelope& envelope : entry.envelopes)
        octets += envelope.sealed.size();
    return octets;
}

std::size_t LiveDelivery::octetsOf(const std::vector<Entry>& entries)
{
    std::size_t octets = 0;
    for (const Entry& entry : entries)
        octets += octetsOf(entry);
    return octets;
}

std::size_t LiveDelivery::window() const
{
    return port_.tight() ? std::min(window_, tightWindow) : window_;
}

void LiveDelivery::wait(LogId id, Log& log)
{
    log.active = clock_.mono();
    if (log.waiting || (log.positioned && log.sent >= log.head))
        return;
    log.waiting = true;
    turns_.push_back(id);
}

bool LiveDelivery::position(LogId id, Log& log)
{
    if (log.positioned)
        return true;
    const auto cursor = port_.statedCursor(id);
    if (!cursor.ok())
        return false;
    log.sent = std::max(log.sent, *cursor);
    log.positioned = true;
    return true;
}

void LiveDelivery::hinted(const Hint& hint, DeviceId device)
{
    Log& log = logs_[hint.log];
    const bool caughtUp = log.positioned && !log.waiting && log.sent.next() == hint.from;
    log.generation = hint.generation;
    log.head = std::max(log.head, hint.to);
    const std::uint64_t count = hint.to.value() - hint.from.value() + 1;
    if (caughtUp && !hint.rows.empty() && hint.rows.size() == count && !port_.congested()) {
        std::vector<Entry> rows;
        rows.reserve(hint.rows.size());
        for (const Entry& row : hint.rows)
            rows.push_back(LogReader::forDevice(row, device));
        if (unacked_ == 0 || unacked_ + octetsOf(rows) <= window()) {
            log.active = clock_.mono();
            send(hint.log, log, hint.generation, rows);
            return;
        }
    }
    wait(hint.log, log);
    pump();
}

void LiveDelivery::headSeen(LogId id, Generation generation, Seq head)
{
    const auto found = logs_.find(id);
    if (found == logs_.end()) {
        const auto cursor = port_.statedCursor(id);
        if (!cursor.ok() || *cursor >= head)
            return; // costs nothing to stay idle
    }
    Log& log = logs_[id];
    log.generation = generation;
    log.head = std::max(log.head, head);
    if (log.positioned && log.sent >= log.head)
        return;
    wait(id, log);
}

void LiveDelivery::stated(LogId id, Seq cursor)
{
    const auto found = logs_.find(id);
    if (found == logs_.end())
        return;
    Log& log = found->second;
    const MonoTime now = clock_.mono();
    while (!log.unacked.empty() && log.unacked.front().first <= cursor) {
        Chunk& chunk = log.unacked.front();
        if (chunk.last > cursor) {
            const std::uint64_t entries = chunk.last.value() - chunk.first.value() + 1;
            const std::size_t part = chunk.octets * (cursor.value() - chunk.first.value() + 1) / entries;
            chunk.first = cursor.next();
            chunk.octets -= part;
            unacked_ -= part;
            break;
        }
        if (chunk.windowFull && now - chunk.sentAt <= promptAck)
            window_ = std::min(2 * window_, largestWindow);
        unacked_ -= chunk.octets;
        log.unacked.pop_front();
    }
    log.sent = std::max(log.sent, cursor);
    log.active = now;
    pump();
}

void LiveDelivery::fetched(LogId id, Seq last)
{
    Log& log = logs_[id];
    log.active = clock_.mono();
    if (position(id, log))
        log.sent = std::max(log.sent, last);
    else
        logs_.erase(id);
}

void LiveDelivery::send(LogId id, Log& log, Generation generation, const std::vector<Entry>& entries)
{
    const std::size_t octets = octetsOf(entries);
    port_.sendEntries(id, generation, entries, log.head);
    log.sent = entries.back().seq;
    log.nextOctets = 0;
    unacked_ += octets;
    const bool full = unacked_ * 2 > window();
    log.unacked.push_back({entries.front().seq, entries.back().seq, octets, clock_.mono(), full});
}

/// False: nothing more may be sent now.
bool LiveDelivery::sendNext(LogId id, Log& log)
{
    const std::size_t limit = window();
    const std::size_t room = unacked_ == 0 ? limit : limit - std::min(limit, unacked_);
    if (room == 0 || (unacked_ != 0 && log.nextOctets > room))
        return false;
    PageRequest request;
    request.log = id;
    request.after = log.sent;
    request.maxBytes = std::min(room, largestRead);
    request.marksRevision = ~std::uint64_t{0}; // marks travel by themselves
    auto page = port_.readPage(request);
    if (!page.ok() || (page->entries.empty() && !page->trimmed)) {
        log.head = log.sent; // not a reader any more, or the hint ran ahead of the log
        return true;
    }
    log.head = std::max(log.head, page->head.head);
    if (page->trimmed || page->after > log.sent) {
        // What follows is not what the device lacks: it sees the head and asks Sync, which says why.
        port_.sendEntries(id, page->head.generation, {}, page->head.head);
        log.sent = log.head;
        return true;
    }
    std::vector<Entry> entries = std::move(page->entries);
    std::size_t octets = octetsOf(entries);
    while (octets > room && entries.size() > 1) { // the storage measures what it keeps, not what travels
        octets -= octetsOf(entries.back());
        entries.pop_back();
    }
    if (unacked_ != 0 && octets > room) {
        log.nextOctets = octets;
        return false;
    }
    send(id, log, page->head.generation, entries);
    return true;
}

void LiveDelivery::pump()
{
    while (!turns_.empty() && !port_.congested()) {
        const auto focused = focus_.isNull() ? turns_.end() : std::find(turns_.begin(), turns_.end(), focus_);
        const auto next = focused == turns_.end() ? turns_.begin() : focused;
        const LogId id = *next;
        Log& log = logs_[id];
        if (position(id, log) && log.sent < log.head && !sendNext(id, log))
            return;
        turns_.erase(std::find(turns_.begin(), turns_.end(), id));
        log.waiting = false;
        if (!log.positioned)
            logs_.erase(id); // the device does not read it
        else
            wait(id, log); // behind the others, if there is more
    }
}

void LiveDelivery::forgetIdle()
{
    const MonoTime now = clock_.mono();
    std::erase_if(logs_, [&](const auto& item) {
        const Log& log = item.second;
        return !log.waiting && log.unacked.empty() && now - log.active >= keepIdle;
    });
}

} // namespace kith::server
