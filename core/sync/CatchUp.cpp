#include "core/sync/CatchUp.h"

#include "core/protocol/wire/Limits.h"

#include <algorithm>

namespace kith
{
namespace
{

constexpr Millis retryAfter{1000};
/// Behind every log: the heads have been read, and only positions are left to state.
const Bytes afterAll(LogId::size, '\xff');

} // namespace

void CatchUp::ready()
{
    ++connection_;
    phase_ = Phase::Heads;
    token_ = 0;
    unknown_.Clear();
    waiting_.clear();
    fetching_.clear();
    context_.positionsConfirmed = false;
    if (const auto begun = positions_.connected(); !begun)
        return hooks_.broken(begun.error());
    askHeads({});
}

void CatchUp::disconnected()
{
    ++connection_;
    phase_ = Phase::Idle;
    context_.positionsConfirmed = false;
    fetching_.clear();
    retry_.reset();
}

void CatchUp::retryLater(const Error& error)
{
    retry_ = context_.timers.after(std::max(error.retryAfter, retryAfter), [this] { ready(); });
}

void CatchUp::askHeads(const Bytes& after)
{
    wire::HeadsRequest request;
    const auto token = context_.store.account().activityToken();
    request.set_activity_token(token ? *token : 0);
    request.set_after_log(after);
    if (const auto filled = positions_.fill(request); !filled)
        return hooks_.broken(filled.error());
    context_.connection.call<wire::HeadsRequest, wire::HeadsResponse>(
        wire::HEADS, request, [this, after, connection = connection_](Result<wire::HeadsResponse> answer) {
            if (connection != connection_)
                return;
            if (answer)
                heads(after, *answer);
            else
                headsRefused(answer.error());
        });
}

void CatchUp::headsRefused(const Error& error)
{
    if (error.is(wire::WireCode::Denied)) {
        phase_ = Phase::Idle;
        return hooks_.oldCopy();
    }
    if (error.retryAfter >= longAsk)
        return context_.connection.notNow(error.detail, error.retryAfter);
    retryLater(error);
}

void CatchUp::heads(const Bytes& after, const wire::HeadsResponse& answer)
{
    if (answer.more() && answer.last_log() <= after) // pages only go forward, or asking would never end
        return hooks_.broken(Error::make(wire::WireCode::Invalid, "the server's page of heads does not go on"));
    positions_.confirmed();
    if (const auto noted = noteHeads(answer); !noted)
        return hooks_.broken(noted.error());
    if (token_ == 0)
        token_ = answer.activity_token(); // of the first page: what moved since then is found again
    if (answer.more())                    // even where the whole page was of logs that this device does not read
        return askHeads(answer.last_log());
    if (!positions_.allStated())
        return askHeads(afterAll);
    context_.positionsConfirmed = true;
    hooks_.confirmed();
    afterHeads();
}

Result<void> CatchUp::noteHeads(const wire::HeadsResponse& answer)
{
    return context_.store.write([&]() -> Result<void> {
        for (const wire::LogHead& head : answer.logs()) {
            const auto log = LogId::fromBytes(head.log_id());
            if (!log)
                return Error::make(wire::WireCode::Invalid, "a head of the server names no log");
            if (*log == context_.account.accountLog) {
                KITH_TRY([[maybe_unused]] const bool added,
                         context_.store.conversations().ensure(*log, ConversationType::Account, context_.account.user,
                                                               RequestState::Accepted));
            }
            KITH_TRY(const auto known, context_.store.conversations().find(*log));
            if (!known) {
                *unknown_.add_logs() = head; // its record in the account log comes first
                continue;
            }
            positions_.moved(*log);
            KITH_CHECK(context_.store.conversations().noteHead(
                {*log, Generation{std::uint64_t{head.generation()}}, Seq{std::uint64_t{head.head()}},
                 Seq{std::uint64_t{head.floor()}}, Seq{std::uint64_t{head.from_seq()}}}));
            const bool moved = known->cursor.value() < head.head() || known->generation.value() != head.generation() ||
                               known->marksRevision < head.marks_rev();
            if (moved && head.head() > 0)
                waiting_.insert(*log);
        }
        return {};
    });
}

void CatchUp::afterHeads()
{
    phase_ = Phase::Account;
    if (waiting_.erase(context_.account.accountLog) > 0)
        fetch(context_.account.accountLog);
    else
        advance();
}

void CatchUp::advance()
{
    if (phase_ == Phase::Account && fetching_.count(context_.account.accountLog) == 0) {
        phase_ = Phase::Logs;
        if (const auto noted = noteHeads(std::exchange(unknown_, {})); !noted)
            return hooks_.broken(noted.error());
        addUnread();
    }
    if (phase_ != Phase::Logs)
        return;
    startFetches();
    if (!fetching_.empty() || !waiting_.empty())
        return;
    phase_ = Phase::Idle;
    const auto kept = context_.store.write([&] { return context_.store.account().setActivityToken(token_); });
    if (!kept)
        return hooks_.broken(kept.error());
    hooks_.caughtUp();
}

/// What the account log has just told of was unknown when the heads came.
void CatchUp::addUnread()
{
    const auto conversations = context_.store.conversations().all();
    if (!conversations)
        return;
    for (const Conversation& conversation : *conversations) {
        if (conversation.type == ConversationType::Direct && conversation.cursor == Seq{} &&
            conversation.request != RequestState::Declined)
            waiting_.insert(conversation.log);
    }
}

void CatchUp::startFetches()
{
    while (!waiting_.empty() && fetching_.size() < parallelLogs) {
        const LogId log = *waiting_.begin();
        waiting_.erase(waiting_.begin());
        fetch(log);
    }
}

void CatchUp::fetch(LogId log)
{
    if (!context_.connected())
        return;
    const auto [at, started] = fetching_.try_emplace(log);
    if (started)
        askPage(log);
    else
        at->second.again = true;
}

void CatchUp::askPage(LogId log)
{
    const auto known = context_.store.conversations().find(log);
    if (!known || !*known)
        return endFetch(log);
    wire::SyncRequest request;
    request.set_log_id(log.bytes());
    request.set_generation((*known)->generation.value());
    request.set_after((*known)->cursor.value());
    request.set_marks_rev((*known)->marksRevision);
    context_.connection.call<wire::SyncRequest, wire::SyncResponse>(
        wire::SYNC, request, [this, log, connection = connection_](Result<wire::SyncResponse> answer) {
            if (connection != connection_)
                return;
            if (answer)
                return page(log, *answer);
            const Error& error = answer.error();
            if (error.is(wire::WireCode::Denied) || error.is(wire::WireCode::NotFound))
                return endFetch(log); // nothing of it is to be had any more
            if (error.remedy == Remedy::Retry)
                return retryLater(error);
            // What the server cannot read now may not be passed over: the catch-up is not complete (P4).
            context_.connection.notNow(error.detail, std::max(error.retryAfter, longAsk));
        });
}

void CatchUp::page(LogId log, const wire::SyncResponse& answer)
{
    if (answer.has_trimmed()) {
        if (const auto skipped = skipTrimmed(log, answer); !skipped)
            return hooks_.broken(skipped.error());
    }
    auto rows = readRows(log, answer.entries());
    if (!rows)
        return hooks_.broken(rows.error());
    const bool progress = !rows->empty() || answer.has_trimmed();
    const Seq head{std::uint64_t{answer.head()}};
    const auto marks = answer.has_marks() ? std::optional(answer.marks()) : std::nullopt;
    inbox_.deliver(log, std::move(*rows), head,
                   [this, log, head, progress, marks, connection = connection_](const Result<void>& stored) {
                       if (connection != connection_ || (!stored && !stored.error().is(StoreError::Gap)))
                           return;
                       if (marks) {
                           if (const auto kept = receipts_.received(*marks); !kept)
                               return hooks_.broken(kept.error());
                       }
                       const auto known = context_.store.conversations().find(log);
                       const bool behind = known && *known && (*known)->cursor < head;
                       if ((behind && progress) || std::exchange(fetching_[log].again, false))
                           askPage(log);
                       else
                           endFetch(log);
                   });
}

Result<void> CatchUp::skipTrimmed(LogId log, const wire::SyncResponse& answer)
{
    if (answer.trimmed().chain().size() != Sha256Digest::size || answer.trimmed().floor() == 0)
        return Error::make(wire::WireCode::Invalid, "the server trimmed a log without saying to where");
    return context_.store.write([&] {
        return context_.store.inbox().skipTrimmed(log, Generation{std::uint64_t{answer.generation()}},
                                                  Seq{std::uint64_t{answer.trimmed().floor()}},
                                                  answer.trimmed().chain());
    });
}

Result<std::vector<LogRow>> CatchUp::readRows(LogId log, const google::protobuf::RepeatedPtrField<wire::Entry>& entries)
{
    if (entries.size() > static_cast<int>(wire::maxPageEntries))
        return Error::make(wire::WireCode::TooLarge, "the server sent more entries than a page holds");
    std::vector<LogRow> rows;
    rows.reserve(static_cast<std::size_t>(entries.size()));
    for (const wire::Entry& entry : entries) {
        KITH_TRY(LogRow row, readRow(log, entry));
        rows.push_back(std::move(row));
    }
    return rows;
}

void CatchUp::endFetch(LogId log)
{
    fetching_.erase(log);
    hooks_.level(log);
    advance();
}

void CatchUp::received(const wire::Entries& entries)
{
    const auto log = LogId::fromBytes(entries.log_id());
    if (!log)
        return hooks_.broken(Error::make(wire::WireCode::Invalid, "live entries name no log"));
    auto rows = readRows(*log, entries.entries());
    if (!rows)
        return hooks_.broken(rows.error());
    inbox_.deliver(*log, std::move(*rows), Seq{std::uint64_t{entries.head()}}, {});
}

} // namespace kith
