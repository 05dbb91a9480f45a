#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// One conversation for a pair, message requests, blocks: who may write to whom, and who learns of it.
class ConversationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPairHasExactlyOneConversation();
    void bothSidesLearnOfIt();
    void twoWhoStartAtOnceShareIt();
    void notesToSelfHaveOneMember();
    void nobodyAndWhoBlocksAreTheSameToACaller();
    void aRequestIsPendingUntilAccepted();
    void whoInvitedNeedsNoRequest();
    void declinedLooksLikeNotAccepting();
    void whoDeclinedMayOpenItAgain();
    void onlyRequestsAreResponded();
    void aCrashAtAnyStepLeavesBothSidesKnowing();
    void blocksAreEnforcedAtOnce();
    void whatWasCommittedStaysAfterABlock();
    void aBlockSurvivesACrashAtAnyStep();
    void blockedAndDeclinedReadAlike();
    void creatingIsLimited();

private:
    Result<CreatedConversation> create(ChatWorld& world, const TestPerson& who, UserId peer);
    Result<void> respond(ChatWorld& world, const TestPerson& who, LogId log, bool accept);
    Result<void> block(ChatWorld& world, const TestPerson& who, UserId peer, bool blocked = true);
};

Result<CreatedConversation> ConversationsTest::create(ChatWorld& world, const TestPerson& who, UserId peer)
{
    return world.wait<CreatedConversation>([&](Done<CreatedConversation> done) {
        world.chat().conversations.create(world.caller(who), peer, std::move(done));
    });
}

Result<void> ConversationsTest::respond(ChatWorld& world, const TestPerson& who, LogId log, bool accept)
{
    return world.wait<void>(
        [&](Done<void> done) { world.chat().conversations.respond(world.caller(who), log, accept, std::move(done)); });
}

Result<void> ConversationsTest::block(ChatWorld& world, const TestPerson& who, UserId peer, bool blocked)
{
    return world.wait<void>([&](Done<void> done) {
        if (blocked)
            world.chat().people.block(world.caller(who), peer, std::move(done));
        else
            world.chat().people.unblock(world.caller(who), peer, std::move(done));
    });
}

void ConversationsTest::aPairHasExactlyOneConversation()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const auto first = create(world, ana, bob.user);
    QVERIFY(first.ok() && !first->existed && first->requestPending);
    const auto again = create(world, ana, bob.user);
    QVERIFY(again->existed && again->log == first->log && again->requestPending);
    const auto other = create(world, bob, ana.user);
    QVERIFY(other->existed && other->log == first->log && !other->requestPending);
}

void ConversationsTest::bothSidesLearnOfIt()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    world.connect(bob);
    const LogId log = create(world, ana, bob.user)->log;
    QCOMPARE(world.accountRecords(ana).back(), "added " + log.hex() + " " + bob.user.hex());
    QCOMPARE(world.accountRecords(bob).back(), "added " + log.hex() + " " + ana.user.hex() + " request");
    const auto hints = world.told<Hint>();
    QCOMPARE(hints.size(), std::size_t{1});
    QVERIFY(hints[0].event.log == *LogId::fromBytes(bob.user.view()));
    QCOMPARE(hints[0].event.rows.size(), std::size_t{1});
}

void ConversationsTest::twoWhoStartAtOnceShareIt()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    std::vector<CreatedConversation> created;
    const auto keep = [&](const Result<CreatedConversation>& result) {
        if (result.ok())
            created.push_back(*result);
    };
    world.chat().conversations.create(world.caller(ana), bob.user, keep);
    world.chat().conversations.create(world.caller(bob), ana.user, keep);
    world.run();
    QCOMPARE(created.size(), std::size_t{2});
    QVERIFY(created[0].log == created[1].log && created[0].existed != created[1].existed);
    QCOMPARE(world.accountRecords(ana).size(), std::size_t{2});
    QCOMPARE(world.accountRecords(bob).size(), std::size_t{2});
}

void ConversationsTest::notesToSelfHaveOneMember()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const auto notes = create(world, ana, ana.user);
    QVERIFY(notes.ok() && !notes->requestPending);
    QVERIFY(world.send(ana, ana, notes->log, "milk").ok());
    QVERIFY(world.link(ana).ok());
    QVERIFY(world.send(ana, ana, notes->log, "bread").ok());
    QCOMPARE(world.page(ana, notes->log, {}, 1)->entries.size(), std::size_t{1});
    QVERIFY(!respond(world, ana, notes->log, false).ok());
}

