#include "tests/conformance/StorageConformance.h"

#include <QTest>

#include <thread>

// Marks, trim, generations and ends; StorageConformance.cpp has records, logs and deduplication.

namespace kith::test
{

using namespace server;

namespace
{

MarkUpdate markOf(int user, std::uint64_t cursor, std::uint64_t delivered, std::uint64_t read = 0)
{
    MarkUpdate update;
    update.log = testLog(1);
    update.user = testUser(user);
    update.device = testDevice(user);
    update.cursor = Seq{cursor};
    update.delivered = Seq{delivered};
    update.read = Seq{read};
    return update;
}

/// "user:delivered/read " for each member.
Bytes text(const LogMarks& marks)
{
    Bytes out;
    for (const Mark& mark : marks.members) {
        const int user = static_cast<unsigned char>(mark.user.bytes().back());
        out += std::to_string(user) + ":" + std::to_string(mark.delivered.value()) + "/" +
               std::to_string(mark.read.value()) + " ";
    }
    return out;
}

Bytes cutBody(Generation generation, Seq seq)
{
    return "cut " + std::to_string(generation.value()) + " " + std::to_string(seq.value());
}

} // namespace

void StorageConformance::activityNamesLogsSinceAnHour()
{
    const auto tell = [this](int log, std::vector<int> users, std::uint64_t number) {
        Transaction transaction = appendTo(testLog(log), {messageEntry(1, number)});
        for (const int user : users)
            transaction.appends[0].activity.push_back({testUser(user), testLog(log)});
        return calls_.commit(transaction).ok();
    };
    const auto logs = [this](int user, std::uint64_t hour, int after, std::size_t limit) {
        Bytes out;
        const LogId from = after == 0 ? LogId{} : testLog(after);
        const auto found = fixture_.storage().activity(testUser(user), hour, from, limit);
        for (const LogId& log : found.value())
            out += std::to_string(static_cast<unsigned char>(log.bytes().back())) + " ";
        return out;
    };
    const std::uint64_t start = calls_.hour();
    QVERIFY(tell(3, {1, 2}, 1));
    QVERIFY(tell(1, {1, 2}, 1));
    fixture_.clock().advance(std::chrono::hours(1));
    QVERIFY(tell(1, {1, 2}, 2));
    QVERIFY(tell(2, {1}, 1));
    fixture_.killAndReopen();
    QVERIFY(tell(2, {1, 2}, 2)); // A reader more in the same hour.
    QCOMPARE(logs(1, start, 0, 100), Bytes("1 2 3 "));
    QCOMPARE(logs(1, start + 1, 0, 100), Bytes("1 2 "));
    QCOMPARE(logs(1, start, 0, 2), Bytes("1 2 "));
    QCOMPARE(logs(1, start, 2, 2), Bytes("3 "));
    QCOMPARE(logs(2, start + 1, 0, 100), Bytes("1 2 "));
    QCOMPARE(logs(2, start + 2, 0, 100), Bytes());
    QCOMPARE(logs(9, 0, 0, 100), Bytes());
    // A reader who joins within the hour, whatever order ids have.
    QVERIFY(tell(4, {5}, 1));
    QVERIFY(tell(4, {4, 5, 6}, 2));
    QCOMPARE(logs(4, 0, 0, 100), Bytes("4 "));
    QCOMPARE(logs(6, 0, 0, 100), Bytes("4 "));
}

void StorageConformance::activityHourNeverFalls()
{
    // A device caught up in hour h; then the clock falls back. A mark of an earlier hour would never be seen.
    fixture_.clock().advance(std::chrono::hours(5));
    const std::uint64_t caughtUp = calls_.hour();
    Transaction transaction = appendTo(testLog(1), {messageEntry(1, 1)});
    transaction.appends[0].activity = {{testUser(2), testLog(1)}};
    QVERIFY(calls_.commit(transaction).ok());
    fixture_.clock().jumpWall(-std::chrono::hours(5));
    fixture_.killAndReopen();
    Transaction later = appendTo(testLog(2), {messageEntry(1, 1)});
    later.appends[0].activity = {{testUser(2), testLog(2)}};
    QVERIFY(calls_.commit(later).ok());
    const auto found = fixture_.storage().activity(testUser(2), caughtUp - 1, testLog(1), 10);
    QCOMPARE(found->size(), std::size_t{1});
}

void StorageConformance::marksMoveForwardOnlyAndNotPastTheHead()
{
    for (std::uint64_t n = 1; n <= 5; ++n)
        QVERIFY(calls_.send(testLog(1), 1, n).ok());
    auto result = calls_.mark(markOf(2, 3, 3));
    QVERIFY(result.ok() && result->changed);
    QCOMPARE(text(result->marks), Bytes("2:3/0 "));
    const auto revision = result->marks.revision;
    QVERIFY(revision > 0);

    // Another device of the account, behind the first: nothing falls.
    MarkUpdate slow = markOf(2, 1, 1, 1);
    slow.device = testDevice(9);
    result = calls_.mark(slow);
    QVERIFY(result->changed); // The read mark is new.
    QCOMPARE(text(result->marks), Bytes("2:3/1 "));
    QVERIFY(result->marks.revision > revision);

    result = calls_.mark(markOf(2, 3, 3));
    QVERIFY(!result->changed);
    result = calls_.mark(markOf(1, 99, 99, 98));
    QCOMPARE(text(result->marks), Bytes("1:5/5 2:3/1 "));
    QCOMPARE(*fixture_.storage().cursor(testLog(1), testUser(1), testDevice(1)), Seq{std::uint64_t{5}});
    QCOMPARE(*fixture_.storage().cursor(testLog(1), testUser(2), testDevice(9)), Seq{std::uint64_t{1}});
    QCOMPARE(text(*fixture_.storage().marks(testLog(1))), Bytes("1:5/5 2:3/1 "));
    QCOMPARE(fixture_.storage().marks(testLog(1))->revision, result->marks.revision);
    QCOMPARE(text(*fixture_.storage().marks(testLog(2))), Bytes());
}

void StorageConformance::marksRideOnTheNextCommit()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    QVERIFY(calls_.flush().ok());
    const Awaited<Result<MarkResult>> applied;
    const Awaited<Result<void>> durable;
    auto durableFuture = durable.future();
    fixture_.storage().submitMark(markOf(2, 1, 1), applied.done(), durable.done());
    QVERIFY(calls_.await(applied.future()).ok());
    QCOMPARE(text(*fixture_.storage().marks(testLog(1))), Bytes("2:1/0 ")); // At once, in memory,
    QVERIFY(durableFuture.wait_for(Millis(50)) == std::future_status::timeout);
    fixture_.killAndReopen();
    QCOMPARE(text(*fixture_.storage().marks(testLog(1))), Bytes()); // and a crash takes it: nothing was committed.

