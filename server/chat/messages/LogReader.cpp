#include "server/chat/messages/LogReader.h"

#include "server/chat/ChatContext.h"
#include "server/chat/messages/VisibleMarks.h"

#include <algorithm>

namespace kith::server
{

namespace
{

/// The member, and where its device starts to read. NotFound for everybody else.
struct Reading {
    DirectView view;
    Seq fromSeq;
};

Result<Reading> reading(ChatContext& context, LogId log, UserId user, DeviceId device)
{
    KITH_TRY(DirectView view, membership(context, log, user));
    const ReaderDevice* reader = readerOf(*view.own, device);
    if (reader == nullptr || view.own->state == MemberState::Left)
        return refused(ChatError::NotFound, "There is no such conversation.");
    const Seq fromSeq = std::max(reader->fromSeq, firstSeq);
    return Reading{std::move(view), fromSeq};
}

/// A log that nothing was written to yet.
Result<LogHead> headOf(const Storage& storage, LogId log)
{
    Result<LogHead> head = storage.head(log);
    if (head.ok() || !head.error().is(StorageError::NotFound))
        return head;
    LogHead empty;
    empty.log = log;
    empty.floor = firstSeq;
    return empty;
}

/// The first entry whose generation is above `generation`: the system entry `cut`. Numbers rise with seq, so it is
/// found by halving.
Result<Seq> firstAbove(const Storage& storage, const LogHead& head, Generation generation)
{
    std::uint64_t low = 1;
    std::uint64_t high = head.head.value();
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        KITH_TRY(const Page page, storage.read(head.log, Seq{middle - 1}, 1, 1));
        if (page.entries.empty())
            return refused(ChatError::Internal, "An entry below a log's head is missing.");
        if (page.entries.front().generation > generation)
            high = middle;
        else
            low = middle + 1;
    }
    return Seq{low};
}

/// What was asked for, within the limit; 0 asks for the limit.
std::size_t atMost(std::size_t asked, std::size_t limit)
{
    return asked == 0 ? limit : std::min(asked, limit);
}

void keepOwnEnvelope(Entry& entry, DeviceId device)
{
    const auto own = std::find_if(entry.envelopes.begin(), entry.envelopes.end(),
                                  [&](const Envelope& envelope) { return envelope.device == device; });
    if (own == entry.envelopes.end()) {
        entry.envelopes.clear();
        return;
    }
    Envelope kept = std::move(*own);
    entry.envelopes.clear();
    entry.envelopes.push_back(std::move(kept));
}

/// Refuses a position that the device has passed before, and one that this server never gave out; states it where it is
/// news. Cursors of an older generation compare too: what the device acked there, it still has.
Result<void> statePosition(ChatContext& context, const Caller& caller, const Position& position)
{
    const Result<Reading> own = reading(context, position.log, caller.user, caller.device);
    if (!own.ok()) // Unlinked from it meanwhile, or never a member: nothing to state.
        return own.error().is(ChatError::NotFound) ? Result<void>() : Result<void>(own.error());
    KITH_TRY(const LogHead head, headOf(context.storage, position.log));
    const bool present = position.generation == head.generation;
    if (position.generation > head.generation || (present && position.cursor > head.head))
        return context.putBack.raise(position.log, caller.device);
    KITH_TRY(const Seq known, context.storage.cursor(position.log, caller.user, caller.device));
    KITH_TRY(const SendNo next, context.storage.nextSendNo(position.log, caller.device));
    if (position.cursor < known || position.sendNo.next() < next)
        return refused(ChatError::Denied, "This device is behind what it stated before, so it was restored from a "
                                          "copy: link it again as a new device.");
    if (present && position.cursor > known) {
        MarkUpdate update;
        update.log = position.log;
        update.user = caller.user;
        update.device = caller.device;
        update.cursor = position.cursor;
        context.storage.submitMark(
            std::move(update), [](const Result<MarkResult>&) {}, [](const Result<void>&) {});
    }
    return {};
}

/// Logs of one page: all of the user's, or those that moved since the hour before the token's.
Result<std::vector<LogId>> candidates(const ChatContext& context, UserId user, const HeadsRequest& request)
{
    const std::size_t limit = context.limits.heads;
    if (request.activityToken != 0)
        return context.storage.activity(user, request.activityToken - 1, request.afterLog, limit);
    const Bytes after = request.afterLog.isNull() ? Bytes() : user.bytes().append(request.afterLog.view());
    KITH_TRY(const auto rows, context.storage.scan(bucketOf(user.view()), Table::UserLog, user.view(), after, limit));
    std::vector<LogId> logs;
    for (const Record& row : rows)
        logs.push_back(LogId::fromBytes(ByteView(row.key).substr(UserId::size)).value_or(LogId{}));
    return logs;
}

Result<HeadsView> headsNow(ChatContext& context, const Caller& caller, const HeadsRequest& request)
{
    if (request.positions.size() > context.limits.positions)
        return refused(ChatError::TooLarge,
                       "At most " + std::to_string(context.limits.positions) + " positions are stated at once.");
    for (const Position& position : request.positions)
        KITH_CHECK(statePosition(context, caller, position));

    HeadsView view;
    view.activityToken = context.hourNow();
    KITH_TRY(const std::vector<LogId> logs, candidates(context, caller.user, request));
    view.more = logs.size() == context.limits.heads;
    if (!logs.empty())
        view.lastLog = logs.back();
    for (const LogId& log : logs) {
        const Result<Reading> own = reading(context, log, caller.user, caller.device);
        if (!own.ok() && own.error().is(ChatError::NotFound))
            continue;
        if (!own.ok())
            return own.error();
        KITH_TRY(const LogHead head, headOf(context.storage, log));
        KITH_TRY(const LogMarks marks, context.storage.marks(log));
        view.logs.push_back({log, head.generation, head.head, head.floor, own->fromSeq, marks.revision,
                             own->view.conversation->value.type});
    }
    return view;
}

} // namespace

