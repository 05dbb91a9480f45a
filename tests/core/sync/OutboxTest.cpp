#include "core/sync/Outbox.h"

#include "core/e2ee/IdentityTrust.h"
#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

using Send = wire::SendMessageRequest;

class Desk : public SyncBench
{
public:
    Desk() { make(); }

    void make()
    {
        outbox = std::make_unique<Outbox>(*context, *directory, Outbox::Hooks{[this](LogId) { ++catchUps; }});
        connection->onChanged([this](const net::ConnectionFact&) {
            if (std::exchange(wasConnected, context->connected()) && !wasConnected)
                outbox->disconnected();
        });
    }
    /// As after SIGKILL, or a power cut.
    void startAgain()
    {
        outbox.reset();
        crash();
        wasConnected = false;
        make();
        goOnline();
        outbox->disconnected();
        outbox->pump();
    }
    MessageId compose(const std::string& words, const LogId& log = testLog)
    {
        const auto row = outbox->compose(text(words, log));
        time.settle();
        return row ? row->id : MessageId{};
    }
    std::optional<Send> sent() { return server.hear<Send>(wire::SEND_MESSAGE); }
    void accept(std::uint64_t id, std::uint64_t seq)
    {
        wire::SendMessageResponse answer;
        answer.set_generation(1);
        answer.set_seq(seq);
        answer.set_server_time_ms(serverMs);
        answer.set_chain(Bytes(32, static_cast<char>(seq)));
        QVERIFY(server.answerTo(id, wire::SEND_MESSAGE, answer));
        time.settle();
    }
    void refuseTo(std::uint64_t id, Error error)
    {
        QVERIFY(transport.serverSays(
            wire::encodeFrame(wire::ERROR, wire::SEND_MESSAGE, id, wire::toWire(error).SerializeAsString())));
        time.settle();
    }
    void conflictTo(std::uint64_t id, const wire::Conflict& detail) { refuseTo(id, wire::conflict("no", detail)); }
    /// One more device of Ana's, not on a list yet.
    DeviceIdentity annasNext()
    {
        return OwnDevice::generate(anna.user(), anna.account.identity.publicKey, wallFromMillis(serverMs), random)
            .identity;
    }
    bool learns(std::vector<wire::SignedDeviceManifest> lists)
    {
        std::optional<Result<bool>> learnt;
        directory->learn(anna.user(), std::move(lists), [&](const Result<bool>& result) { learnt = result; });
        return learnt && learnt->ok() && **learnt;
    }
    OutboxState stateOf(MessageId id) { return (*store->outbox().find(id))->state; }

    std::unique_ptr<Outbox> outbox;
    int catchUps = 0;
    bool wasConnected = false;
};

Bytes bytesOf(const std::optional<Send>& send)
{
    return send ? send->SerializeAsString() : Bytes("nothing was sent");
}

} // namespace

class OutboxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void queuesDurablyBeforeAnythingElse()
    {
        Desk desk;
        const MessageId id = desk.compose("while offline");
        QCOMPARE(desk.stateOf(id), OutboxState::Queued);
        QCOMPARE(desk.crypto.seals, 0);
        desk.startAgain();
        const auto send = desk.sent();
        QVERIFY(send && send->send_no() == 1 && send->envelopes_size() == 1);
        QCOMPARE(desk.stateOf(id), OutboxState::Sent);
    }
    void sealsOnceAndRepeatsTheSameBytes()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("hello");
        const Bytes first = bytesOf(desk.sent());
        for (int round = 0; round < 2; ++round) {
            desk.breakOff();
            desk.goOnline();
            desk.outbox->pump();
            QCOMPARE(bytesOf(desk.sent()), first);
        }
        desk.startAgain();
        QCOMPARE(bytesOf(desk.sent()), first);
        QCOMPARE(desk.crypto.seals, 1);
    }
    /// Ciphertext, number and key state reach the disk together, or none of them does, and nothing leaves the device.
    void ciphertextAndKeysCommitTogether()
    {
        Desk desk;
        desk.stockKeys(4);
        desk.goOnline();
        desk.compose("first");
        QVERIFY(desk.sent());
        QCOMPARE(desk.leftKeys(), 3U);
        const MessageId second = [&] {
            const auto row = desk.outbox->compose(desk.text("second"));
            return row->id;
        }();
        desk.store.disk().failWritesAfter(0);
        desk.time.settle();
        QVERIFY(desk.transport.silence());
        desk.store.disk().heal();
        desk.startAgain();
        const auto again = desk.sent();
        QVERIFY(again && again->send_no() == 1);
        const auto later = desk.sent();
        QVERIFY(later && later->send_no() == 2);
        QCOMPARE(desk.stateOf(second), OutboxState::Sent);
        QCOMPARE(desk.leftKeys(), 2U); // of the sealing that was thrown away none is gone
    }
    void sendsInOrderWithinTheWindow()
    {
        Desk desk;
        desk.goOnline();
        for (std::size_t i = 0; i < Outbox::window + 3; ++i)
            desk.compose("message " + std::to_string(i));
        std::vector<std::uint64_t> ids;
        while (const auto send = desk.sent()) {
            ids.push_back(desk.server.lastId());
            QCOMPARE(send->send_no(), ids.size());
        }
        QCOMPARE(ids.size(), Outbox::window);
        desk.accept(ids[0], 1);
        const auto next = desk.sent();
        QVERIFY(next && next->send_no() == Outbox::window + 1);
        QVERIFY(!desk.sent());
    }
    void anAnswerGivesThePlaceInTheLog()
    {
        Desk desk;
        desk.goOnline();
        const MessageId id = desk.compose("hello");
        QVERIFY(desk.sent());
        desk.accept(desk.server.lastId(), 7);
        const auto row = desk.store->messages().find(id);
        QVERIFY(row && *row && (*row)->position);
        QCOMPARE((*row)->position->seq, seqOf(7));
        QCOMPARE(*(*row)->outbox, OutboxState::Accepted);
    }
    /// Refused for good: its number goes to the next one, and that one's bytes stay what they were.
    void aRefusedMessageGivesItsNumberOn()
    {
        Desk desk;
        desk.goOnline();
        const std::vector<MessageId> rows{desk.compose("a"), desk.compose("b"), desk.compose("c")};
        std::vector<std::uint64_t> ids;
        Bytes third;
        while (const auto send = desk.sent()) {
            ids.push_back(desk.server.lastId());
            third = send->body();
        }
        QCOMPARE(ids.size(), 3U);
        desk.accept(ids[0], 1);
        desk.refuseTo(ids[1], Error::make(wire::WireCode::Denied, "blocked"));
        QCOMPARE(desk.stateOf(rows[1]), OutboxState::Failed);
        const auto again = desk.sent();
        QVERIFY(again && again->send_no() == 2);
        QCOMPARE(again->body(), third);
        // What the server says to the number as it was is of an earlier round.
        desk.refuseTo(ids[2], Error::make(wire::WireCode::Conflict, "a gap"));
        QVERIFY(!desk.sent());
        QCOMPARE(desk.stateOf(rows[2]), OutboxState::Sent);
        QCOMPARE(desk.crypto.seals, 3);
    }
    void aBusyServerIsAskedLaterInTheSameOrder()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("a");
        desk.compose("b");
        const Bytes first = bytesOf(desk.sent());
        const std::uint64_t id = desk.server.lastId();
        const Bytes second = bytesOf(desk.sent());
        Error busy = Error::make(wire::WireCode::RateLimited, "slower");
        busy.retryAfter = Millis{3000};
        desk.refuseTo(id, busy);
        desk.time.pass(Millis{2900});
        QVERIFY(desk.transport.silence());
        desk.time.pass(Millis{200});
        QCOMPARE(bytesOf(desk.sent()), first);
        QCOMPARE(bytesOf(desk.sent()), second);
    }
    /// The list was stale: the same body and number with envelopes for the devices as they are now.
    void aNewDeviceGetsAnEnvelopeOfTheSameBody()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("hello");
        const auto first = desk.sent();
        QVERIFY(first);
        wire::Conflict conflict;
        *conflict.mutable_device_list()->add_manifests() = desk.anna.list({desk.annasNext()});
        desk.conflictTo(desk.server.lastId(), conflict);
        const auto again = desk.sent();
        QVERIFY(again);
        QCOMPARE(again->body(), first->body());
        QCOMPARE(again->commitment(), first->commitment());
        QCOMPARE(again->send_no(), first->send_no());
        QCOMPARE(again->envelopes_size(), 2);
        QCOMPARE(again->envelopes(0).sealed(), first->envelopes(0).sealed());
        QCOMPARE(desk.crypto.seals, 1);
        QCOMPARE(desk.crypto.sealsForMore, 1);
        const auto& lists = again->device_lists();
        QVERIFY(std::any_of(lists.begin(), lists.end(), [&](const wire::DeviceListVersion& list) {
            return list.user_id() == desk.anna.user().bytes() && list.version() == 2;
        }));
    }
    /// Two changes since the last message: the server leads from the known list to the newest.
    void severalChangesOfAListAreFollowedAtOnce()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("hello");
        QVERIFY(desk.sent());
        const DeviceIdentity tablet = desk.annasNext();
        const DeviceIdentity laptop = desk.annasNext();
        wire::Conflict conflict;
        *conflict.mutable_device_list()->add_manifests() = desk.anna.list({tablet});
        *conflict.mutable_device_list()->add_manifests() = desk.anna.list({tablet, laptop});
        desk.conflictTo(desk.server.lastId(), conflict);
        const auto again = desk.sent();
        QVERIFY(again);
        QCOMPARE(again->envelopes_size(), 3);
        QCOMPARE((*desk.directory->manifest(desk.anna.user()))->version, std::uint64_t{3});
        QCOMPARE(desk.crypto.seals, 1);
    }
    /// An answer that brings only the newest list: those in between are fetched.
    void listsInBetweenAreFetched()
    {
        Desk desk;
        desk.goOnline();
        const MessageId id = desk.compose("hello");
        QVERIFY(desk.sent());
        const DeviceIdentity tablet = desk.annasNext();
        wire::ListDevicesResponse lists;
        *lists.add_manifests() = desk.anna.list({tablet});
        *lists.add_manifests() = desk.anna.list({tablet, desk.annasNext()});
        wire::Conflict conflict;
        *conflict.mutable_device_list()->add_manifests() = lists.manifests(1);
        desk.conflictTo(desk.server.lastId(), conflict);
        const auto asked = desk.server.hear<wire::ListDevicesRequest>(wire::LIST_DEVICES);
        QVERIFY(asked && asked->after_version() == 1);
        QVERIFY(desk.server.answer(lists));
        desk.time.settle();
        const auto again = desk.sent();
        QVERIFY(again && again->envelopes_size() == 3);
        QCOMPARE(desk.stateOf(id), OutboxState::Sent);
    }
    void aListThatGoesBackFailsTheMessage_data()
    {
        QTest::addColumn<bool>("fork");
        QTest::newRow("rollback") << false;
        QTest::newRow("fork") << true;
    }
    /// The server shows an older list than the known one, or another one under the same number.
    void aListThatGoesBackFailsTheMessage()
    {
        QFETCH(bool, fork);
        Desk desk;
        desk.goOnline();
        const DeviceIdentity tablet = desk.annasNext();
        const wire::SignedDeviceManifest first = desk.anna.newest;
        const wire::SignedDeviceManifest other = desk.anna.list({desk.annasNext()});
        desk.anna.newest = first; // and now what the device itself saw follow
        desk.anna.version = 1;
        QVERIFY(desk.learns({desk.anna.list({tablet})}));
        const MessageId id = desk.compose("hello");
        QVERIFY(desk.sent());
        wire::Conflict conflict;
        *conflict.mutable_device_list()->add_manifests() = fork ? other : first;
        desk.conflictTo(desk.server.lastId(), conflict);
        QCOMPARE(desk.stateOf(id), OutboxState::Failed);
        QVERIFY(!desk.sent());
        QVERIFY((*desk.directory->manifest(desk.anna.user()))->find(tablet.device) != nullptr);
    }
    void aListOfSomebodyElseFailsTheMessage()
    {
        Desk desk;
        desk.goOnline();
        const MessageId id = desk.compose("hello");
        QVERIFY(desk.sent());
        SyncPerson eve(desk.random, wallFromMillis(Desk::serverMs));
        wire::Conflict conflict;
        *conflict.mutable_device_list()->add_manifests() = eve.list();
        desk.conflictTo(desk.server.lastId(), conflict);
        QCOMPARE(desk.stateOf(id), OutboxState::Failed);
        QVERIFY(!desk.sent());
    }
    void aRestoredServerSaysWhichNumberItExpects()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("a");
        const auto first = desk.sent();
        wire::Conflict conflict;
        conflict.mutable_send_no()->set_expected(5);
        desk.conflictTo(desk.server.lastId(), conflict);
        const auto again = desk.sent();
        QVERIFY(first && again && again->send_no() == 5);
        QCOMPARE(again->body(), first->body());
    }
    /// In one generation a server forgets nothing that it accepted, unless its data was put back from an older copy.
    void aServerThatForgotAMessageGetsNoNumberTwice()
    {
        Desk desk;
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({anasRow(1)})));
        desk.goOnline();
        desk.compose("accepted");
        QVERIFY(desk.sent());
        desk.accept(desk.server.lastId(), 2);
        const MessageId id = desk.compose("after that");
        QVERIFY(desk.sent());
        wire::Conflict conflict;
        conflict.mutable_send_no()->set_expected(1);
        desk.conflictTo(desk.server.lastId(), conflict);
        QCOMPARE(desk.connection->fact().state, net::ConnectionState::Unreachable);
        QVERIFY(desk.connection->fact().words.find("kithd restored") != std::string::npos);
        QCOMPARE((*desk.store->outbox().find(id))->sendNo, SendNo{std::uint64_t{2}});
        QCOMPARE(desk.stateOf(id), OutboxState::Sealed);
    }
    void aCutLogIsFetchedBeforeAnythingGoesOut()
    {
        Desk desk;
        desk.goOnline();
        desk.compose("a");
        const Bytes first = bytesOf(desk.sent());
        wire::Conflict conflict;
        conflict.mutable_cut()->set_generation(2);
        desk.conflictTo(desk.server.lastId(), conflict);
        QCOMPARE(desk.catchUps, 1);
        desk.compose("b");
        desk.time.pass(Millis{20'000});
        QVERIFY(desk.transport.silence());
        desk.outbox->caughtUp(testLog);
        desk.time.settle();
        QCOMPARE(bytesOf(desk.sent()), first);
    }
    /// However much waits behind one closed lane, what was written to others later goes at once.
    void aPausedConversationHoldsUpNoOther()
    {
        Desk desk;
        const LogId notes = idOf<LogId>(0x22);
        KITH_VERIFY_OK(desk.store->conversations().ensure(notes, ConversationType::Direct, desk.me.user(),
                                                          RequestState::Accepted));
        desk.crypto.withoutSession.insert(desk.anna.device().device);
        desk.goOnline();
        for (int i = 0; i < 300; ++i)
            desk.compose("behind keys that do not come");
        QVERIFY(desk.server.hear<wire::ClaimKeysRequest>(wire::CLAIM_KEYS));
        QVERIFY(desk.transport.silence());
        desk.compose("a note", notes);
        const auto note = desk.sent();
        QVERIFY(note && note->log_id() == notes.bytes());
    }
    /// A device without a session: its keys are asked for once; what was sealed meanwhile is thrown away unsent, and
    /// other conversations go on.
    void missingKeysAreClaimedOnce()
    {
        Desk desk;
        const LogId notes = idOf<LogId>(0x22);
        KITH_VERIFY_OK(desk.store->conversations().ensure(notes, ConversationType::Direct, desk.me.user(),
                                                          RequestState::Accepted));
        desk.crypto.withoutSession.insert(desk.anna.device().device);
        desk.goOnline();
        desk.compose("to somebody without keys");
        const auto claim = desk.server.hear<wire::ClaimKeysRequest>(wire::CLAIM_KEYS);
        const std::uint64_t asked = desk.server.lastId();
        QVERIFY(claim && claim->user_id() == desk.anna.user().bytes() && claim->device_ids_size() == 1);
        desk.compose("a note", notes);
        const auto note = desk.sent();
        QVERIFY(note && note->log_id() == notes.bytes());
        QVERIFY(desk.server.answerTo(asked, wire::CLAIM_KEYS, wire::ClaimKeysResponse())); // it has none to give
        desk.time.settle();
        // It will ask for a resend when it reads; nobody waits for it here.
        const auto send = desk.sent();
        QVERIFY(send && send->log_id() == testLog.bytes());
        QCOMPARE(send->send_no(), 1U);
        QCOMPARE(send->envelopes_size(), 0);
        QVERIFY(!desk.server.hear<wire::ClaimKeysRequest>(wire::CLAIM_KEYS));
    }
    /// A server that puts another key in the place of the pinned one gets nothing, and the person reads why.
    /// Otherwise the one who was written to would have to ask for it again.
    void aLogThatComesLevelDoesNotHurryAClaim()
    {
        Desk desk;
        desk.crypto.withoutSession.insert(desk.anna.device().device);
        desk.goOnline();
        const MessageId id = desk.compose("with a key for Ana");
        QVERIFY(desk.server.hear<wire::ClaimKeysRequest>(wire::CLAIM_KEYS));
        desk.outbox->caughtUp(testLog);
        desk.time.settle();
        QVERIFY(desk.transport.silence());
        QCOMPARE(desk.stateOf(id), OutboxState::Queued);
    }
    void nothingIsSealedForAnotherKeyThanThePinnedOne()
    {
        Desk desk;
        desk.crypto.withoutSession.insert(desk.anna.device().device);
        desk.goOnline();
        const MessageId id = desk.compose("for Ana alone");
        QVERIFY(desk.server.hear<wire::ClaimKeysRequest>(wire::CLAIM_KEYS));
        SyncPerson eve(desk.random, desk.clock.wall());
        eve.account.user = eve.account.device.identity.user = desk.anna.user();
        wire::ClaimKeysResponse answer;
        *answer.mutable_manifest() = eve.list();
        QVERIFY(desk.server.answer(answer));
        desk.time.settle();
        QVERIFY(desk.transport.silence());
        QCOMPARE(desk.stateOf(id), OutboxState::Failed);
        const auto row = desk.store->messages().find(id);
        for (const SyncPerson* person : {&desk.anna, &eve}) {
            const Bytes fingerprint = identityFingerprint(person->account.identity.publicKey);
            QVERIFY((*row)->failure->words.find(toHex(fingerprint)) != std::string::npos);
        }
        QCOMPARE(desk.store->contacts().find(desk.anna.user()).value()->trust, TrustState::Changed);
    }
};

QTEST_GUILESS_MAIN(OutboxTest)
#include "OutboxTest.moc"
