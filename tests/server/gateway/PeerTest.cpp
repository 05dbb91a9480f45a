#include "core/crypto/LogChain.h"
#include "core/protocol/wire/Limits.h"
#include "tests/support/server/PeerWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

/// Anna and Ben, who talk.
struct Two : PeerWorld {
    explicit Two(std::size_t budgetOctets = 256U << 20, const Limits& limits = {})
        : PeerWorld(budgetOctets, limits), anna(person("anna")), ben(person("ben")), log(conversation(anna, ben))
    {
    }
    void say(const Bytes& text)
    {
        const auto sent = send(anna, ben, log, text);
        if (!sent.ok())
            qFatal("%s", sent.error().describe().c_str());
        run();
    }
    TestPerson anna;
    TestPerson ben;
    LogId log;
};

wire::SyncRequest syncOf(LogId log, std::uint64_t after)
{
    wire::SyncRequest request;
    request.set_log_id(log.bytes());
    request.set_after(after);
    return request;
}

std::vector<std::uint64_t> upTo(std::uint64_t last)
{
    std::vector<std::uint64_t> out;
    for (std::uint64_t seq = 1; seq <= last; ++seq)
        out.push_back(seq);
    return out;
}

} // namespace

class PeerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void strangersMaySayHelloOnly()
    {
        Two world;
        auto connection = world.open();
        QVERIFY(world.call<wire::HelloResponse>(connection, wire::HELLO, wire::HelloRequest()).ok());
        QVERIFY(world.call<wire::PingResponse>(connection, wire::PING, wire::PingRequest()).ok());
        const auto sync = world.call<wire::SyncResponse>(connection, wire::SYNC, syncOf(world.log, 0));
        QVERIFY(sync.error().is(wire::WireCode::Unauthenticated));
        QVERIFY(!connection.sink->large);
        const auto unknown =
            world.call<wire::PingResponse>(connection, static_cast<wire::Method>(77), wire::PingRequest());
        QVERIFY(unknown.error().is(wire::WireCode::Invalid));
        QVERIFY(!unknown.error().detail.empty());
    }
    void signingInNeedsHello()
    {
        Two world;
        auto connection = world.open();
        wire::AuthenticateRequest request;
        request.set_user_id(world.anna.user.bytes());
        request.set_device_id(world.anna.devices[0].id.bytes());
        const auto answer = world.call<wire::AuthenticateResponse>(connection, wire::AUTHENTICATE, request);
        QVERIFY(answer.error().detail.find("Hello") != std::string::npos);
    }
    void aDeviceSignsInOnce()
    {
        Two world;
        auto connection = world.signIn(world.anna);
        QVERIFY(connection.sink->large);
        const auto again =
            world.call<wire::AuthenticateResponse>(connection, wire::AUTHENTICATE, wire::AuthenticateRequest());
        QVERIFY(again.error().is(wire::WireCode::Invalid));
        QCOMPARE(world.devices.size(), 1U);
        world.drop(connection);
        QCOMPARE(world.devices.size(), 0U);
        QVERIFY(world.registry().gatewaysOf(world.anna.user).empty());
    }
    void brokenFramesEndTheConnection_data()
    {
        QTest::addColumn<QByteArray>("frame");
        const auto row = [](const char* name, const Bytes& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        row("garbage", "\xff\xff\xff");
        row("a response", wire::encodeFrame(wire::RESPONSE, wire::PING, 9, {}));
        row("an event", wire::encodeFrame(wire::EVENT, wire::GOODBYE, 0, {}));
        row("an old id", wire::encodeFrame(wire::REQUEST, wire::PING, 1, {}));
    }
    void brokenFramesEndTheConnection()
    {
        QFETCH(QByteArray, frame);
        Two world;
        auto connection = world.open();
        QVERIFY(world.call<wire::PingResponse>(connection, wire::PING, wire::PingRequest()).ok());
        world.feed(connection, frame.toStdString());
        QCOMPARE(world.goodbye(connection)->reason(), wire::Goodbye::PROTOCOL);
        QVERIFY(!world.goodbye(connection)->detail().empty());
        QVERIFY(connection.sink->closed);
    }
    void bodiesThatDoNotParseAreAnswered()
    {
        Two world;
        auto connection = world.signIn(world.anna);
        wire::SyncRequest request;
        request.set_log_id("short");
        const auto answer = world.call<wire::SyncResponse>(connection, wire::SYNC, request);
        QVERIFY(answer.error().is(wire::WireCode::Invalid));
        QVERIFY(answer.error().detail.find("log_id") != std::string::npos);
        QVERIFY(!connection.sink->closed);
    }

    void messagesArriveLiveInOrder()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        auto anna = world.signIn(world.anna);
        const std::uint64_t before = world.storage().head(world.log).value().head.value();
        for (int i = 0; i < 5; ++i)
            world.say("message " + std::to_string(i));
        const auto seqs = world.delivered(ben, world.log);
        QCOMPARE(seqs, upTo(before + 5));
        QCOMPARE(world.delivered(anna, world.log), seqs); // her own too: her copy must be whole
        const auto events = world.events<wire::Entries>(ben, wire::ENTRIES);
        QCOMPARE(events.back().entries(0).body(), std::string("message 4"));
        QCOMPARE(events.back().entries(0).envelope(), "for " + world.ben.devices[0].id.hex());
    }
    void sendingOverTheWireIsAnswered()
    {
        Two world;
        auto anna = world.signIn(world.anna);
        const SendMessage message = world.message(world.anna, world.ben, world.log, "hello");
        wire::SendMessageRequest request;
        request.set_log_id(world.log.bytes());
        request.set_client_msg_id(message.clientMsgId.bytes());
        request.set_send_no(message.sendNo.value());
        request.set_kind(wire::APPLICATION);
        request.set_body(message.body);
        request.set_commitment(message.commitment);
        for (const Envelope& envelope : message.envelopes) {
            request.add_envelopes()->set_device_id(envelope.device.bytes());
            request.mutable_envelopes(request.envelopes_size() - 1)->set_sealed(envelope.sealed);
        }
        for (const ListVersion& list : message.deviceLists) {
            request.add_device_lists()->set_user_id(list.user.bytes());
            request.mutable_device_lists(request.device_lists_size() - 1)->set_version(list.version + 1);
        }
        const auto stale = world.call<wire::SendMessageResponse>(anna, wire::SEND_MESSAGE, request);
        const auto conflict = wire::conflictOf(stale.error());
        QVERIFY(conflict && conflict->has_device_list());
        for (int i = 0; i < request.device_lists_size(); ++i)
            request.mutable_device_lists(i)->set_version(message.deviceLists[static_cast<std::size_t>(i)].version);
        const auto sent = world.call<wire::SendMessageResponse>(anna, wire::SEND_MESSAGE, request);
        QVERIFY2(sent.ok(), sent.ok() ? "" : sent.error().describe().c_str());
        const auto again = world.call<wire::SendMessageResponse>(anna, wire::SEND_MESSAGE, request);
        QCOMPARE(again->seq(), sent->seq()); // P2
        QCOMPARE(again->entry_id(), sent->entry_id());
    }
    /// P4: the chain covers the kind that a tombstone had.
    void tombstonesKeepTheChain()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        world.say("to be deleted");
        const std::uint64_t seq = world.storage().head(world.log).value().head.value();
        SendMessage deletion = world.message(world.anna, world.ben, world.log, "deletes it");
        deletion.drops.push_back(Seq(seq));
        QVERIFY(world.send(world.anna, deletion).ok());
        const auto page = world.call<wire::SyncResponse>(ben, wire::SYNC, syncOf(world.log, 0));
        QVERIFY(page.ok());
        Bytes previous(32, '\0');
        for (const wire::Entry& entry : page->entries()) {
            const bool dropped = entry.kind() == wire::TOMBSTONE;
            QCOMPARE(dropped, entry.seq() == seq);
            ChainedRow row;
            row.log = world.log;
            row.generation = Generation(std::uint64_t{entry.generation()});
            row.seq = Seq(std::uint64_t{entry.seq()});
            row.sender = DeviceId::fromBytes(entry.sender_device()).value_or(DeviceId{});
            row.kind = static_cast<std::uint8_t>(dropped ? entry.chained_kind() : entry.kind());
            row.clientMsgId = ClientMsgId::fromBytes(entry.client_msg_id()).value_or(ClientMsgId{});
            row.bodyHash = *Sha256Digest::fromBytes(entry.body_hash());
            row.commitment = entry.commitment();
            const Bytes chain = nextChain(*Sha256Digest::fromBytes(previous), rowHash(row)).bytes();
            QCOMPARE(toHex(entry.chain()), toHex(chain));
            previous = chain;
        }
    }
    /// P4: resume saves the handshake, never the position.
    void resumeStartsWhereTheDeviceStated()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        world.say("one");
        const auto first = world.delivered(ben, world.log);
        QVERIFY(!first.empty());
        world.drop(ben); // nothing was acknowledged: it may never have arrived
        auto again = world.resume(world.resumeToken);
        world.say("two");
        QCOMPARE(world.delivered(again, world.log), upTo(first.back() + 1));
    }
    void acknowledgedEntriesAreNotSentAgain()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        world.say("one");
        const std::uint64_t last = world.delivered(ben, world.log).back();
        QVERIFY(world.ackLive(ben, world.log, last).ok());
        world.drop(ben);
        auto again = world.resume(world.resumeToken);
        world.say("two");
        QCOMPARE(world.delivered(again, world.log), (std::vector<std::uint64_t>{last + 1}));
    }
    /// P2, P6: of two connections of a device the newer counts, also for what the older still says.
    void aNewConnectionFencesTheOlder()
    {
        Two world;
        auto older = world.signIn(world.ben);
        world.say("one");
        const std::uint64_t last = world.delivered(older, world.log).back();
        const std::uint64_t ack = older.lastRequest + 1;
        // The older connection's ack is on its way while the newer signs in.
        auto newer = world.open();
        (void)world.call<wire::HelloResponse>(newer, wire::HELLO, wire::HelloRequest());
        world.drop(newer);
        const auto claim = world.devices.claim(world.ben.user, world.ben.devices[0].id, [] {});
        wire::AckRequest late;
        late.set_log_id(world.log.bytes());
        late.set_generation(world.storage().head(world.log).value().generation.value());
        late.set_cursor(last);
        world.feed(older, wire::encodeFrame(wire::REQUEST, wire::ACK, ack, late.SerializeAsString()));
        QCOMPARE(world.storage().cursor(world.log, world.ben.user, world.ben.devices[0].id).value(), Seq{});
        world.devices.release(world.ben.user, world.ben.devices[0].id, claim);
        newer = world.signIn(world.ben);
        auto newest = world.signIn(world.ben);
        QCOMPARE(world.goodbye(newer)->reason(), wire::Goodbye::REPLACED);
        QVERIFY(newer.sink->closed);
        QVERIFY(!world.goodbye(newest));
    }
    void sameDeviceIdOfAnotherAccountFencesNobody()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        const auto claim = world.devices.claim(world.anna.user, world.ben.devices[0].id, [] {});
        QVERIFY(!world.goodbye(ben));
        QCOMPARE(world.devices.size(), 2U);
        world.devices.release(world.anna.user, world.ben.devices[0].id, claim);
    }
    /// P9: a device that acknowledges nothing is sent one window.
    void whoAcknowledgesNothingGetsOneWindow()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        for (int i = 0; i < 100; ++i)
            world.say(Bytes(2000, 'x'));
        std::size_t octets = 0;
        for (const auto& event : world.events<wire::Entries>(ben, wire::ENTRIES))
            octets += event.ByteSizeLong();
        QVERIFY2(octets <= LiveDelivery::smallestWindow, std::to_string(octets).c_str());
        // It catches up as it acknowledges, losing nothing.
        for (int i = 0; i < 40; ++i) {
            const auto seqs = world.delivered(ben, world.log);
            QVERIFY(world.ackLive(ben, world.log, seqs.back()).ok());
        }
        QCOMPARE(world.delivered(ben, world.log), upTo(world.storage().head(world.log).value().head.value()));
    }
    void lostHintsAreFoundByTheIdleCheck()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        world.lossyBus.losing = true;
        world.say("unheard");
        QVERIFY(world.delivered(ben, world.log).empty());
        for (int i = 0; i < 30; i += 5) { // a device speaks at least every 25 seconds
            world.pass(5);
            (void)world.call<wire::PingResponse>(ben, wire::PING, wire::PingRequest());
        }
        QCOMPARE(world.delivered(ben, world.log), upTo(world.storage().head(world.log).value().head.value()));
    }
    void aGapOnTheBusIsCheckedAtOnce()
    {
        Two world;
        auto ben = world.signIn(world.ben);
        world.say("heard");
        const auto heard = world.delivered(ben, world.log);
        QVERIFY(world.ackLive(ben, world.log, heard.back()).ok());
        const TestPerson carl = world.person("carl");
        const LogId other = world.conversation(world.anna, carl);
        auto carlAtHome = world.signIn(carl);
        world.lossyBus.losing = true;
        world.say("unheard");
        world.lossyBus.losing = false;
        (void)world.send(world.anna, carl, other, "elsewhere"); // the next number shows the gap
        world.run();
        world.pass(1);
        QCOMPARE(world.delivered(ben, world.log).back(), heard.back() + 1);
    }
    void pagesOfHeadsSayWhereTheyEnd()
    {
        Limits limits;
        limits.heads = 1;
        Two world(256U << 20, limits);
        auto anna = world.signIn(world.anna);
        wire::HeadsRequest request;
        std::set<Bytes> seen;
        for (bool more = true; more;) {
            const auto page = world.call<wire::HeadsResponse>(anna, wire::HEADS, request);
            QVERIFY(page.ok());
            for (const auto& head : page->logs())
                seen.insert(head.log_id());
            more = page->more();
            QCOMPARE(page->last_log().empty(), !more);
            QVERIFY(!more || page->last_log() > request.after_log());
            request.set_after_log(page->last_log());
        }
        QCOMPARE(seen.size(), 2U); // her account's log and the conversation
        QVERIFY(seen.count(world.log.bytes()) == 1);
    }
    void lostMarksAreFoundByTheIdleCheck()
    {
        Two world;
        auto anna = world.signIn(world.anna);
        auto ben = world.signIn(world.ben);
        world.say("one");
        (void)world.call<wire::HeadsResponse>(anna, wire::HEADS, wire::HeadsRequest());
        const std::uint64_t last = world.delivered(ben, world.log).back();
        world.lossyBus.losing = true;
        QVERIFY(world.ackLive(ben, world.log, last).ok());
        QVERIFY(world.events<wire::Marks>(anna, wire::MARKS).empty());
        for (int i = 0; i < 50; i += 5) {
            world.pass(5);
            (void)world.call<wire::PingResponse>(anna, wire::PING, wire::PingRequest());
        }
        const auto marks = world.events<wire::Marks>(anna, wire::MARKS);
        QCOMPARE(marks.size(), 1U); // once, not at every check
        QCOMPARE(marks[0].log_id(), world.log.bytes());
    }
    void marksArriveLive()
    {
        Two world;
        auto anna = world.signIn(world.anna);
        auto ben = world.signIn(world.ben);
        world.say("one");
        const std::uint64_t last = world.delivered(ben, world.log).back();
        QVERIFY(world.ackLive(ben, world.log, last).ok());
        const auto marks = world.events<wire::Marks>(anna, wire::MARKS);
        QVERIFY(!marks.empty());
        bool told = false;
        for (const auto& member : marks.back().members())
            told = told || (member.user() == world.ben.user.bytes() && member.delivered() == last);
        QVERIFY(told);
    }
    void typingReachesOnlyWhoLooks()
    {
        Two world;
        auto anna = world.signIn(world.anna);
        auto ben = world.signIn(world.ben);
        wire::TypingRequest typing;
        typing.set_log_id(world.log.bytes());
        typing.set_typing(true);
        QVERIFY(world.call<wire::TypingResponse>(anna, wire::TYPING, typing).ok());
        QVERIFY(world.events<wire::Ephemeral>(ben, wire::EPHEMERAL).empty());
        wire::FocusRequest focus;
        focus.set_log_id(world.log.bytes());
        QVERIFY(world.call<wire::FocusResponse>(ben, wire::SET_FOCUS, focus).ok());
        world.pass(4);
        QVERIFY(world.call<wire::TypingResponse>(anna, wire::TYPING, typing).ok());
        const auto seen = world.events<wire::Ephemeral>(ben, wire::EPHEMERAL);
        QCOMPARE(seen.size(), 1U);
        QCOMPARE(seen[0].typing(0).user(), world.anna.user.bytes());
    }
    void aRevokedDeviceIsTold()
    {
        Two world;
        QVERIFY(world.link(world.ben).ok());
        auto second = world.signIn(world.ben, 1);
        auto first = world.signIn(world.ben, 0);
        QVERIFY(world.revoke(world.ben, 1).ok());
        world.run();
        QCOMPARE(world.goodbye(second)->reason(), wire::Goodbye::REVOKED);
        QVERIFY(!world.goodbye(second)->resume());
        QVERIFY(!world.goodbye(first));
    }
    void whoDoesNotSignInIsClosed()
    {
        Two world;
        auto idle = world.open();
        world.pass(9);
        QVERIFY(!idle.sink->closed);
        world.pass(2);
        QVERIFY(idle.sink->closed);
        QCOMPARE(world.goodbye(idle)->reason(), wire::Goodbye::IDLE);
    }
    void silenceIsClosed()
    {
        Two world;
        auto deaf = world.signIn(world.anna);
        auto alive = world.signIn(world.ben);
        for (int i = 0; i < 4; ++i) {
            world.pass(8);
            QVERIFY(world.call<wire::PingResponse>(alive, wire::PING, wire::PingRequest()).ok());
        }
        QVERIFY(deaf.sink->closed);
        QVERIFY(!alive.sink->closed);
    }
    void tooManyFramesAreSlowedDownInWords()
    {
        Two world;
        auto connection = world.open();
        bool limited = false;
        for (std::uint32_t i = 0; i <= Peer::frameBurst && !limited; ++i) {
            const auto answer = world.call<wire::PingResponse>(connection, wire::PING, wire::PingRequest());
            limited = !answer.ok() && answer.error().is(wire::WireCode::RateLimited);
            connection.sink->frames.clear();
        }
        QVERIFY(limited);
        world.clock.advance(Millis{1000});
        QVERIFY(world.call<wire::PingResponse>(connection, wire::PING, wire::PingRequest()).ok());
    }
    void whoDoesNotReadAnswersIsServedNoMore()
    {
        Two world;
        for (int i = 0; i < 60; ++i)
            world.say(Bytes(60'000, 'x'));
        auto ben = world.signIn(world.ben);
        ben.sink->stalled = true;
        for (int i = 0; i < 20; ++i)
            world.feed(ben, wire::encodeFrame(wire::REQUEST, wire::SYNC, ++ben.lastRequest,
                                              syncOf(world.log, 0).SerializeAsString()));
        QVERIFY2(ben.sink->unsent() < 4 * Peer::congestedAbove, std::to_string(ben.sink->unsent()).c_str());
        QVERIFY(ben.sink->tellBelow > 0);
        const std::size_t before = ben.sink->frames.size();
        ben.sink->release();
        for (int i = 0; i < 20; ++i) {
            world.hub->writable(ben.id);
            world.run();
        }
        QVERIFY(ben.sink->frames.size() >= before + 20); // then everything is answered
        QVERIFY(ben.sink->reading);
        ben.sink->stalled = true;
        for (std::size_t i = 0; i < Peer::pauseAbove + 20; ++i)
            world.feed(ben, wire::encodeFrame(wire::REQUEST, wire::SYNC, ++ben.lastRequest,
                                              syncOf(world.log, 0).SerializeAsString()));
        QVERIFY(!ben.sink->reading); // nothing more is read before what came is served
        QVERIFY(!ben.sink->closed);
        for (std::size_t i = 0; i < Peer::maxWaiting + Peer::maxInFlight; ++i) {
            ben.sink->stalled = true;
            world.feed(ben, wire::encodeFrame(wire::REQUEST, wire::SYNC, ++ben.lastRequest,
                                              syncOf(world.log, 0).SerializeAsString()));
        }
        QVERIFY(ben.sink->closed);
    }
    void whenMemoryIsShortTheSlowestGoes()
    {
        Two world(512U << 10);
        for (int i = 0; i < 60; ++i)
            world.say(Bytes(60'000, 'x'));
        auto ben = world.signIn(world.ben);
        auto anna = world.signIn(world.anna);
        ben.sink->stalled = true;
        for (int i = 0; i < 4 && !ben.sink->closed; ++i)
            world.feed(ben, wire::encodeFrame(wire::REQUEST, wire::SYNC, ++ben.lastRequest,
                                              syncOf(world.log, 0).SerializeAsString()));
        QVERIFY(ben.sink->closed);
        QVERIFY(!anna.sink->closed);
        ben.sink->release();
        QCOMPARE(world.goodbye(ben)->reason(), wire::Goodbye::TOO_SLOW);
        QVERIFY(world.goodbye(ben)->retry_after_ms() > 0);
    }
    void drainSendsEverybodyHomeAtDifferentTimes()
    {
        Two world;
        std::vector<PeerWorld::Connection> all;
        for (int i = 0; i < 20; ++i)
            all.push_back(world.open());
        all.push_back(world.signIn(world.anna));
        world.hub->drain(Millis{200}, Millis{3000});
        world.run();
        std::set<std::uint32_t> waits;
        for (const auto& connection : all) {
            const auto goodbye = world.goodbye(connection);
            QVERIFY(goodbye);
            QCOMPARE(goodbye->reason(), wire::Goodbye::RESTARTING);
            QVERIFY(goodbye->retry_after_ms() >= 200 && goodbye->retry_after_ms() <= 3200);
            QVERIFY(connection.sink->closed);
            waits.insert(goodbye->retry_after_ms());
        }
        QVERIFY(waits.size() > 10);
        QVERIFY(world.goodbye(all.back())->resume());
        auto late = world.open();
        QCOMPARE(world.goodbye(late)->reason(), wire::Goodbye::RESTARTING);
    }
    void logoutEndsTheConnectionAndItsToken()
    {
        Two world;
        auto anna = world.signIn(world.anna);
        const Bytes token = world.resumeToken;
        QVERIFY(world.call<wire::LogoutResponse>(anna, wire::LOGOUT, wire::LogoutRequest()).ok());
        QVERIFY(anna.sink->closed);
        auto next = world.open();
        (void)world.call<wire::HelloResponse>(next, wire::HELLO, wire::HelloRequest());
        wire::ResumeRequest resume;
        resume.set_resume_token(token);
        QVERIFY(!world.call<wire::AuthenticateResponse>(next, wire::RESUME, resume).ok());
    }
};

QTEST_APPLESS_MAIN(PeerTest)
#include "PeerTest.moc"
