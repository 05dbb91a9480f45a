#include "server/storage/engine/LogEngine.h"

#include "server/storage/engine/Keys.h"

#include <algorithm>

namespace kith::server
{
namespace
{

// Marks that wait may not fill the memory (P9); with traffic they never come near.
constexpr std::size_t maxWaitingMarks = 16'384;

template <class Value, class Done> LogEngine::Completion completion(Result<Value> result, Done done)
{
    return [result = std::move(result), done = std::move(done)](const Result<void>& written) {
        if (written.ok())
            done(result);
        else
            done(written.error());
    };
}

Error conflict(std::string detail)
{
    return Error::make(StorageError::Conflict, std::move(detail));
}

Error withNumber(StorageError code, std::string detail, std::uint64_t number)
{
    Error error = Error::make(code, std::move(detail));
    error.payload = std::to_string(number);
    return error;
}

} // namespace

LogEngine::LogEngine(const Kv& kv, const Clock& clock, Random& random, std::size_t cacheBytes)
    : clock_(clock), reader_(kv), out_(kv), logs_(out_, reader_, random, cacheBytes / 4),
      windows_(out_, reader_, cacheBytes / 4), marks_(reader_, cacheBytes / 4), trimmer_(out_, logs_),
      versionBudget_(cacheBytes / 4)
{
}

void LogEngine::apply(Transaction transaction, Storage::CommitDone done)
{
    completions_.push_back(completion(commit(transaction), std::move(done)));
}

void LogEngine::apply(const MarkUpdate& update, const Storage::MarkDone& applied,
                      std::function<void(Result<void>)> durable)
{
    const auto changed = [&]() -> Result<MarkResult> {
        KITH_TRY(LogState * state, logs_.state(update.log));
        if (state->head.value() == 0)
            return Error::make(StorageError::NotFound, "There is no such conversation on this server.");
        KITH_TRY(MarkResult result, marks_.apply(update, state->head, stamp_ + 1));
        if (result.changed) {
            ++stamp_;
            auto& tells = waitingTells_[update.log];
            for (const ActivityMark& mark : update.activity)
                waitingTellCount_ += tells.insert(mark).second ? 1 : 0;
        }
        return result;
    }();
    applied(changed);
    if (!changed.ok())
        durable(changed.error());
    else if (marks_.waiting() == 0)
        completions_.push_back(std::move(durable)); // Says nothing new: it is on the disk already.
    else
        markCompletions_.push_back(std::move(durable));
}

void LogEngine::applyTrim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done)
{
    const std::uint64_t hourNow = std::max(hour_, hourOf(clock_.wall()));
    completions_.push_back(completion(trimmer_.step(before, maxLogs, hourNow), std::move(done)));
}

void LogEngine::applyFlush(std::function<void(Result<void>)> done)
{
    flush_ = true;
    completions_.push_back(std::move(done));
}

/// Not when the marks changed: a mark may wait for hours, and an activity mark of an hour that a device has already
/// caught up with would never be seen.
void LogEngine::tellWaiting()
{
    for (const auto& [log, tells] : std::exchange(waitingTells_, {})) {
        const std::vector<ActivityMark> marks(tells.begin(), tells.end());
        if (const auto state = logs_.state(log); state.ok())
            logs_.tell(**state, marks, activityHour());
    }
    waitingTellCount_ = 0;
}

LogEngine::Group LogEngine::take()
{
    marksTaken_ = flush_ || !out_.empty() || marks_.waiting() + waitingTellCount_ > maxWaitingMarks;
    flush_ = false;
    if (marksTaken_) {
        tellWaiting();
        marks_.collect(out_);
        std::move(markCompletions_.begin(), markCompletions_.end(), std::back_inserter(completions_));
        markCompletions_.clear();
    }
    trimmer_.noteHours(logs_.takeNewHours());
    return {out_.take(), std::exchange(completions_, {})};
}

void LogEngine::settled()
{
    if (marksTaken_ || marks_.waiting() == 0)
        marks_.settled();
    logs_.settled();
    windows_.settled();
    versions_.shrink(versionBudget_);
}