    const Awaited<Result<MarkResult>> again;
    const Awaited<Result<void>> kept;
    fixture_.storage().submitMark(markOf(2, 1, 1), again.done(), kept.done());
    QVERIFY(calls_.await(again.future())->changed);
    QVERIFY(calls_.send(testLog(5), 1, 1).ok()); // Any commit carries it.
    QVERIFY(calls_.await(kept.future()).ok());
    fixture_.killAndReopen();
    QCOMPARE(text(*fixture_.storage().marks(testLog(1))), Bytes("2:1/0 "));
    QCOMPARE(*fixture_.storage().cursor(testLog(1), testUser(2), testDevice(2)), Seq{std::uint64_t{1}});

    // What says nothing new needs no commit.
    const Awaited<Result<MarkResult>> same;
    const Awaited<Result<void>> already;
    fixture_.storage().submitMark(markOf(2, 1, 1), same.done(), already.done());
    QVERIFY(!calls_.await(same.future())->changed);
    QVERIFY(calls_.await(already.future()).ok());
}

void StorageConformance::marksRevisionRisesOverRestarts()
{
    for (std::uint64_t n = 1; n <= 3; ++n)
        QVERIFY(calls_.send(testLog(1), 1, n).ok());
    // This revision was told to somebody and is lost with the crash.
    const auto told = calls_.mark(markOf(2, 2, 2))->marks.revision;
    fixture_.killAndReopen();
    QVERIFY(calls_.mark(markOf(2, 1, 1))->marks.revision > told);
    QVERIFY(calls_.flush().ok());
    fixture_.killAndReopen();
    QVERIFY(fixture_.storage().marks(testLog(1))->revision > told);
}