void ConversationsTest::nobodyAndWhoBlocksAreTheSameToACaller()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const Error absent = create(world, ana, world.random.id<UserId>()).error();
    QVERIFY(block(world, bob, ana.user).ok());
    const Error blocked = create(world, ana, bob.user).error();
    QCOMPARE(blocked.describe(), absent.describe());
    QVERIFY(absent.is(ChatError::NotFound));
    const Error own = create(world, bob, ana.user).error();
    QVERIFY(own.is(ChatError::Denied) && own.detail.find("unblock") != std::string::npos);
}

void ConversationsTest::aRequestIsPendingUntilAccepted()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = create(world, ana, bob.user)->log;
    QVERIFY(world.send(ana, bob, log, "hello?").ok());
    QVERIFY2(world.page(bob, log)->entries.size() == 1, "the request's content reaches bob, hidden by his devices");
    const auto early = world.send(bob, world.message(bob, ana, log, "hi"));
    QVERIFY(early.error().is(ChatError::Denied));
    bob.devices[0].sent.clear();
    world.connect(ana);
    QVERIFY(respond(world, bob, log, true).ok());
    QVERIFY(respond(world, bob, log, true).ok());
    const auto page = world.page(ana, log);
    QCOMPARE(page->entries.size(), std::size_t{2});
    QVERIFY(page->entries[1].kind == EntryKind::System && page->entries[1].senderUser.isNull());
    QCOMPARE(page->entries[1].body, "accepted " + bob.user.hex());
    QCOMPARE(world.told<Hint>().size(), std::size_t{1});
    QVERIFY(world.send(bob, ana, log, "hi").ok());
    QVERIFY(!create(world, ana, bob.user)->requestPending);
    QVERIFY2(respond(world, bob, log, false).error().is(ChatError::Invalid), "accepted is not declined later");
}

/// Of the two who know each other by an invite either may begin; a block counts all the same.
void ConversationsTest::whoInvitedNeedsNoRequest()
{
    for (const bool inviterBegins : {true, false}) {
        ChatWorld world;
        TestPerson ana = world.person("ana");
        TestPerson bob(world.random, "bob");
        TestPerson cem = world.person("cem");
        InviteRequest own;
        own.creator = ana.user;
        const auto invite = world.wait<CreatedInvite>([&](Done<CreatedInvite> done) {
            world.chat().accounts.createInvite(world.executor, own, std::move(done));
        });
        QVERIFY(invite.ok() && world.tryRegister(bob, invite->token).ok());
        TestPerson& first = inviterBegins ? ana : bob;
        TestPerson& second = inviterBegins ? bob : ana;
        const auto made = create(world, first, second.user);
        QVERIFY(made.ok() && !made->requestPending);
        QCOMPARE(world.accountRecords(second).back(), "added " + made->log.hex() + " " + first.user.hex());
        QVERIFY(world.send(second, first, made->log, "at once").ok());
        QVERIFY(create(world, first, cem.user)->requestPending);
        QVERIFY(block(world, second, first.user).ok());
        QVERIFY(!world.send(first, second, made->log, "and now?").ok());
    }
}

void ConversationsTest::declinedLooksLikeNotAccepting()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = create(world, ana, bob.user)->log;
    QVERIFY(world.send(ana, bob, log, "hello?").ok());
    const std::size_t seen = world.accountRecords(ana).size();
    world.connect(ana);
    QVERIFY(respond(world, bob, log, false).ok());
    QCOMPARE(world.accountRecords(bob).back(), "left " + log.hex());
    QCOMPARE(world.accountRecords(ana).size(), seen);
    QVERIFY2(world.told<Hint>().empty(), "the sender is not told");
    QVERIFY(!world.page(bob, log).ok());
    const auto refused = world.send(ana, bob, log, "again");
    QVERIFY(refused.error().is(ChatError::Denied));
    QCOMPARE(refused.error().detail, std::string("This person does not accept messages from you."));
}

void ConversationsTest::whoDeclinedMayOpenItAgain()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = create(world, ana, bob.user)->log;
    QVERIFY(respond(world, bob, log, false).ok());
    const auto reopened = create(world, bob, ana.user);
    QVERIFY(reopened->existed && reopened->log == log);
    QCOMPARE(world.accountRecords(bob).back(), "added " + log.hex() + " " + ana.user.hex());
    QVERIFY(world.page(bob, log).ok());
    QVERIFY(world.send(ana, bob, log, "you came back").ok());
}