Result<Committed> LogEngine::commit(Transaction& transaction)
{
    if (renewing_)
        return Error::make(StorageError::Stopped, "A restore was interrupted: run it again before serving.");
    KITH_CHECK(checkBucket(transaction));
    KITH_TRY(auto repeated, answerRepeated(transaction));
    if (repeated)
        return std::move(*repeated);
    KITH_CHECK(checkExpects(transaction.expects));
    std::vector<std::vector<Entry>> drops;
    for (const Append& append : transaction.appends) {
        KITH_TRY(auto rows, checkAppend(append));
        drops.push_back(std::move(rows));
    }
    // Nothing fails from here on, so nothing is half done.
    for (const Write& each : transaction.writes)
        write(each);
    Committed committed;
    for (std::size_t i = 0; i < transaction.appends.size(); ++i)
        committed.accepted.push_back(perform(transaction.appends[i], std::move(drops[i])));
    return committed;
}

Result<void> LogEngine::checkBucket(const Transaction& transaction) const
{
    const Bucket bucket = transaction.bucket;
    bool same = bucket.value() < bucketCount;
    for (const Expect& expect : transaction.expects)
        same = same && expect.key.bucket == bucket;
    for (const Write& each : transaction.writes)
        same = same && each.key.bucket == bucket;
    for (const Append& append : transaction.appends)
        same = same && bucketOf(append.log.view()) == bucket;
    if (!same)
        return Error::make(StorageError::WrongBucket, "A transaction touches two buckets.");
    for (std::size_t i = 1; i < transaction.appends.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (transaction.appends[i].log == transaction.appends[j].log)
                return conflict("A transaction appends to one conversation twice.");
        }
    }
    return {};
}

Result<std::optional<Committed>> LogEngine::answerRepeated(const Transaction& transaction)
{
    const auto first = std::find_if(transaction.appends.begin(), transaction.appends.end(),
                                    [](const Append& append) { return !append.entries.empty(); });
    if (first == transaction.appends.end() || first->entries.front().sendNo.value() == 0)
        return std::optional<Committed>{};
    const NewEntry& entry = first->entries.front();
    KITH_TRY(const auto place, windows_.place(first->log, entry.senderDevice, entry.sendNo));
    if (place.kind == SendWindows::Place::Kind::Next || place.kind == SendWindows::Place::Kind::Gap)
        return std::optional<Committed>{};
    Committed committed;
    committed.repeated = true;
    for (const Append& append : transaction.appends) {
        auto& results = committed.accepted.emplace_back();
        for (const NewEntry& each : append.entries) {
            KITH_TRY(Accepted result, firstResult(append.log, each));
            results.push_back(std::move(result));
        }
    }
    return std::optional<Committed>(std::move(committed));
}

Result<Accepted> LogEngine::firstResult(LogId log, const NewEntry& entry)
{
    Accepted accepted;
    accepted.repeated = true;
    accepted.acceptedEarlier = true;
    if (entry.sendNo.value() == 0)
        return accepted; // The server's own, written with the first one; nothing names it.
    KITH_TRY(const auto place, windows_.place(log, entry.senderDevice, entry.sendNo));
    if (place.kind == SendWindows::Place::Kind::Earlier)
        return accepted;
    if (place.kind != SendWindows::Place::Kind::Repeated)
        return conflict("A repeated send stands in one transaction with a new one.");
    KITH_TRY(LogState * state, logs_.state(log));
    KITH_TRY(Entry row, logs_.row(*state, place.seq));
    if (row.clientMsgId != entry.clientMsgId)
        return Error::make(StorageError::CloneSend, "This device sent another message under the same number: its data "
                                                    "was copied or put back from an old backup.");
    return Accepted{row.generation, row.seq, row.id, row.time, std::move(row.chain), false, true};
}

Result<void> LogEngine::checkExpects(const std::vector<Expect>& expects)
{
    for (const Expect& expect : expects) {
        KITH_TRY(const std::uint64_t version, versionOf(expect.key));
        if (version != expect.version)
            return conflict("Something that this change rests on has changed meanwhile.");
    }
    return {};
}

