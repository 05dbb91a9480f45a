#include "core/store/ConversationStore.h"

#include "core/store/ConversationList.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class ConversationStoreTest : public QObject
{
    Q_OBJECT

    static Conversation conversation(TestStore& store) { return **store->conversations().find(testLog); }
    /// The list as a reader of its own sees it.
    static std::vector<Conversation> list(TestStore& store)
    {
        auto reader = store.reader();
        auto future = (*reader)->conversations(100);
        future.waitForFinished();
        return future.result().value();
    }

private Q_SLOTS:
    void aKnownLogKeepsWhatItHas()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        QCOMPARE(store->conversations().ensure(testLog, ConversationType::Direct, ana, RequestState::Incoming).value(),
                 false);
        QCOMPARE(conversation(store).request, RequestState::Accepted);
        QCOMPARE(conversation(store).cursor, seqOf(1));
        QCOMPARE(store->conversations().findDirect(ana).value()->log, testLog);
        QVERIFY(!store->conversations().findDirect(self).value());
        // One conversation a pair: the server never gives a second.
        QVERIFY(!store->conversations()
                     .ensure(idOf<LogId>(0x31), ConversationType::Direct, ana, RequestState::Accepted)
                     .ok());
    }
    void headsOnlyRise()
    {
        TestStore store;
        prepare(*store);
        const Generation one{std::uint64_t{1}};
        const Generation two{std::uint64_t{2}};
        KITH_VERIFY_OK(store->conversations().noteHead({testLog, one, seqOf(5), seqOf(1), seqOf(1)}));
        KITH_VERIFY_OK(store->conversations().noteHead({testLog, one, seqOf(3), seqOf(1), seqOf(1)}));
        QCOMPARE(conversation(store).head, seqOf(5));
        QCOMPARE(store->conversations().behind(10)->size(), 1U);
        for (std::uint64_t seq = 1; seq <= 5; ++seq)
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(seq)})));
        QVERIFY(store->conversations().behind(10)->empty());
        // Another generation is something to fetch, whatever its numbers.
        KITH_VERIFY_OK(store->conversations().noteHead({testLog, two, seqOf(4), seqOf(1), seqOf(1)}));
        QCOMPARE(store->conversations().behind(10)->size(), 1U);
        KITH_VERIFY_OK(store->conversations().noteHead({testLog, one, seqOf(99), seqOf(1), seqOf(1)}));
        QCOMPARE(conversation(store).head, seqOf(4));
        KITH_VERIFY_FAILS(store->conversations().noteHead({idOf<LogId>(0x66), one, seqOf(1), {}, {}}),
                          StoreError::NotFound);
    }
    void theListIsSortedByWhatHappenedLast()
    {
        TestStore store;
        prepare(*store);
        const LogId other = idOf<LogId>(0x20);
        const LogId request = idOf<LogId>(0x30);
        KITH_VERIFY_OK(
            store->conversations().ensure(other, ConversationType::Direct, idOf<UserId>(0xc0), RequestState::Outgoing));
        KITH_VERIFY_OK(store->conversations().ensure(request, ConversationType::Direct, idOf<UserId>(0xd0),
                                                     RequestState::Incoming));
        KITH_VERIFY_OK(
            store->conversations().ensure(idOf<LogId>(0xac), ConversationType::Account, {}, RequestState::Accepted));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2)}, other)));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3, "please")}, request)));
        auto shown = list(store);
        QCOMPARE(shown.size(), 2U); // neither requests nor the account log
        QCOMPARE(shown[0].log, other);
        QCOMPARE(shown[0].last->position, std::optional(at(2)));
        QCOMPARE(shown[0].unread, 2U);
        // Something unsent comes to the top, whatever any clock says, and stays in place when it is accepted.
        const auto id = store->outbox().compose(textTo(testLog, 1), self, selfDevice);
        shown = list(store);
        QCOMPARE(shown[0].log, testLog);
        QCOMPARE(shown[0].last->id, *id);
        KITH_VERIFY_OK(store->outbox().seal(*id, "b", Bytes(32, 'c'), ""));
        const WallTime time = wallFromMillis(1'767'225'600'000 + 50'000);
        KITH_VERIFY_OK(store->outbox().accept(*id, {at(2), time, chainOf(2)}));
        shown = list(store);
        QCOMPARE(shown[0].log, testLog);
        QCOMPARE(shown[0].activity, time);

        auto reader = store.reader();
        auto requests = (*reader)->read<std::vector<Conversation>>(
            [](StoreReads& reads) { return reads.conversations.requests(10); });
        requests.waitForFinished();
        QCOMPARE(requests.result()->size(), 1U);
        QCOMPARE(requests.result()->at(0).last->text, std::string("please"));
    }
    void hiddenRowsAreNobodysLastMessage()
    {
        TestStore store;
        prepare(*store);
        InboxRow control = anasRow(2, "");
        control.kind = MessageKind::Control;
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), control})));
        QCOMPARE(list(store)[0].last->position, std::optional(at(1)));
        QCOMPARE(conversation(store).unread, 1U);
    }
    void accountsComeBackWhole()
    {
        TestStore store;
        QVERIFY(!store->account().load().value());
        prepare(*store);
        OwnAccount account = store->account().load().value().value();
        account.displayName = "Ünï";
        account.server = {"wss://h:1", Bytes(16, '\x0e'), Bytes(32, '\x0f')};
        KITH_VERIFY_OK(store->account().save(account));
        KITH_VERIFY_OK(store->account().setResumeToken(Bytes("\0t", 2)));
        KITH_VERIFY_OK(store->account().setActivityToken(77));
        store.crash();
        const OwnAccount back = store->account().load().value().value();
        QCOMPARE(back.displayName, account.displayName);
        QCOMPARE(back.server, account.server);
        QCOMPARE(back.user, self);
        QVERIFY(back.registered);
        QCOMPARE(store->account().resumeToken().value(), Bytes("\0t", 2));
        QCOMPARE(store->account().activityToken().value(), 77U);
    }
    void contactsShowWhatIsPinnedAndWhatIsOffered()
    {
        TestStore store;
        prepare(*store);
        ContactStore& contacts = store->contacts();
        QCOMPARE(contacts.find(ana).value()->trust, TrustState::Unknown);
        const auto key = *Ed25519PublicKey::fromBytes(Bytes(32, '\x01'));
        const auto changed = *Ed25519PublicKey::fromBytes(Bytes(32, '\x02'));
        KITH_VERIFY_OK(store->identities().saveIdentity(ana, {key, Verification::ByLink, 1, "m"}));
        QCOMPARE(contacts.find(ana).value()->trust, TrustState::ByLink);
        QCOMPARE(contacts.find(ana).value()->identityKey, key.bytes());
        KITH_VERIFY_OK(contacts.setOfferedKey(ana, changed.view()));
        QCOMPARE(contacts.find(ana).value()->trust, TrustState::Changed);
        KITH_VERIFY_OK(store->identities().saveIdentity(ana, {changed, Verification::None, 2, "m"}));
        QCOMPARE(contacts.find(ana).value()->trust, TrustState::FirstUse); // settled by accepting it
        KITH_VERIFY_FAILS(contacts.setOfferedKey(ana, "short"), StoreError::Invalid);

        // A handle is one person's at a time.
        KITH_VERIFY_OK(contacts.setHandle(idOf<UserId>(0xc0), "ana"));
        QCOMPARE(contacts.findByHandle("ana").value()->user, idOf<UserId>(0xc0));
        QCOMPARE(contacts.find(ana).value()->handle, std::string());
        QVERIFY(!contacts.findByHandle("").value());
        // But the server cannot give a verified person's name to another.
        KITH_VERIFY_OK(store->identities().saveIdentity(idOf<UserId>(0xc0), {key, Verification::ByLink, 1, "m"}));
        KITH_VERIFY_OK(contacts.setHandle(ana, "ana"));
        QCOMPARE(contacts.findByHandle("ana").value()->user, idOf<UserId>(0xc0));
        QCOMPARE(contacts.find(ana).value()->handle, std::string());
        KITH_VERIFY_OK(contacts.setDisplayName(ana, "Ana"));
        KITH_VERIFY_FAILS(contacts.setDisplayName(ana, "A\nB"), StoreError::Invalid);
        QCOMPARE(contacts.find(ana).value()->shownName(), std::string("Ana"));
        KITH_VERIFY_OK(contacts.setNickname(ana, "Annie"));
        QCOMPARE(contacts.find(ana).value()->shownName(), std::string("Annie"));
        KITH_VERIFY_OK(contacts.setBlocked(ana, true));
        QVERIFY(contacts.find(ana).value()->blocked);
        QCOMPARE(contacts.all()->size(), 2U);
    }
};

QTEST_APPLESS_MAIN(ConversationStoreTest)
#include "ConversationStoreTest.moc"
