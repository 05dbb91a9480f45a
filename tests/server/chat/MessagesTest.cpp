#include "core/crypto/Hash.h"
#include "server/chat/records/Records.h"
#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Sending: form, membership, device lists, repeats, deletions, resends, and what gateways are told when.
class MessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAcceptedMessageReachesBoth();
    void theHintComesAfterTheCommit();
    void hintsCarrySmallRowsOnly();
    void wrongFormsAreRefused_data();
    void wrongFormsAreRefused();
    void strangersAndAccountLogsAreRefused();
    void aStaleListIsToldInOneRoundTrip();
    void everyListSinceTheNamedOneIsTold();
    void anEnvelopeTooFewIsAStaleList();
    void aListNewerThanTheCopyRefreshesIt();
    void afterThreeConflictsARecentListPasses();
    void anOldListNeverPasses();
    void aRevokedDeviceGetsNoEnvelope();
    void aRepeatIsAnsweredWhateverChanged();
    void gapsAndClonesAreTold();
    void anotherGenerationIsTold();
    void aMembershipThatChangesUnderASendIsSeen();
    void aMembershipChangedElsewhereIsSeen();
    void deletingLeavesATombstone();
    void onlyOnesOwnIsDeleted();
    void aResendReachesOneDevice();
    void resendsHaveLimits();
    void aWrongResendIsRefused();
    void sendsAreLimited();
};

void MessagesTest::anAcceptedMessageReachesBoth()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto sent = world.send(ana, bob, log, "hello");
    QVERIFY(sent.ok() && sent->missedDevices.empty());
    const auto page = world.page(bob, log);
    const Entry& entry = page->entries.back();
    QCOMPARE(entry.body, Bytes("hello"));
    QVERIFY(entry.seq == sent->accepted.seq && entry.chain == sent->accepted.chain);
    QVERIFY(entry.senderUser == ana.user && entry.senderDevice == ana.devices[0].id);
    QCOMPARE(entry.envelopes.size(), std::size_t{1});
    QVERIFY(world.page(ana, log)->entries.back().envelopes.empty());
    const auto hour = static_cast<std::uint64_t>(toMillis(world.clock.wall()) / 3'600'000);
    for (const TestPerson* person : {&ana, &bob})
        QVERIFY(!world.storage().activity(person->user, hour, {}, 10)->empty());
}

void MessagesTest::theHintComesAfterTheCommit()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.connect(bob);
    (void)world.told<Hint>();
    world.chat().messages.send(world.caller(ana), world.message(ana, bob, log, "x"), [](const Result<Sent>&) {});
    world.crashAfter(0);
    QVERIFY2(world.told<Hint>().empty(), "what was never durable was never announced");
    world.restart();
    ana.devices[0].sent.clear();
    QVERIFY(world.send(ana, bob, log, "x").ok());
    const auto hints = world.told<Hint>();
    QCOMPARE(hints.size(), std::size_t{1});
    const Hint& hint = hints[0].event;
    QVERIFY(hint.log == log && hint.from == hint.to);
    QVERIFY(world.storage().head(log)->head == hint.to);
    QCOMPARE(hints[0].users.size(), std::size_t{2});
}

void MessagesTest::hintsCarrySmallRowsOnly()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.connect(bob);
    (void)world.told<Hint>();
    QVERIFY(world.send(ana, bob, log, "small").ok());
    const auto small = world.told<Hint>();
    QCOMPARE(small[0].event.rows.size(), std::size_t{1});
    const Entry stored = world.page(bob, log)->entries.back();
    const Entry carried = LogReader::forDevice(small[0].event.rows[0], bob.devices[0].id);
    QVERIFY(carried.body == stored.body && carried.chain == stored.chain && carried.bodyHash == stored.bodyHash);
    QVERIFY(carried.time == stored.time && carried.id == stored.id && carried.envelopes.size() == 1);
    QVERIFY(world.send(ana, bob, log, Bytes(9000, 'x')).ok());
    const auto large = world.told<Hint>();
    QVERIFY(large[0].event.rows.empty() && large[0].event.to == small[0].event.to.next());
}