void StorageConformance::changedMarksTellMembersWithTheCommit()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    MarkUpdate update = markOf(2, 1, 1);
    update.activity = {{testUser(1), testLog(1)}};
    QVERIFY(calls_.mark(update)->changed);
    // The commit comes three hours later: a device that caught up in between must still see it.
    fixture_.clock().advance(std::chrono::hours(3));
    const std::uint64_t now = calls_.hour();
    QVERIFY(calls_.flush().ok());
    fixture_.killAndReopen();
    QCOMPARE(fixture_.storage().activity(testUser(1), now, LogId{}, 10)->size(), std::size_t{1});
    // A cursor alone concerns nobody else.
    MarkUpdate cursorOnly = markOf(3, 1, 0);
    cursorOnly.activity = {{testUser(4), testLog(1)}};
    QVERIFY(!calls_.mark(cursorOnly)->changed);
    QVERIFY(calls_.flush().ok());
    QVERIFY(fixture_.storage().activity(testUser(4), 0, LogId{}, 10)->empty());
}

void StorageConformance::aLowerStatementIsAClone()
{
    for (std::uint64_t n = 1; n <= 5; ++n)
        QVERIFY(calls_.send(testLog(1), 1, n).ok());
    MarkUpdate update = markOf(1, 4, 4);
    update.sendNo = SendNo{std::uint64_t{5}};
    QVERIFY(calls_.mark(update).ok());
    QVERIFY(calls_.flush().ok());
    fixture_.killAndReopen();

    MarkUpdate lowerSend = markOf(1, 5, 5);
    lowerSend.sendNo = SendNo{std::uint64_t{4}};
    auto refused = calls_.mark(lowerSend);
    QVERIFY(!refused.ok() && refused.error().is(StorageError::CloneSend));
    refused = calls_.mark(markOf(1, 3, 5));
    QVERIFY(!refused.ok() && refused.error().is(StorageError::CloneSend));
    QCOMPARE(text(*fixture_.storage().marks(testLog(1))), Bytes("1:4/0 ")); // Nothing of it counts.
    QVERIFY(calls_.mark(markOf(1, 0, 5)).ok());                             // 0 states nothing.
}

void StorageConformance::marksOfUnknownLogsAreRefused()
{
    const auto refused = calls_.mark(markOf(1, 1, 1));
    QVERIFY(!refused.ok() && refused.error().is(StorageError::NotFound));
}

void StorageConformance::trimTakesBodiesOfWholeHours()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    QVERIFY(calls_.send(testLog(1), 1, 2).ok());
    const auto hourEnd = wallFromMillis(static_cast<std::int64_t>(calls_.hour() + 1) * 3'600'000);
    fixture_.clock().advance(std::chrono::hours(2));
    QVERIFY(calls_.send(testLog(1), 1, 3).ok());
    fixture_.killAndReopen();

    QVERIFY(calls_.trimAll(hourEnd - Millis(1)) >= 1); // Not the whole hour is older.
    QCOMPARE(calls_.entries(testLog(1))[0].body, Bytes("body"));
    QCOMPARE(fixture_.storage().head(testLog(1))->floor, Seq{std::uint64_t{1}});

    QVERIFY(calls_.trimAll(hourEnd) >= 1);
    for (int round = 0; round < 2; ++round) {
        const auto entries = calls_.entries(testLog(1));
        QCOMPARE(entries.size(), std::size_t{3});
        QVERIFY(entries[0].body.empty() && entries[1].body.empty() && entries[2].body == "body");
        QVERIFY(entries[0].kind == EntryKind::Application && entries[0].senderDevice == testDevice(1));
        const auto head = *fixture_.storage().head(testLog(1));
        QCOMPARE(head.floor, Seq{std::uint64_t{3}});
        QCOMPARE(head.floorChain, entries[1].chain);
        QCOMPARE(head.head, Seq{std::uint64_t{3}});
        fixture_.killAndReopen();
    }
    // All of it, and the log goes on.
    fixture_.clock().advance(std::chrono::hours(2));
    QVERIFY(calls_.trimAll(fixture_.clock().wall()) >= 1);
    QCOMPARE(fixture_.storage().head(testLog(1))->floor, Seq{std::uint64_t{4}});
    QCOMPARE(calls_.send(testLog(1), 1, 4)->seq, Seq{std::uint64_t{4}});
}

