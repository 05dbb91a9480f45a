#include "tests/conformance/StorageConformance.h"

#include "core/crypto/Hash.h"
#include "core/crypto/LogChain.h"

#include <QTest>

// Records, logs and deduplication; StorageConformanceLife.cpp has marks, trim, generations and ends.

namespace kith::test
{

using namespace server;

namespace
{

RecordKey inviteKey(ByteView name)
{
    return {Bucket{std::uint16_t{7}}, Table::Invite, Bytes(name)};
}

Transaction writing(std::vector<Write> writes, std::vector<Expect> expects = {})
{
    Transaction transaction;
    transaction.bucket = Bucket{std::uint16_t{7}};
    transaction.writes = std::move(writes);
    transaction.expects = std::move(expects);
    return transaction;
}

} // namespace

void StorageConformance::recordsComeBackWithRisingVersions()
{
    const RecordKey key = inviteKey("a");
    QVERIFY(!*fixture_.storage().get(key));
    QVERIFY(calls_.commit(writing({{key, "one"}})).ok());
    const auto first = *fixture_.storage().get(key);
    QVERIFY(first && first->value == "one" && first->key == "a" && first->version > 0);
    QVERIFY(calls_.commit(writing({{key, ""}})).ok());
    const auto second = *fixture_.storage().get(key);
    QVERIFY(second && second->value.empty() && second->version > first->version);
}

void StorageConformance::deletedRecordsAreGoneAndTheirVersionNeverReturns()
{
    const RecordKey key = inviteKey("a");
    QVERIFY(calls_.commit(writing({{key, "one"}})).ok());
    const auto before = (*fixture_.storage().get(key))->version;
    QVERIFY(calls_.commit(writing({{key, std::nullopt}})).ok());
    QVERIFY(!*fixture_.storage().get(key));
    fixture_.killAndReopen();
    QVERIFY(calls_.commit(writing({{key, "one"}})).ok());
    QVERIFY((*fixture_.storage().get(key))->version > before);
}

void StorageConformance::scanIsOrderedBoundedAndPaged()
{
    std::vector<Write> writes;
    for (const char* name : {"b2", "a", "b", "b1", "c", "b\xff\xff"})
        writes.push_back({inviteKey(name), Bytes(name)});
    writes.push_back({{Bucket{std::uint16_t{7}}, Table::Block, "b0"}, "another table"});
    QVERIFY(calls_.commit(writing(std::move(writes))).ok());
    const auto names = [this](ByteView prefix, ByteView after, std::size_t limit) {
        Bytes joined;
        const auto records = fixture_.storage().scan(Bucket{std::uint16_t{7}}, Table::Invite, prefix, after, limit);
        for (const Record& record : records.value())
            joined.append(record.key == record.value ? record.key : "?").append(" ");
        return joined;
    };
    QCOMPARE(names("", "", 100), Bytes("a b b1 b2 b\xff\xff c "));
    QCOMPARE(names("b", "", 100), Bytes("b b1 b2 b\xff\xff "));
    QCOMPARE(names("b", "", 2), Bytes("b b1 "));
    QCOMPARE(names("b", "b1", 2), Bytes("b2 b\xff\xff "));
    QCOMPARE(names("b", "b\xff\xff", 2), Bytes(""));
    QCOMPARE(names("b", "a", 2), Bytes("b b1 "));
}

void StorageConformance::expectationsHoldOrNothingIsWritten()
{
    const RecordKey key = inviteKey("a");
    QVERIFY(calls_.commit(writing({{key, "one"}}, {{key, 0}})).ok());
    const auto version = (*fixture_.storage().get(key))->version;

    // It exists now, so "must not exist" fails, and with it the write beside it.
    const auto refused = calls_.commit(writing({{inviteKey("b"), "two"}}, {{key, 0}}));
    QVERIFY(!refused.ok() && refused.error().is(StorageError::Conflict));
    QVERIFY(!*fixture_.storage().get(inviteKey("b")));

    QVERIFY(calls_.commit(writing({{key, "two"}}, {{key, version}})).ok());
    const auto stale = calls_.commit(writing({{key, "three"}}, {{key, version}}));
    QVERIFY(!stale.ok() && stale.error().is(StorageError::Conflict));
    QCOMPARE((*fixture_.storage().get(key))->value, Bytes("two"));

    // Versions are also known after a restart, when no cache holds them.
    fixture_.killAndReopen();
    const auto later = (*fixture_.storage().get(key))->version;
    QVERIFY(calls_.commit(writing({{key, "three"}}, {{key, later}})).ok());
}

void StorageConformance::expectationsSeeTheSameGroup()
{
    // Two one-time keys handed out at the same moment: only one may win.
    const RecordKey key = inviteKey("a");
    QVERIFY(calls_.commit(writing({{key, "one"}})).ok());
    const auto version = (*fixture_.storage().get(key))->version;
    const Awaited<Result<Committed>> first;
    const Awaited<Result<Committed>> second;
    fixture_.storage().submit(writing({{key, std::nullopt}}, {{key, version}}), first.done());
    fixture_.storage().submit(writing({{key, std::nullopt}}, {{key, version}}), second.done());
    const auto one = calls_.await(first.future());
    const auto two = calls_.await(second.future());
    QVERIFY(one.ok());
    QVERIFY(!two.ok() && two.error().is(StorageError::Conflict));
}

void StorageConformance::twoBucketsInOneTransactionAreRefused()
{
    const auto wrong = [this](const Transaction& transaction) {
        const auto result = calls_.commit(transaction);
        return !result.ok() && result.error().is(StorageError::WrongBucket);
    };
    const Bucket other{std::uint16_t{8}};
    QVERIFY(wrong(writing({{{other, Table::Invite, "a"}, "one"}})));
    QVERIFY(wrong(writing({}, {{{other, Table::Invite, "a"}, 0}})));
    Transaction append = appendTo(testLog(1), {systemEntry("x")});
    append.bucket = Bucket{static_cast<std::uint16_t>((append.bucket.value() + 1) % bucketCount)};
    QVERIFY(wrong(append));
}

void StorageConformance::entriesAreNumberedWithoutHoles()
{
    for (std::uint64_t n = 1; n <= 300; ++n) {
        const auto accepted = calls_.send(testLog(1), 1, n);
        QVERIFY(accepted.ok());
        QCOMPARE(accepted->seq, Seq{n});
        if (n % 100 == 0)
            fixture_.killAndReopen();
        if (n % 7 == 0) { // What is refused takes no number.
            const auto gap = calls_.send(testLog(1), 1, n + 2);
            QVERIFY(!gap.ok());
        }
    }
    QCOMPARE(calls_.send(testLog(2), 1, 1)->seq, Seq{std::uint64_t{1}});
    const auto entries = calls_.entries(testLog(1));
    QCOMPARE(entries.size(), std::size_t{300});
    for (std::size_t i = 0; i < entries.size(); ++i)
        QCOMPARE(entries[i].seq.value(), i + 1);
}

void StorageConformance::everyFieldOfAnEntryIsStored()
{
    NewEntry entry = messageEntry(3, 1, Bytes("\0body", 5));
    entry.envelopes = {{testDevice(1), "sealed for one"}, {testDevice(2), ""}};
    entry.frankingTag = "tag";
    entry.epoch = 1ULL << 60U;
    entry.expiryClass = 7;
    entry.blobIds = {"blob a", "blob b"};
    entry.homeTerm = 9;
    entry.wake = true;
    const auto committed = calls_.commit(appendTo(testLog(1), {entry}));
    QVERIFY(committed.ok());
    const Accepted accepted = committed->accepted[0][0];
    QVERIFY(!accepted.repeated && !accepted.acceptedEarlier);
    fixture_.killAndReopen();
    const auto entries = calls_.entries(testLog(1));
    QCOMPARE(entries.size(), std::size_t{1});
    const Entry& stored = entries[0];
    QVERIFY(stored.kind == entry.kind && stored.senderUser == entry.senderUser);
    QVERIFY(stored.senderDevice == entry.senderDevice && stored.clientMsgId == entry.clientMsgId);
    QVERIFY(stored.sendNo == entry.sendNo && stored.body == entry.body && stored.commitment == entry.commitment);
    QCOMPARE(stored.envelopes.size(), std::size_t{2});
    QVERIFY(stored.envelopes[0].device == testDevice(1) && stored.envelopes[0].sealed == "sealed for one");
    QVERIFY(stored.frankingTag == "tag" && stored.epoch == entry.epoch && stored.expiryClass == 7);
    QVERIFY(stored.blobIds == entry.blobIds && stored.homeTerm == 9 && stored.wake);
    QVERIFY(stored.log == testLog(1) && stored.generation == accepted.generation && stored.seq == accepted.seq);
    QVERIFY(stored.id == accepted.id && stored.time == accepted.time && stored.chain == accepted.chain);
    QCOMPARE(stored.bodyHash, sha256(entry.body).bytes());
}

/// Recomputes the chain from what a device sees (P4); empty where it holds.
static QByteArray chainFault(const std::vector<Entry>& entries)
{
    Sha256Digest chain = chainStart();
    for (const Entry& entry : entries) {
        const auto kind = entry.kind == EntryKind::Tombstone ? EntryKind::Application : entry.kind;
        chain = nextChain(
            chain, rowHash({entry.log, entry.generation, entry.seq, entry.senderDevice, static_cast<std::uint8_t>(kind),
                            entry.clientMsgId, *Sha256Digest::fromBytes(entry.bodyHash), entry.commitment}));
        if (chain.bytes() != entry.chain)
            return "differs at " + QByteArray::number(static_cast<qulonglong>(entry.seq.value()));
    }
    return {};
}

void StorageConformance::theChainRecomputes()
{
    std::uint64_t numbers[3] = {};
    for (int i = 0; i < 60; ++i) {
        const int device = i % 3;
        QVERIFY(calls_.send(testLog(1), device, ++numbers[device], Bytes(i, 'x')).ok());
        if (i % 20 == 19)
            fixture_.killAndReopen();
        QVERIFY(calls_.commit(appendTo(testLog(1), {systemEntry("s")})).ok());
    }
    Transaction drop = appendTo(testLog(1), {messageEntry(0, ++numbers[0])});
    drop.appends[0].drops = {Seq{std::uint64_t{1}}, Seq{std::uint64_t{3}}};
    QVERIFY(calls_.commit(drop).ok());
    const auto entries = calls_.entries(testLog(1));
    QCOMPARE(entries.size(), std::size_t{121});
    QCOMPARE(chainFault(entries), QByteArray());
    QCOMPARE(fixture_.storage().head(testLog(1))->chain, entries.back().chain);

    fixture_.clock().advance(std::chrono::hours(2));
    QVERIFY(calls_.trimAll(fixture_.clock().wall()) >= 1);
    QCOMPARE(chainFault(calls_.entries(testLog(1))), QByteArray());
}

void StorageConformance::rowTimeNeverFalls()
{
    const auto first = calls_.send(testLog(1), 1, 1);
    QCOMPARE(first->time, fixture_.clock().wall());
    fixture_.clock().jumpWall(-std::chrono::hours(30));
    const auto second = calls_.send(testLog(1), 1, 2);
    QCOMPARE(second->time, first->time);
    fixture_.killAndReopen();
    QCOMPARE(calls_.send(testLog(1), 1, 3)->time, first->time);
    QCOMPARE(calls_.send(testLog(2), 1, 1)->time, fixture_.clock().wall());
    fixture_.clock().jumpWall(std::chrono::hours(31));
    QVERIFY(calls_.send(testLog(1), 1, 4)->time > first->time);
    QCOMPARE(fixture_.storage().head(testLog(1))->time, fixture_.clock().wall());
}

void StorageConformance::entryIdsSortByTime()
{
    const auto first = calls_.send(testLog(1), 1, 1);
    fixture_.clock().advance(Millis(1));
    const auto second = calls_.send(testLog(2), 1, 1);
    const auto third = calls_.send(testLog(3), 1, 1);
    QVERIFY(first->id < second->id);
    QVERIFY(second->id != third->id);
    const Bytes ms = Bytes(2, '\0') + first->id.bytes().substr(0, 6);
    QCOMPARE(static_cast<std::int64_t>(readBigEndian(ms)), toMillis(first->time));
}

void StorageConformance::pagesEndAtTheirLimits()
{
    for (std::uint64_t n = 1; n <= 10; ++n)
        QVERIFY(calls_.send(testLog(1), 1, n, Bytes(1000, 'x')).ok());
    const auto page = [this](std::uint64_t after, std::size_t entries, std::size_t bytes) {
        const auto read = fixture_.storage().read(testLog(1), Seq{after}, entries, bytes);
        Bytes seqs;
        for (const Entry& entry : read->entries)
            seqs.append(std::to_string(entry.seq.value())).append(" ");
        return seqs;
    };
    QCOMPARE(page(0, 3, 1 << 20), Bytes("1 2 3 "));
    QCOMPARE(page(8, 3, 1 << 20), Bytes("9 10 "));
    QCOMPARE(page(10, 3, 1 << 20), Bytes());
    QCOMPARE(page(99, 3, 1 << 20), Bytes());
    QCOMPARE(page(0, 9, 2500), Bytes("1 2 "));
    QCOMPARE(page(4, 9, 1), Bytes("5 ")); // A single one always fits.
    QCOMPARE(page(4, 0, 1 << 20), Bytes());
    QCOMPARE(fixture_.storage().read(testLog(1), Seq{std::uint64_t{10}}, 9, 9)->head.head, Seq{std::uint64_t{10}});
}

void StorageConformance::unknownLogsAreNotFound()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    QVERIFY(fixture_.storage().head(testLog(2)).error().is(StorageError::NotFound));
    QVERIFY(fixture_.storage().read(testLog(2), Seq{}, 10, 1000).error().is(StorageError::NotFound));
    QCOMPARE(*fixture_.storage().nextSendNo(testLog(2), testDevice(1)), SendNo{std::uint64_t{1}});
    QCOMPARE(*fixture_.storage().cursor(testLog(2), testUser(1), testDevice(1)), Seq{});
}

