#include "core/models/ConversationListModel.h"

#include "core/net/QtTimers.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace kith;
using namespace kith::test;

namespace
{

struct World {
    World() : reader(std::move(store.reader()).value()), model(*reader, store->changes(), executor, live) {}

    LogId addChat(int number, const std::string& name, RequestState request = RequestState::Accepted)
    {
        Bytes octets(LogId::size - 2, '\x33');
        appendBigEndian16(octets, static_cast<std::uint16_t>(number));
        const auto log = *LogId::fromBytes(octets);
        const auto peer = *UserId::fromBytes(octets);
        if (!store->contacts().setHandle(peer, "person" + std::to_string(number)).ok())
            qFatal("the store refused");
        if (!store->contacts().setDisplayName(peer, name).ok())
            qFatal("the store refused");
        if (!store->conversations().ensure(log, ConversationType::Direct, peer, request).ok())
            qFatal("the store refused");
        return log;
    }
    void say(const LogId& log, std::uint64_t seq, std::int64_t atMs, const std::string& text = "hello")
    {
        InboxRow row = anasRow(seq, text);
        row.serverTime = wallFromMillis(atMs);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({row}, log)));
    }
    [[nodiscard]] QString name(int row) const
    {
        return model.index(row).data(ConversationListModel::NameRole).toString();
    }

    TestStore store;
    net::QtExecutor executor;
    LiveFacts live;
    std::unique_ptr<ReaderStore> reader;
    ConversationListModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
};

} // namespace

class ConversationListModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isEmptyWithoutChats()
    {
        World world;
        QTRY_VERIFY(world.model.isReady());
        QCOMPARE(world.model.rowCount(), 0);
        QCOMPARE(world.model.total(), 0);
    }
    void theNewestIsOnTopAndMovesThere()
    {
        World world;
        const LogId mara = world.addChat(1, "Mara Lindqvist");
        const LogId theo = world.addChat(2, "Theo");
        world.say(mara, 1, 1000);
        world.say(theo, 1, 2000, "a line\nand another");
        QTRY_COMPARE(world.model.rowCount(), 2);
        QTRY_COMPARE(world.name(0), QStringLiteral("Theo"));
        QTRY_COMPARE(world.model.index(0).data(ConversationListModel::PreviewRole).toString(),
                     QStringLiteral("a line and another"));
        const QPersistentModelIndex row = world.model.index(1);
        const QSignalSpy moves(&world.model, &QAbstractItemModel::rowsMoved);
        const QSignalSpy resets(&world.model, &QAbstractItemModel::modelReset);
        world.say(mara, 2, 3000);
        QTRY_COMPARE(world.name(0), QStringLiteral("Mara Lindqvist"));
        QCOMPARE(moves.size(), 1);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(row.row(), 0); // the same row, elsewhere
        QTRY_COMPARE(row.data(ConversationListModel::UnreadRole).toInt(), 2);
        QCOMPARE(row.data(ConversationListModel::InitialsRole).toString(), QStringLiteral("ML"));
    }
    void filters()
    {
        World world;
        const LogId mara = world.addChat(1, "Mara Lindqvist");
        world.addChat(2, "Theo");
        world.addChat(3, "A stranger", RequestState::Incoming);
        world.addChat(4, "Gone", RequestState::Declined);
        world.say(mara, 1, 1000);
        QTRY_COMPARE(world.model.rowCount(), 2);
        QTRY_COMPARE(world.model.requests(), 1);
        QTRY_COMPARE(world.model.unreadChats(), 1);
        world.model.setShow(ConversationListModel::Show::Unread);
        QTRY_COMPARE(world.model.rowCount(), 1);
        QCOMPARE(world.name(0), QStringLiteral("Mara Lindqvist"));
        KITH_VERIFY_OK(world.store->marks().setRead(mara, seqOf(1)));
        QTRY_COMPARE(world.model.rowCount(), 0);
        QCOMPARE(world.model.total(), 2);
        world.model.setShow(ConversationListModel::Show::Requests);
        QTRY_COMPARE(world.model.rowCount(), 1);
        QCOMPARE(world.name(0), QStringLiteral("A stranger"));
    }
    void findsByNameAndHandle()
    {
        World world;
        world.addChat(1, "Mara Lindqvist");
        world.addChat(2, "Theo");
        QTRY_COMPARE(world.model.rowCount(), 2);
        world.model.setQuery(QStringLiteral(" LIND "));
        QTRY_COMPARE(world.model.rowCount(), 1);
        world.model.setQuery(QStringLiteral("person2"));
        QTRY_COMPARE(world.name(0), QStringLiteral("Theo"));
        world.model.setQuery(QStringLiteral("nobody"));
        QTRY_COMPARE(world.model.rowCount(), 0);
        world.model.setQuery({});
        QTRY_COMPARE(world.model.rowCount(), 2);
    }
    void growsAsItIsScrolled()
    {
        World world;
        const auto added = world.store->write([&]() -> Result<void> {
            for (int number = 1; number <= 150; ++number)
                world.addChat(number, "Person " + std::to_string(number));
            return {};
        });
        QVERIFY(added.ok());
        ConversationListModel model(*world.reader, world.store->changes(), world.executor, world.live);
        QTRY_COMPARE(model.total(), 150);
        QCOMPARE(model.rowCount(), 60); // the tester of world.model asks for more, nobody does here
        while (model.canFetchMore({})) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
        QCOMPARE(model.rowCount(), 150);
        QTRY_COMPARE(world.model.rowCount(), 150);
    }
    void liveFactsAreShownAndForgotten()
    {
        World world;
        const LogId log = world.addChat(1, "Mara");
        QTRY_COMPARE(world.model.rowCount(), 1);
        const QModelIndex row = world.model.index(0);
        world.live.setTyping(log, true);
        QVERIFY(row.data(ConversationListModel::TypingRole).toBool());
        world.live.setOnline(world.model.rows().front().peer, true);
        QVERIFY(row.data(ConversationListModel::OnlineRole).toBool());
        world.live.forget();
        QVERIFY(!row.data(ConversationListModel::TypingRole).toBool());
        QVERIFY(!row.data(ConversationListModel::OnlineRole).toBool());
    }
};

QTEST_GUILESS_MAIN(ConversationListModelTest)
#include "ConversationListModelTest.moc"