void MessagesTest::wrongFormsAreRefused_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<int>("code");
    const int invalid = static_cast<int>(ChatError::Invalid);
    const int large = static_cast<int>(ChatError::TooLarge);
    const int codes[] = {large, invalid, invalid, invalid, invalid, large,   large,
                         large, invalid, large,   invalid, invalid, invalid, invalid};
    for (int what = 0; what < 14; ++what)
        QTest::addRow("%d", what) << what << codes[what];
}

void MessagesTest::wrongFormsAreRefused()
{
    QFETCH(int, what);
    QFETCH(int, code);
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    SendMessage message = world.message(ana, bob, log, "x");
    switch (what) {
    case 0:
        message.body.resize(world.config.limits.body + 1, 'x');
        break;
    case 1:
        message.body.clear();
        break;
    case 2:
        message.commitment.resize(31);
        break;
    case 3:
        message.clientMsgId = {};
        break;
    case 4:
        message.sendNo = {};
        break;
    case 5:
        message.envelopes[0].sealed.resize(513);
        break;
    case 6:
        message.envelopes[0].sealed.clear();
        break;
    case 7:
        message.envelopes.resize(21, message.envelopes[0]);
        break;
    case 8:
        message.envelopes.push_back(message.envelopes[0]);
        break;
    case 9:
        message.drops.resize(65, Seq{std::uint64_t{1}});
        break;
    case 10:
        message.kind = EntryKind::System;
        break;
    case 11:
        message.kind = EntryKind::Tombstone;
        break;
    case 12:
        message.kind = EntryKind::Commit;
        break;
    case 13:
        message.kind = static_cast<EntryKind>(77);
        break;
    }
    const auto refused = world.send(ana, message);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, code);
    ana.devices[0].sent.clear();
    QVERIFY(world.send(ana, bob, log, Bytes(world.config.limits.body, 'x')).ok());
}

void MessagesTest::strangersAndAccountLogsAreRefused()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    TestPerson eve = world.person("eve");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(eve, bob, log, "x").error().is(ChatError::NotFound));
    QVERIFY(world.page(eve, log).error().is(ChatError::NotFound));
    QVERIFY(world.send(ana, ana, *LogId::fromBytes(ana.user.view()), "x").error().is(ChatError::Denied));
    QVERIFY(world.send(ana, bob, world.random.id<LogId>(), "x").error().is(ChatError::NotFound));
}

void MessagesTest::aStaleListIsToldInOneRoundTrip()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    SendMessage message = world.message(ana, bob, log, "x");
    QVERIFY(world.link(bob).ok());
    const auto refused = world.send(ana, message);
    const auto conflict = conflictOf(refused.error());
    QVERIFY(conflict.has_value());
    const auto& lists = std::get<StaleDeviceLists>(*conflict).manifests;
    QCOMPARE(lists.size(), std::size_t{1});
    QVERIFY(lists[0] == static_cast<const SignedManifest&>(bob.manifest));
    message.deviceLists[1].version = 2;
    message.envelopes.push_back({bob.devices[1].id, "new"});
    QVERIFY(world.send(ana, message).ok());
}

/// Each list is checked against the one before it: a sender that missed several needs all of them.
void MessagesTest::everyListSinceTheNamedOneIsTold()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    SendMessage message = world.message(ana, bob, log, "x");
    QVERIFY(world.link(bob).ok());
    const SignedManifest second = bob.manifest;
    QVERIFY(world.link(bob).ok());
    const SignedManifest third = bob.manifest;
    const auto told = [&](std::uint64_t named) {
        message.deviceLists[1].version = named;
        const auto conflict = conflictOf(world.send(ana, message).error());
        return conflict ? std::get<StaleDeviceLists>(*conflict).manifests : std::vector<SignedManifest>();
    };
    QVERIFY(told(1) == (std::vector<SignedManifest>{second, third}));
    QVERIFY(told(2) == std::vector<SignedManifest>{third});
    QVERIFY(told(0) == std::vector<SignedManifest>{third});
}

void MessagesTest::anEnvelopeTooFewIsAStaleList()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    SendMessage message = world.message(ana, bob, log, "x");
    message.envelopes.pop_back();
    QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
    message = world.message(ana, bob, log, "x");
    message.sendNo = SendNo{std::uint64_t{1}};
    message.envelopes.push_back({world.random.id<DeviceId>(), "nobody's"});
    QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
    message.envelopes.pop_back();
    message.deviceLists.clear();
    QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
}