void StorageConformance::generationIsCompared()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    const Generation now = fixture_.storage().head(testLog(1))->generation;
    Transaction transaction = appendTo(testLog(1), {messageEntry(1, 2)});
    transaction.appends[0].generation = now.next();
    const auto refused = calls_.commit(transaction);
    QVERIFY(!refused.ok() && refused.error().is(StorageError::Generation));
    QCOMPARE(refused.error().payload, std::to_string(now.value()));
    transaction.appends[0].generation = now;
    QVERIFY(calls_.commit(transaction).ok());
}

void StorageConformance::epochIsCompareAndSet()
{
    // Two commits race for epoch 0: the first wins, the loser catches up and tries again in epoch 1.
    const auto commitEntry = [](int device, std::uint64_t number) {
        NewEntry entry = messageEntry(device, number);
        entry.kind = EntryKind::Commit;
        return entry;
    };
    Transaction winner = appendTo(testLog(1), {commitEntry(1, 1)});
    winner.appends[0].epoch = 0;
    Transaction loser = appendTo(testLog(1), {commitEntry(2, 1)});
    loser.appends[0].epoch = 0;
    QVERIFY(calls_.commit(winner).ok());
    const auto lost = calls_.commit(loser);
    QVERIFY(!lost.ok() && lost.error().is(StorageError::Conflict));
    fixture_.killAndReopen();
    loser.appends[0].epoch = 1;
    QVERIFY(calls_.commit(loser).ok());
}

