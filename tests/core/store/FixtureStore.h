#pragma once
/// The store that a fixture of tests/fixtures/store is made of: a row of every kind. Change it only together with a new
/// schema version; what exists stays as it is.

#include "core/store/ClientStore.h"
#include "tests/support/store/Rows.h"

namespace kith::test
{

inline SecretBytes fixtureKey()
{
    return SecretBytes::copyOf(Bytes(32, '\x42'));
}

inline Result<void> fillFixture(ClientStore& store)
{
    OwnAccount account;
    account.user = self;
    account.device = selfDevice;
    account.incarnation = Bytes(16, '\x01');
    account.handle = "me";
    account.displayName = "Me Myself";
    account.accountLog = idOf<LogId>(0xac);
    account.server = {"wss://kith.example:7443", Bytes(16, '\x02'), Bytes(32, '\x03')};
    account.registered = true;
    KITH_CHECK(store.account().save(account));
    KITH_CHECK(store.account().setResumeToken("token"));
    KITH_CHECK(store.account().setActivityToken(490'896));
    KITH_CHECK(store.account().addOnlineTime(Millis{60'000}));
    KITH_CHECK(store.account().setStamp({Bytes(16, '\x04'), 7}));

    KITH_CHECK(store.identities().saveOwnDevice("own device"));
    KITH_CHECK(store.identities().saveIdentitySecret(Bytes(64, '\x05')));
    KITH_CHECK(store.identities().saveIdentity(
        ana, {*Ed25519PublicKey::fromBytes(Bytes(32, '\x06')), Verification::Compared, 3, "signed manifest"}));
    KITH_CHECK(store.contacts().setHandle(ana, "ana"));
    KITH_CHECK(store.contacts().setDisplayName(ana, "Ana"));
    KITH_CHECK(store.contacts().setNickname(ana, "Annie"));
    KITH_CHECK(store.contacts().setOfferedKey(idOf<UserId>(0xc0), Bytes(32, '\x07')));
    KITH_CHECK(store.contacts().setBlocked(idOf<UserId>(0xc0), true));

    KITH_CHECK(store.sessions().saveSessions({ana, anaDevice}, "session state"));
    const auto pair = [](std::uint32_t id) {
        return PreKeyPair{PreKeyId{id},
                          {*X25519PublicKey::fromBytes(Bytes(32, '\x08')), *X25519SecretKey::copyOf(Bytes(32, '\x09'))},
                          wallFromMillis(1'767'225'600'000)};
    };
    KITH_CHECK(store.preKeys().saveSignedPreKey(pair(1)));
    KITH_CHECK(store.preKeys().saveOneTimePreKey(pair(2)));
    KITH_CHECK(store.preKeys().addSeenBaseKey(PreKeyId{1U}, *X25519PublicKey::fromBytes(Bytes(32, '\x0a'))));

    ConversationStore& conversations = store.conversations();
    KITH_CHECK(conversations.ensure(testLog, ConversationType::Direct, ana, RequestState::Accepted));
    KITH_CHECK(conversations.ensure(account.accountLog, ConversationType::Account, {}, RequestState::Accepted));
    KITH_CHECK(
        conversations.ensure(idOf<LogId>(0x30), ConversationType::Direct, idOf<UserId>(0xc0), RequestState::Incoming));
    InboxRow unknown = anasRow(2, "");
    unknown.kind = MessageKind::Unknown;
    unknown.raw = "later kind";
    InboxRow reply = anasRow(3, "a reply");
    reply.replyTo = MessageReference{ana, anasRow(1).clientMsgId, anasRow(1).commitment};
    KITH_CHECK(store.inbox().commit(batchOf({anasRow(1), unknown, reply, waitingRow(4)})));
    KITH_TRY(MessageId first, store.outbox().compose(textTo(testLog, 1, "accepted"), self, selfDevice));
    KITH_TRY(MessageId second, store.outbox().compose(textTo(testLog, 2, "sealed"), self, selfDevice));
    KITH_CHECK(store.outbox().compose(textTo(testLog, 3, "queued"), self, selfDevice));
    KITH_TRY(const MessageId failed, store.outbox().compose(textTo(testLog, 4, "failed"), self, selfDevice));
    KITH_CHECK(store.outbox().reject(failed, Error::make(StoreError::Refused, "refused")));
    KITH_CHECK(store.outbox().seal(first, "bytes 1", Bytes(32, 'c'), "secret 1"));
    KITH_CHECK(store.outbox().seal(second, "bytes 2", Bytes(32, 'd'), "secret 2"));
    KITH_CHECK(store.outbox().accept(first, {at(5), wallFromMillis(1'767'225'700'000), chainOf(5)}));
    KITH_CHECK(store.inbox().commit(batchOf({ownRow(5, messageIdOf(1))})));
    ConversationMarks marks;
    marks.generation = Generation{std::uint64_t{1}};
    marks.revision = 4;
    marks.members = {{ana, seqOf(5), seqOf(3)}, {self, seqOf(4), seqOf(2)}};
    return store.marks().apply(testLog, marks, self);
}

inline Result<void> writeFixture(const std::string& path)
{
    KITH_TRY(auto store, ClientStore::open({path, {}}, fixtureKey()));
    return store->write([&] { return fillFixture(*store); });
}

} // namespace kith::test