void LogReader::heads(const Caller& caller, HeadsRequest request, Done<HeadsView> done)
{
    caller.strand->post([this, caller, request = std::move(request), done = std::move(done)] {
        Result<HeadsView> view = headsNow(context_, caller, request);
        done(view.ok() ? std::move(view) : Result<HeadsView>(asChatError(view.error())));
    });
}

void LogReader::page(const Caller& caller, PageRequest request, Done<PageView> done)
{
    caller.strand->post([this, caller, request = std::move(request), done = std::move(done)] {
        done(pageNow(caller.user, caller.device, request));
    });
}

Result<PageView> LogReader::pageNow(UserId user, DeviceId device, const PageRequest& request)
{
    const auto read = [&]() -> Result<PageView> {
        const Storage& storage = context_.storage;
        const Limits& limits = context_.limits;
        KITH_TRY(const Reading own, reading(context_, request.log, user, device));
        PageView view;
        KITH_TRY(view.head, headOf(storage, request.log));
        view.after = std::max(request.after, Seq{own.fromSeq.value() - 1});

        if (request.generation != Generation{} && request.generation > view.head.generation)
            return refused(ChatError::Invalid, "The log has no such generation.");
        if (request.generation != Generation{} && request.generation < view.head.generation) {
            KITH_TRY(const Seq cut, firstAbove(storage, view.head, request.generation));
            if (view.after >= cut) {
                view.after = Seq{cut.value() - 1};
                view.cut = cut;
            }
        }
        if (view.after.next() < view.head.floor) {
            view.trimmed = Trimmed{view.head.floor, view.head.floorChain};
            view.after = Seq{view.head.floor.value() - 1};
        }
        if (view.after < view.head.head) {
            KITH_TRY(Page page, storage.read(request.log, view.after, atMost(request.maxEntries, limits.pageEntries),
                                             atMost(request.maxBytes, limits.pageBytes)));
            view.entries = std::move(page.entries);
            view.head = std::move(page.head);
            for (Entry& entry : view.entries)
                keepOwnEnvelope(entry, device);
        }
        KITH_TRY(LogMarks marks, storage.marks(request.log));
        if (marks.revision > request.marksRevision) {
            KITH_CHECK(hidePrivateMarks(context_, own.view, marks));
            view.marks = std::move(marks);
        }
        return view;
    };
    Result<PageView> view = read();
    return view.ok() ? std::move(view) : Result<PageView>(asChatError(view.error()));
}

Result<Seq> LogReader::statedNow(UserId user, DeviceId device, LogId log)
{
    const Result<Reading> own = reading(context_, log, user, device);
    if (!own.ok())
        return asChatError(own.error());
    Result<Seq> cursor = context_.storage.cursor(log, user, device);
    return cursor.ok() ? std::move(cursor) : Result<Seq>(asChatError(cursor.error()));
}

Entry LogReader::forDevice(const Entry& entry, DeviceId device)
{
    Entry own = entry;
    keepOwnEnvelope(own, device);
    return own;
}

} // namespace kith::server