void StorageConformance::dropsLeaveTombstones()
{
    NewEntry entry = messageEntry(1, 1, "to be forgotten");
    entry.envelopes = {{testDevice(2), "sealed"}};
    entry.frankingTag = "tag";
    entry.blobIds = {"blob"};
    QVERIFY(calls_.commit(appendTo(testLog(1), {entry, messageEntry(1, 2, "stays")})).ok());
    Transaction drop = appendTo(testLog(1), {messageEntry(1, 3, "deletion")});
    drop.appends[0].drops = {Seq{std::uint64_t{1}}};
    QVERIFY(calls_.commit(drop).ok());
    fixture_.killAndReopen();
    const auto entries = calls_.entries(testLog(1));
    QCOMPARE(entries.size(), std::size_t{3});
    const Entry& dropped = entries[0];
    QVERIFY(dropped.kind == EntryKind::Tombstone);
    QVERIFY(dropped.body.empty() && dropped.envelopes.empty() && dropped.blobIds.empty());
    QVERIFY(dropped.frankingTag.empty());
    QVERIFY(dropped.senderDevice == testDevice(1) && dropped.clientMsgId == entry.clientMsgId);
    QVERIFY(dropped.commitment == entry.commitment && dropped.bodyHash == sha256(entry.body).bytes());
    QCOMPARE(entries[1].body, Bytes("stays"));
    // Once more changes nothing.
    Transaction again = appendTo(testLog(1), {});
    again.appends[0].drops = {Seq{std::uint64_t{1}}};
    QVERIFY(calls_.commit(again).ok());
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{3});
}