/// A sender may hear of a new list before the job has brought it to this log.
void MessagesTest::aListNewerThanTheCopyRefreshesIt()
{
    for (std::size_t pieces = 1; pieces < 30; ++pieces) {
        ChatWorld world;
        TestPerson ana = world.person("ana");
        TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        TestDevice added(world.random);
        const DeviceManifest manifest = bob.manifestWith(added);
        bool linked = false;
        world.chat().devices.link(world.caller(bob), manifest, added.keys(world.random, 1),
                                  [&](const Result<std::uint64_t>& version) { linked = version.ok(); });
        for (std::size_t i = 0; i < pieces; ++i)
            world.executor.runOne();
        bob.manifest = manifest;
        bob.devices.push_back(std::move(added));
        const Bytes device = bob.user.bytes() + bob.devices[1].id.bytes();
        const bool stored = world.storage().get({bucketOf(bob.user.view()), Table::Device, device})->has_value();
        const auto sent = world.send(ana, bob, log, "x");
        QVERIFY2(sent.ok() || !stored, "once the list stands, a message to it is taken, whatever the copy says");
        QVERIFY(linked);
    }
}

void MessagesTest::afterThreeConflictsARecentListPasses()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const SendMessage message = world.message(ana, bob, log, "x");
    QVERIFY(world.link(bob).ok());
    for (int i = 0; i < 3; ++i)
        QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
    const auto sent = world.send(ana, message);
    QVERIFY(sent.ok());
    QVERIFY(sent->missedDevices == std::vector<DeviceId>{bob.devices[1].id});
}

void MessagesTest::anOldListNeverPasses()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const SendMessage message = world.message(ana, bob, log, "x");
    QVERIFY(world.link(bob).ok());
    world.clock.advance(Millis{60'001});
    for (int i = 0; i < 5; ++i)
        QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
    QVERIFY(world.link(bob).ok());
    QVERIFY2(conflictOf(world.send(ana, message).error()).has_value(), "two versions back");
}

void MessagesTest::aRevokedDeviceGetsNoEnvelope()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    const SendMessage message = world.message(ana, bob, log, "x");
    const DeviceId gone = bob.devices[1].id;
    QVERIFY(world.revoke(bob, 1).ok());
    for (int i = 0; i < 3; ++i)
        QVERIFY(conflictOf(world.send(ana, message).error()).has_value());
    QVERIFY(world.send(ana, message).ok());
    const auto stored = world.storage().read(log, {}, 100, 1U << 20);
    for (const Entry& entry : stored->entries) {
        for (const Envelope& envelope : entry.envelopes)
            QVERIFY(envelope.device != gone);
    }
}

void MessagesTest::aRepeatIsAnsweredWhateverChanged()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const SendMessage message = world.message(ana, bob, log, "once");
    const auto first = world.send(ana, message);
    world.connect(bob);
    QVERIFY(world.link(bob).ok());
    (void)world.told<Hint>();
    for (int i = 0; i < 2; ++i) {
        const auto again = world.send(ana, message);
        QVERIFY(again.ok() && again->accepted.repeated);
        QVERIFY(again->accepted.seq == first->accepted.seq && again->accepted.chain == first->accepted.chain);
        world.restart();
    }
    QVERIFY2(world.told<Hint>().empty(), "nothing new was written");
    for (int i = 0; i < 70; ++i)
        QVERIFY(world.send(ana, bob, log, "more").ok());
    QVERIFY(world.send(ana, message)->accepted.acceptedEarlier);
    std::size_t found = 0;
    const auto page = world.page(bob, log);
    for (const Entry& entry : page->entries)
        found += entry.body == "once" ? 1 : 0;
    QCOMPARE(found, std::size_t{1});
}

void MessagesTest::gapsAndClonesAreTold()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "1").ok());
    SendMessage third = world.message(ana, bob, log, "3");
    third.sendNo = third.sendNo.next();
    const auto conflict = conflictOf(world.send(ana, third).error());
    QCOMPARE(std::get<ExpectedSendNo>(*conflict).expected.value(), std::uint64_t{2});
    SendMessage clone = world.message(ana, bob, log, "other");
    clone.sendNo = SendNo{std::uint64_t{1}};
    const auto refused = world.send(ana, clone);
    QVERIFY(refused.error().is(ChatError::Denied));
    QVERIFY(refused.error().detail.find("copy") != std::string::npos);
}