void ConversationsTest::onlyRequestsAreResponded()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson eve = world.person("eve");
    const LogId log = create(world, ana, bob.user)->log;
    QVERIFY(respond(world, eve, log, true).error().is(ChatError::NotFound));
    QVERIFY(respond(world, eve, world.random.id<LogId>(), true).error().is(ChatError::NotFound));
    QVERIFY(respond(world, ana, *LogId::fromBytes(ana.user.view()), false).error().is(ChatError::Invalid));
}

void ConversationsTest::aCrashAtAnyStepLeavesBothSidesKnowing()
{
    bool undisturbed = false;
    std::size_t step = 0;
    for (; !undisturbed; ++step) {
        QVERIFY2(step < 100, "the creation never got through");
        ChatWorld world(MemoryKv::Buckets::Apart);
        TestPerson ana = world.person("ana");
        TestPerson bob = world.person("bob");
        world.crashAfter(step);
        const auto created = create(world, ana, bob.user);
        undisturbed = !world.disk.isDead();
        world.restart();
        const std::size_t known = world.accountRecords(ana).size() - 1;
        QCOMPARE(world.accountRecords(bob).size() - 1, known);
        QVERIFY(!created.ok() || known == 1);
        const auto again = create(world, ana, bob.user);
        QVERIFY(again.ok() && again->existed == (known == 1));
        QCOMPARE(world.accountRecords(bob).size(), std::size_t{2});
        QVERIFY(world.send(ana, bob, again->log, "hello").ok());
    }
    QVERIFY(step > 3);
}

void ConversationsTest::blocksAreEnforcedAtOnce()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(block(world, bob, ana.user).ok());
    QVERIFY(block(world, bob, ana.user).ok());
    QCOMPARE(world.accountRecords(bob).back(), "blocked " + ana.user.hex());
    const auto refused = world.send(ana, world.message(ana, bob, log, "let me in"));
    QVERIFY(refused.error().is(ChatError::Denied));
    QVERIFY(world.send(bob, world.message(bob, ana, log, "no")).error().detail.find("unblock") != std::string::npos);
    QVERIFY(block(world, bob, ana.user, false).ok());
    ana.devices[0].sent.clear();
    QVERIFY(world.send(ana, bob, log, "thanks").ok());
    QVERIFY(block(world, bob, bob.user).error().is(ChatError::Invalid));
    QVERIFY(block(world, bob, world.random.id<UserId>()).error().is(ChatError::NotFound));
}

void ConversationsTest::whatWasCommittedStaysAfterABlock()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const SendMessage message = world.message(ana, bob, log, "said");
    const auto first = world.send(ana, message);
    QVERIFY(first.ok());
    QVERIFY(block(world, bob, ana.user).ok());
    QCOMPARE(world.page(bob, log)->entries.back().body, Bytes("said"));
    const auto repeated = world.send(ana, message);
    QVERIFY2(repeated.ok() && repeated->accepted.repeated && repeated->accepted.seq == first->accepted.seq,
             "an accepted send is answered with its first result for ever");
}

void ConversationsTest::aBlockSurvivesACrashAtAnyStep()
{
    bool undisturbed = false;
    for (std::size_t step = 0; !undisturbed; ++step) {
        QVERIFY2(step < 100, "the block never got through");
        ChatWorld world(MemoryKv::Buckets::Apart);
        TestPerson ana = world.person("ana");
        const TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        world.crashAfter(step);
        const auto blocked = block(world, bob, ana.user);
        undisturbed = !world.disk.isDead();
        world.restart();
        const bool stored = world.storage()
                                .get({bucketOf(bob.user.view()), Table::Block, bob.user.bytes() + ana.user.bytes()})
                                ->has_value();
        QVERIFY(!blocked.ok() || stored);
        QCOMPARE(world.send(ana, bob, log, "hello").ok(), !stored);
    }
}

void ConversationsTest::blockedAndDeclinedReadAlike()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson cem = world.person("cem");
    const LogId withBob = create(world, ana, bob.user)->log;
    const LogId withCem = create(world, ana, cem.user)->log;
    QVERIFY(block(world, bob, ana.user).ok());
    QVERIFY(respond(world, cem, withCem, false).ok());
    const Error one = world.send(ana, bob, withBob, "x").error();
    const Error two = world.send(ana, cem, withCem, "x").error();
    QCOMPARE(one.describe(), two.describe());
    QVERIFY(one.retryAfter == two.retryAfter && one.payload == two.payload);
}

void ConversationsTest::creatingIsLimited()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    world.rates.on = true;
    int tries = 0;
    while (create(world, ana, world.random.id<UserId>()).error().is(ChatError::NotFound))
        ++tries;
    QCOMPARE(tries, 50);
}

QTEST_GUILESS_MAIN(ConversationsTest)
#include "ConversationsTest.moc"