void StorageConformance::dropsOfWhatIsNotThereAreRefused()
{
    QVERIFY(calls_.commit(appendTo(testLog(1), {messageEntry(1, 1), systemEntry("s")})).ok());
    for (const std::uint64_t seq : {0, 2, 3, 99}) { // None, the server's, its own, beyond.
        Transaction drop = appendTo(testLog(1), {messageEntry(1, 2, "deletion")});
        drop.appends[0].drops = {Seq{seq}};
        const auto refused = calls_.commit(drop);
        QVERIFY(!refused.ok() && refused.error().is(StorageError::NotFound));
    }
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{2});
}

void StorageConformance::aRepeatedSendReturnsTheFirstResult()
{
    const auto first = calls_.send(testLog(1), 1, 1, "one");
    QVERIFY(calls_.send(testLog(1), 2, 1).ok());
    const auto same = [&](const Result<Accepted>& again) {
        return again.ok() && again->repeated && !again->acceptedEarlier && again->seq == first->seq &&
               again->id == first->id && again->time == first->time && again->generation == first->generation &&
               again->chain == first->chain;
    };
    fixture_.clock().advance(std::chrono::minutes(5));
    QVERIFY(same(calls_.send(testLog(1), 1, 1, "one")));
    fixture_.killAndReopen();
    QVERIFY(same(calls_.send(testLog(1), 1, 1, "one")));
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{2});

    // Twice in one group: the second waits for the same fsync and gets the first's result.
    const Awaited<Result<Committed>> one;
    const Awaited<Result<Committed>> two;
    fixture_.storage().submit(appendTo(testLog(1), {messageEntry(1, 2)}), one.done());
    fixture_.storage().submit(appendTo(testLog(1), {messageEntry(1, 2)}), two.done());
    const auto a = calls_.await(one.future());
    const auto b = calls_.await(two.future());
    QVERIFY(a.ok() && b.ok() && !a->repeated && b->repeated);
    QCOMPARE(a->accepted[0][0].seq, b->accepted[0][0].seq);
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{3});
    QCOMPARE(*fixture_.storage().nextSendNo(testLog(1), testDevice(1)), SendNo{std::uint64_t{3}});
}