void MessagesTest::anotherGenerationIsTold()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation now = world.send(ana, bob, log, "1")->accepted.generation;
    SendMessage message = world.message(ana, bob, log, "2");
    message.generation = now.next();
    const auto conflict = conflictOf(world.send(ana, message).error());
    QVERIFY(std::get<LogWasCut>(*conflict).generation == now);
    message.generation = now;
    QVERIFY(world.send(ana, message).ok());
}

/// The block commits after the send has looked and before it commits: the expectation makes it look again.
void MessagesTest::aMembershipThatChangesUnderASendIsSeen()
{
    int refused = 0;
    for (std::size_t pieces = 0; pieces < 30; ++pieces) {
        ChatWorld world;
        TestPerson ana = world.person("ana");
        const TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        QVERIFY(world.send(ana, bob, log, "warm the cache").ok());
        bool blocked = false;
        std::optional<bool> sent;
        world.chat().people.block(world.caller(bob), ana.user,
                                  [&](const Result<void>& result) { blocked = result.ok(); });
        for (std::size_t i = 0; i < pieces; ++i)
            world.executor.runOne();
        const bool blockedBefore = blocked;
        world.chat().messages.send(world.caller(ana), world.message(ana, bob, log, "x"),
                                   [&](const Result<Sent>& result) { sent = result.ok(); });
        world.run();
        QVERIFY(blocked && sent.has_value());
        QVERIFY(!(blockedBefore && *sent));
        refused += *sent ? 0 : 1;
    }
    QVERIFY(refused > 0 && refused < 30);
}

/// Another process wrote the block: what this one's cache holds is refused by the expectation, never trusted.
void MessagesTest::aMembershipChangedElsewhereIsSeen()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "warm the cache").ok());
    const RecordKey key = conversationKey(log);
    auto loaded = load<Conversation>(world.storage(), key);
    for (Member& member : (*loaded)->value.members)
        member.blocksPeer = member.user == bob.user;
    const Transaction elsewhere{key.bucket, {}, {{key, encode((*loaded)->value)}}, {}};
    QVERIFY(world.wait<Committed>([&](Done<Committed> done) { world.storage().submit(elsewhere, std::move(done)); }));
    QVERIFY(world.send(ana, bob, log, "x").error().is(ChatError::Denied));
}

void MessagesTest::deletingLeavesATombstone()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto first = world.send(ana, bob, log, "oops");
    SendMessage deletion = world.message(ana, bob, log, "sealed deletion");
    deletion.drops = {first->accepted.seq};
    QVERIFY(world.send(ana, deletion).ok());
    const auto page = world.page(bob, log);
    const Entry& tombstone = page->entries[page->entries.size() - 2];
    QVERIFY(tombstone.kind == EntryKind::Tombstone && tombstone.body.empty() && tombstone.envelopes.empty());
    QVERIFY(tombstone.chain == first->accepted.chain && tombstone.bodyHash == sha256("oops").bytes());
    SendMessage again = world.message(ana, bob, log, "sealed deletion");
    again.drops = {first->accepted.seq};
    QVERIFY(world.send(ana, again).ok());
}

void MessagesTest::onlyOnesOwnIsDeleted()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto first = world.send(ana, bob, log, "mine");
    SendMessage deletion = world.message(bob, ana, log, "sealed deletion");
    deletion.drops = {first->accepted.seq};
    QVERIFY(world.send(bob, deletion).error().is(ChatError::Denied));
    deletion.drops = {Seq{std::uint64_t{1}}};
    QVERIFY2(!world.send(bob, deletion).ok(), "the server's own entries stay");
    deletion.drops = {Seq{std::uint64_t{99}}};
    QVERIFY(world.send(bob, deletion).error().is(ChatError::NotFound));
    deletion.drops = {Seq{}};
    QVERIFY(world.send(bob, deletion).error().is(ChatError::Invalid));
    QCOMPARE(world.page(ana, log)->entries.back().body, Bytes("mine"));
}