void StorageConformance::trimIsBoundedAndSaysWhatWaits()
{
    for (int log = 1; log <= 10; ++log) {
        for (std::uint64_t n = 1; n <= 3; ++n)
            QVERIFY(calls_.send(testLog(log), 1, n).ok());
    }
    std::vector<NewEntry> many;
    for (std::uint64_t n = 1; n <= 700; ++n)
        many.push_back(messageEntry(1, n));
    QVERIFY(calls_.commit(appendTo(testLog(11), std::move(many))).ok());
    fixture_.clock().advance(std::chrono::hours(2));
    const auto waiting = calls_.trim(fixture_.clock().wall(), 4);
    QVERIFY(waiting.ok() && *waiting > 0);
    int trimmed = 0;
    for (int log = 1; log <= 11; ++log)
        trimmed += fixture_.storage().head(testLog(log))->floor.value() > 1 ? 1 : 0;
    QVERIFY(trimmed > 0 && trimmed <= 5);
    QVERIFY(calls_.trimAll(fixture_.clock().wall(), 4) < 100);
    for (int log = 1; log <= 10; ++log)
        QCOMPARE(fixture_.storage().head(testLog(log))->floor, Seq{std::uint64_t{4}});
    QCOMPARE(fixture_.storage().head(testLog(11))->floor, Seq{std::uint64_t{701}});
}

void StorageConformance::trimKeepsDedupe()
{
    const auto first = calls_.send(testLog(1), 1, 1);
    fixture_.clock().advance(std::chrono::hours(2));
    QVERIFY(calls_.trimAll(fixture_.clock().wall()) >= 1);
    const auto again = calls_.send(testLog(1), 1, 1);
    QVERIFY(again.ok() && again->repeated);
    QCOMPARE(again->seq, first->seq);
    QCOMPARE(again->id, first->id);
}

void StorageConformance::trimExpiresActivity()
{
    const std::uint64_t start = calls_.hour();
    for (int user = 1; user <= 40; ++user) {
        Transaction transaction = appendTo(testLog(1), {systemEntry("s")});
        transaction.appends[0].activity = {{testUser(user), testLog(1)}};
        QVERIFY(calls_.commit(transaction).ok());
    }
    fixture_.clock().advance(std::chrono::hours(2));
    Transaction young = appendTo(testLog(2), {systemEntry("s")});
    young.appends[0].activity = {{testUser(7), testLog(2)}};
    QVERIFY(calls_.commit(young).ok());
    QVERIFY(calls_.trimAll(fixture_.clock().wall()) >= 1);
    for (int user = 1; user <= 40; ++user) {
        const auto found = fixture_.storage().activity(testUser(user), start, LogId{}, 10);
        QCOMPARE(found->size(), std::size_t{user == 7 ? 1U : 0U});
    }
}