void StorageConformance::repeatsAreAnsweredBeforeExpectations()
{
    const RecordKey key{bucketOf(testLog(1).view()), Table::Conversation, testLog(1).bytes()};
    Transaction transaction = appendTo(testLog(1), {messageEntry(1, 1)});
    transaction.expects = {{key, 0}};
    transaction.writes = {{key, "members"}};
    const auto first = calls_.commit(transaction);
    QVERIFY(first.ok());
    const auto version = (*fixture_.storage().get(key))->version;
    const auto again = calls_.commit(transaction); // The expectation does not hold any more.
    QVERIFY(again.ok() && again->repeated);
    QCOMPARE(again->accepted[0][0].seq, first->accepted[0][0].seq);
    QCOMPARE((*fixture_.storage().get(key))->version, version);
}

void StorageConformance::theWindowHoldsExactlySixtyFour()
{
    for (std::uint64_t n = 1; n <= 100; ++n)
        QVERIFY(calls_.send(testLog(1), 1, n).ok());
    for (int round = 0; round < 2; ++round) {
        const auto oldest = calls_.send(testLog(1), 1, 37);
        QVERIFY(oldest.ok() && oldest->repeated && !oldest->acceptedEarlier);
        QCOMPARE(oldest->seq, Seq{std::uint64_t{37}});
        const auto below = calls_.send(testLog(1), 1, 36);
        QVERIFY(below.ok() && below->acceptedEarlier);
        QVERIFY(below->seq == Seq{} && below->id.isNull());
        QCOMPARE(calls_.send(testLog(1), 1, 100)->seq, Seq{std::uint64_t{100}});
        fixture_.killAndReopen();
    }
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{100});
    // Another device of the log, and the same device in another log, have windows of their own.
    QVERIFY(!calls_.send(testLog(1), 2, 1)->repeated);
    QVERIFY(!calls_.send(testLog(2), 1, 1)->repeated);
}