void MessagesTest::aResendReachesOneDevice()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    const auto first = world.send(ana, bob, log, "cannot be opened");
    world.connect(ana);
    QVERIFY(world.wait<void>([&](Done<void> done) {
        world.chat().messages.requestResend(world.caller(bob, 1), log, first->accepted.generation, first->accepted.seq,
                                            std::move(done));
    }));
    const auto wanted = world.told<ResendWanted>();
    QCOMPARE(wanted.size(), std::size_t{1});
    QVERIFY(wanted[0].users == std::vector<UserId>{ana.user});
    QVERIFY(wanted[0].event.device == bob.devices[1].id && wanted[0].event.incarnation == bob.devices[1].incarnation);

    SendMessage resend = world.message(ana, bob, log, "the same, sealed anew");
    resend.kind = EntryKind::Resend;
    resend.resendSeq = first->accepted.seq;
    resend.envelopes = {{bob.devices[1].id, "for one"}};
    resend.deviceLists.clear();
    QVERIFY(world.send(ana, resend).ok());
    const Entry other = world.page(bob, log)->entries.back();
    const Entry own = world.page(bob, log, {}, 1)->entries.back();
    QVERIFY(other.kind == EntryKind::Resend && other.envelopes.empty());
    QVERIFY(own.kind == EntryKind::Resend && own.envelopes.size() == 1);
    SendMessage deletion = world.message(ana, bob, log, "sealed deletion");
    deletion.drops = {first->accepted.seq, own.seq};
    QVERIFY2(world.send(ana, deletion).ok(), "a resend is deleted with what it repeats");
}

void MessagesTest::resendsHaveLimits()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto ask = [&](Generation generation, Seq seq) {
        return world.wait<void>([&](Done<void> done) {
            world.chat().messages.requestResend(world.caller(bob), log, generation, seq, std::move(done));
        });
    };
    const Accepted first = world.send(ana, bob, log, "1")->accepted;
    const Accepted second = world.send(ana, bob, log, "2")->accepted;
    QVERIFY(ask(first.generation, first.seq).ok());
    QVERIFY(ask(first.generation, Seq{std::uint64_t{1}}).error().is(ChatError::NotFound));
    QVERIFY(ask(first.generation.next(), first.seq).error().is(ChatError::NotFound));
    QVERIFY(ask(first.generation, Seq{std::uint64_t{50}}).error().is(ChatError::NotFound));
    SendMessage deletion = world.message(ana, bob, log, "sealed deletion");
    deletion.drops = {first.seq};
    QVERIFY(world.send(ana, deletion).ok());
    QVERIFY(ask(first.generation, first.seq).error().is(ChatError::NotFound));
    world.rates.on = true;
    int allowed = 0;
    while (ask(second.generation, second.seq).ok())
        ++allowed;
    QCOMPARE(allowed, 50);
    QVERIFY(ask(second.generation, second.seq).error().is(ChatError::RateLimited));
    world.clock.advance(std::chrono::hours(24 * 30 + 1));
    QVERIFY(ask(second.generation, second.seq).error().is(ChatError::NotFound));
}

void MessagesTest::aWrongResendIsRefused()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto first = world.send(ana, bob, log, "1");
    SendMessage resend = world.message(ana, bob, log, "again");
    resend.kind = EntryKind::Resend;
    QVERIFY(world.send(ana, resend).error().is(ChatError::Invalid));
    resend.resendSeq = first->accepted.seq;
    resend.envelopes[0].device = world.random.id<DeviceId>();
    QVERIFY(world.send(ana, resend).error().is(ChatError::NotFound));
    SendMessage foreign = world.message(bob, ana, log, "again");
    foreign.kind = EntryKind::Resend;
    foreign.resendSeq = first->accepted.seq;
    QVERIFY(world.send(bob, foreign).error().is(ChatError::Denied));
    foreign.resendSeq = Seq{};
    foreign.kind = EntryKind::Application;
    QVERIFY(world.send(bob, foreign).ok());
}

void MessagesTest::sendsAreLimited()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.rates.on = true;
    std::size_t allowed = 0;
    auto result = world.send(ana, bob, log, "x");
    for (; result.ok(); result = world.send(ana, bob, log, "x"))
        ++allowed;
    QCOMPARE(allowed, std::size_t{world.config.limits.rate(Rate::SendPerDevice).burst});
    QVERIFY(result.error().is(ChatError::RateLimited) && result.error().retryAfter > Millis{0});
}

QTEST_GUILESS_MAIN(MessagesTest)
#include "MessagesTest.moc"