Result<std::vector<Entry>> LogEngine::checkAppend(const Append& append)
{
    KITH_TRY(LogState * state, logs_.state(append.log));
    if (append.generation && *append.generation != state->generation)
        return withNumber(StorageError::Generation, "The conversation continues in another generation.",
                          state->generation.value());
    if (append.epoch && *append.epoch != state->rest.epoch)
        return conflict("Another commit was first in this epoch.");
    std::vector<Entry> drops;
    for (const Seq seq : append.drops) {
        KITH_TRY(Entry row, logs_.row(*state, seq));
        if (row.kind == EntryKind::Tombstone)
            continue;
        if (row.kind != EntryKind::Application && row.kind != EntryKind::Resend)
            return Error::make(StorageError::NotFound, "Only messages can be deleted for everyone.");
        drops.push_back(std::move(row));
    }
    KITH_CHECK(checkSendNumbers(append));
    return drops;
}

Result<void> LogEngine::checkSendNumbers(const Append& append)
{
    std::vector<std::pair<DeviceId, SendNo>> next; // Devices of this append: nearly always one.
    for (const NewEntry& entry : append.entries) {
        if (entry.sendNo.value() == 0)
            continue;
        auto expected =
            std::find_if(next.begin(), next.end(), [&](const auto& each) { return each.first == entry.senderDevice; });
        if (expected == next.end()) {
            KITH_TRY(const SendNo number, windows_.next(append.log, entry.senderDevice));
            expected = next.insert(next.end(), {entry.senderDevice, number});
        }
        if (entry.sendNo > expected->second)
            return withNumber(StorageError::SendGap, "Sends of this device before this one are missing.",
                              expected->second.value());
        if (entry.sendNo < expected->second)
            return conflict("A new send stands in one transaction with a repeated one.");
        expected->second = expected->second.next();
    }
    return {};
}

std::vector<Accepted> LogEngine::perform(Append& append, std::vector<Entry> drops)
{
    LogState& state = *logs_.state(append.log).value(); // checkAppend() has brought it into the cache.
    for (Entry& row : drops)
        logs_.drop(state, std::move(row));
    std::vector<Accepted> accepted;
    accepted.reserve(append.entries.size());
    const WallTime now = clock_.wall();
    for (NewEntry& entry : append.entries) {
        const DeviceId device = entry.senderDevice;
        const SendNo number = entry.sendNo;
        const bool commits = entry.kind == EntryKind::Commit;
        accepted.push_back(logs_.append(state, std::move(entry), now));
        if (number.value() != 0)
            windows_.accept(append.log, device, number, accepted.back().seq);
        if (commits)
            logs_.setRest(state, {state.rest.floor, state.rest.floorChain, state.rest.epoch + 1});
    }
    if (!accepted.empty() || !append.drops.empty())
        logs_.tell(state, append.activity, activityHour());
    return accepted;
}

Result<std::uint64_t> LogEngine::versionOf(const RecordKey& key)
{
    const Bytes full = keys::record(key);
    if (const std::uint64_t* known = versions_.find(full))
        return *known;
    KITH_TRY(const auto value, out_.get(full));
    std::uint64_t version = 0;
    if (value) {
        const auto row = decodeRecord(*value);
        if (!row)
            return damaged(full);
        version = row->version;
    }
    versions_.insert(full, version);
    return version;
}

void LogEngine::write(const Write& write)
{
    const Bytes full = keys::record(write.key);
    if (write.value) {
        ++stamp_;
        out_.put(full, encodeRecord({stamp_, *write.value}));
        versions_.insert(full, stamp_);
    } else {
        out_.erase(full);
        versions_.insert(full, 0);
    }
}

std::uint64_t LogEngine::activityHour()
{
    const std::uint64_t hour = hourOf(clock_.wall());
    if (hour > hour_) {
        hour_ = hour;
        setSetting("store.hour", hour);
    }
    return hour_;
}

} // namespace kith::server