void StorageConformance::aGapNamesTheExpectedNumber()
{
    const auto gap = [this](std::uint64_t number) {
        const auto refused = calls_.send(testLog(1), 1, number);
        return refused.ok() || !refused.error().is(StorageError::SendGap) ? Bytes("?") : refused.error().payload;
    };
    QCOMPARE(gap(2), Bytes("1"));
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    QCOMPARE(gap(3), Bytes("2"));
    fixture_.killAndReopen();
    QCOMPARE(gap(~0ULL), Bytes("2"));
    QVERIFY(calls_.send(testLog(1), 1, 2).ok()); // Only acceptances are remembered.
}

void StorageConformance::aSecondMessageUnderOneNumberIsAClone()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    NewEntry other = messageEntry(1, 1);
    other.clientMsgId = testId<ClientMsgId>('z', 9);
    const auto refused = calls_.commit(appendTo(testLog(1), {other}));
    QVERIFY(!refused.ok() && refused.error().is(StorageError::CloneSend));
}

void StorageConformance::serverEntriesAreNotDeduplicated()
{
    QVERIFY(calls_.commit(appendTo(testLog(1), {systemEntry("same")})).ok());
    const auto second = calls_.commit(appendTo(testLog(1), {systemEntry("same")}));
    QVERIFY(second.ok() && !second->repeated);
    QCOMPARE(second->accepted[0][0].seq, Seq{std::uint64_t{2}});
}

void StorageConformance::severalSendsOfOneTransaction()
{
    const auto transaction =
        appendTo(testLog(1), {messageEntry(1, 1), messageEntry(2, 1), messageEntry(1, 2), systemEntry("s")});
    const auto first = calls_.commit(transaction);
    QVERIFY(first.ok());
    for (std::size_t i = 0; i < 4; ++i)
        QCOMPARE(first->accepted[0][i].seq.value(), i + 1);
    const auto again = calls_.commit(transaction);
    QVERIFY(again.ok() && again->repeated);
    for (std::size_t i = 0; i < 3; ++i)
        QCOMPARE(again->accepted[0][i].seq.value(), i + 1);
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{4});
}

void StorageConformance::repeatedAndNewSendsDoNotMix()
{
    QVERIFY(calls_.send(testLog(1), 1, 1).ok());
    for (const auto& mixed : {appendTo(testLog(1), {messageEntry(1, 1), messageEntry(1, 2)}),
                              appendTo(testLog(1), {messageEntry(1, 2), messageEntry(1, 1)})}) {
        const auto refused = calls_.commit(mixed);
        QVERIFY(!refused.ok() && refused.error().is(StorageError::Conflict));
    }
    QCOMPARE(calls_.entries(testLog(1)).size(), std::size_t{1}); // Nothing of a refused one was written.
}

} // namespace kith::test