void StorageConformance::aNewGenerationCutsEveryLog()
{
    for (int log = 1; log <= 3; ++log) {
        for (std::uint64_t n = 1; n <= 3; ++n)
            QVERIFY(calls_.send(testLog(log), 1, n).ok());
    }
    const UserId user = testUser(1);
    Transaction reads;
    reads.bucket = bucketOf(user.view());
    reads.writes = {{{reads.bucket, Table::UserLog, user.bytes() + testLog(2).bytes()}, ""}};
    QVERIFY(calls_.commit(reads).ok());
    const Generation before = fixture_.storage().head(testLog(1))->generation;
    fixture_.killAndReopen();
    fixture_.clock().advance(std::chrono::hours(2));
    const std::uint64_t hour = calls_.hour();
    QVERIFY(fixture_.storage().startNewGeneration(cutBody).ok());
    const auto second = static_cast<std::uint64_t>(toMillis(fixture_.clock().wall()) / 1000);
    for (int log = 1; log <= 3; ++log) {
        const auto entries = calls_.entries(testLog(log));
        QCOMPARE(entries.size(), std::size_t{4});
        QVERIFY(entries[3].kind == EntryKind::System && entries[3].senderDevice.isNull());
        QCOMPARE(entries[3].body, cutBody(before, Seq{std::uint64_t{3}}));
        QVERIFY(entries[3].generation > before && entries[3].generation >= Generation{second});
        QVERIFY(entries[2].generation == before);
    }
    // A device learns of it like of any entry.
    QCOMPARE(fixture_.storage().activity(user, hour, LogId{}, 10)->size(), std::size_t{1});
    // Sends go on, and twice is not once.
    const Generation first = fixture_.storage().head(testLog(1))->generation;
    QCOMPARE(calls_.send(testLog(1), 1, 4)->generation, first);
    QVERIFY(calls_.send(testLog(1), 1, 3)->repeated);
    QVERIFY(fixture_.storage().startNewGeneration(cutBody).ok());
    QVERIFY(fixture_.storage().head(testLog(1))->generation > first);
    fixture_.killAndReopen();
    QCOMPARE(calls_.send(testLog(1), 1, 5)->seq, Seq{std::uint64_t{7}});
}

void StorageConformance::aNewGenerationWithdrawsOneTimeKeys()
{
    for (int user = 1; user <= 3; ++user) {
        const Bucket bucket = bucketOf(testUser(user).view());
        Transaction keys;
        keys.bucket = bucket;
        for (std::uint64_t id = 1; id <= 5; ++id) {
            Bytes key = testUser(user).bytes() + Bytes(16, 'd');
            appendBigEndian32(key, static_cast<std::uint32_t>(id));
            keys.writes.push_back({{bucket, Table::OneTimePreKey, key}, "key"});
        }
        keys.writes.push_back({{bucket, Table::SignedPreKey, testUser(user).bytes() + Bytes(16, 'd')}, "signed"});
        QVERIFY(calls_.commit(keys).ok());
    }
    fixture_.killAndReopen();
    QVERIFY(fixture_.storage().startNewGeneration(cutBody).ok());
    for (int user = 1; user <= 3; ++user) {
        const Bucket bucket = bucketOf(testUser(user).view());
        QVERIFY(fixture_.storage().scan(bucket, Table::OneTimePreKey, {}, {}, 10)->empty());
        QCOMPARE(fixture_.storage().scan(bucket, Table::SignedPreKey, {}, {}, 10)->size(), std::size_t{1});
    }
}

void StorageConformance::aLogAfterARestoreNeverRepeatsNumbers()
{
    // The log may have existed after the copy was made that was restored: its (1, 1) must not come again.
    QVERIFY(fixture_.storage().startNewGeneration(cutBody).ok());
    const auto second = static_cast<std::uint64_t>(toMillis(fixture_.clock().wall()) / 1000);
    QVERIFY(calls_.send(testLog(1), 1, 1)->generation >= Generation{second});
    fixture_.killAndReopen();
    QVERIFY(calls_.send(testLog(2), 1, 1)->generation >= Generation{second});
}

void StorageConformance::whatWasAcknowledgedSurvivesAKill()
{
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 5; ++round) {
        std::vector<Awaited<Result<Committed>>> waiting(20);
        for (std::size_t i = 0; i < waiting.size(); ++i)
            fixture_.storage().submit(appendTo(testLog(1), {messageEntry(1, acknowledged + i + 1)}), waiting[i].done());
        for (auto& awaited : waiting)
            acknowledged += calls_.await(awaited.future()).ok() ? 1 : 0;
        fixture_.killAndReopen();
        QCOMPARE(calls_.entries(testLog(1)).size(), static_cast<std::size_t>(acknowledged));
    }
    QCOMPARE(acknowledged, std::uint64_t{100});
}

void StorageConformance::aFailedWriteStopsTheWriter_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("fsync fails") << static_cast<int>(StorageError::Stopped);
    QTest::newRow("disk is full") << static_cast<int>(StorageError::Full);
}

void StorageConformance::aFailedWriteStopsTheWriter()
{
    QFETCH(int, how);
    const auto failure = static_cast<StorageError>(how);
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    QVERIFY(!fixture_.hasStopped());
    const Awaited<Result<MarkResult>> applied;
    const Awaited<Result<void>> durable;
    fixture_.storage().submitMark(markOf(2, 1, 1), applied.done(), durable.done());
    QVERIFY(calls_.await(applied.future()).ok());
    fixture_.failNextWrite(failure);

    const auto failed = calls_.send(testLog(1), 1, 2);
    QVERIFY(!failed.ok());
    QVERIFY2(failed.error().is(failure), failed.error().describe().c_str());
    QVERIFY(!calls_.await(durable.future()).ok());
    // Later ones too, though the disk would take them: the same file is never tried again.
    const auto later = calls_.send(testLog(2), 1, 1);
    QVERIFY(!later.ok() && later.error().is(StorageError::Stopped));
    const auto mark = calls_.mark(markOf(3, 1, 1));
    QVERIFY(!mark.ok() && mark.error().is(StorageError::Stopped));
    QVERIFY(!calls_.flush().ok());
    QVERIFY(!calls_.trim(fixture_.clock().wall(), 10).ok());
    QVERIFY(fixture_.hasStopped());
    // Reads go on, and nobody sees what failed.
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{1});
    QVERIFY(fixture_.storage().head(testLog(2)).error().is(StorageError::NotFound));

    fixture_.killAndReopen();
    const auto again = calls_.send(testLog(1), 1, 2); // Whether it reached the disk or not, it is there once.
    QVERIFY(again.ok());
    QCOMPARE(again->seq, Seq{std::uint64_t{2}});
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{2});
}

void StorageConformance::aNewerStoreIsRefusedInWords()
{
    const RecordKey key{Bucket{}, Table::Setting, "store.format"};
    QCOMPARE((*fixture_.storage().get(key))->value, Bytes("1"));
    Transaction transaction;
    transaction.writes = {{key, "2"}};
    QVERIFY(calls_.commit(transaction).ok());
    const auto opened = fixture_.reopenAsNewer();
    QVERIFY(!opened.ok() && opened.error().is(StorageError::TooNew));
    QVERIFY(opened.error().detail.find("newer") != std::string::npos);
}

void StorageConformance::manySubmittersShareTheWriter()
{
    constexpr int threads = 4;
    constexpr std::uint64_t each = 200;
    std::vector<std::vector<std::future<Result<Committed>>>> results(threads);
    const auto submitAll = [&](int thread) {
        for (std::uint64_t n = 1; n <= each; ++n) {
            const Awaited<Result<Committed>> awaited;
            results[static_cast<std::size_t>(thread)].push_back(awaited.future());
            fixture_.storage().submit(appendTo(testLog(1), {messageEntry(thread, n)}), awaited.done());
        }
    };
    if (fixture_.isThreaded()) {
        std::vector<std::thread> submitters;
        for (int thread = 0; thread < threads; ++thread)
            submitters.emplace_back(submitAll, thread);
        for (std::thread& submitter : submitters)
            submitter.join();
    } else {
        for (int thread = 0; thread < threads; ++thread)
            submitAll(thread);
    }
    std::vector<int> taken(threads * each + 1);
    for (auto& ofThread : results) {
        Seq last;
        for (auto& result : ofThread) {
            const auto committed = calls_.await(std::move(result));
            QVERIFY2(committed.ok(), committed.ok() ? "" : committed.error().describe().c_str());
            const Seq seq = committed->accepted[0][0].seq;
            QVERIFY(seq > last); // One submitter's order is the log's.
            last = seq;
            ++taken.at(seq.value());
        }
    }
    QVERIFY(std::all_of(taken.begin() + 1, taken.end(), [](int count) { return count == 1; }));
}

} // namespace kith::test
