#include "core/models/TimelineModel.h"

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

/// A store, its reader, and a model that was empty when the tester took hold of it.
struct World {
    World() : reader(std::move(store.reader()).value()), model(*reader, store->changes(), executor, QTimeZone::utc())
    {
        prepare(*store);
    }
    void receive(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t seq = first; seq <= last;) {
            std::vector<InboxRow> rows;
            for (; seq <= last && rows.size() < InboxBatch::maxRows; ++seq)
                rows.push_back(anasRow(seq, "message " + std::to_string(seq)));
            KITH_VERIFY_OK(store->inbox().commit(batchOf(std::move(rows))));
        }
    }
    [[nodiscard]] QString text(int row) const { return model.index(row).data(TimelineModel::TextRole).toString(); }
    [[nodiscard]] bool flag(int row, int role) const { return model.index(row).data(role).toBool(); }
    [[nodiscard]] std::uint64_t newestSeq() const { return model.rows().front().seq.value(); }
    [[nodiscard]] std::uint64_t oldestSeq() const { return model.rows().back().seq.value(); }

    TestStore store;
    net::QtExecutor executor;
    std::unique_ptr<ReaderStore> reader;
    TimelineModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
};

QString message(std::uint64_t seq)
{
    return QStringLiteral("message %1").arg(seq);
}

} // namespace

class TimelineModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsAChatWithoutMessages()
    {
        World world;
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        QCOMPARE(world.model.rowCount(), 0);
        QVERIFY(world.model.reachesStart() && world.model.reachesEnd());
        QCOMPARE(world.model.dividerCount(), 0);
    }
    void opensAtTheFirstUnread()
    {
        World world;
        world.receive(1, 500);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(200)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        const int first = world.model.firstUnreadRow();
        QVERIFY(first > 0);
        QCOMPARE(world.text(first), message(201));
        QCOMPARE(world.model.dividerCount(), 300);
        QCOMPARE(world.model.unread(), 300);
        QVERIFY(!world.model.reachesStart());
        QVERIFY(!world.model.reachesEnd());
        QVERIFY(world.model.rowCount() <= 2 * static_cast<int>(TimelineRequest::page) + 1);
    }
    void everythingReadOpensAtTheEnd()
    {
        World world;
        world.receive(1, 100);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(100)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        QCOMPARE(world.text(0), message(100));
        QCOMPARE(world.model.firstUnreadRow(), -1);
        QVERIFY(world.model.reachesEnd());
    }
    /// What a person looks at keeps its row object: insertions are told as such, never as a new list.
    void insertsNeverMoveWhatIsRead()
    {
        World world;
        world.receive(1, 100);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(100)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        world.model.setVisible(10, 20); // not at the end
        const QPersistentModelIndex read = world.model.index(15);
        const QString text = read.data(TimelineModel::TextRole).toString();
        const QSignalSpy resets(&world.model, &QAbstractItemModel::modelReset);
        const QSignalSpy inserts(&world.model, &QAbstractItemModel::rowsInserted);
        world.receive(101, 130);
        QTRY_COMPARE(world.newestSeq(), 130U);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(inserts.front().at(1).toInt(), 0);
        QCOMPARE(read.data(TimelineModel::TextRole).toString(), text);
        QCOMPARE(read.row(), 45);
        QCOMPARE(world.oldestSeq(), 41U); // nothing above was let go
    }
    void pagesBothWaysWithinABound()
    {
        World world;
        world.receive(1, 1500);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(1500)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        while (!world.model.reachesStart()) {
            const auto before = world.oldestSeq();
            world.model.setVisible(world.model.rowCount() - 10, world.model.rowCount() - 1);
            QTRY_VERIFY(world.oldestSeq() < before);
            QVERIFY(world.model.rowCount() <= static_cast<int>(TimelineRequest::most));
        }
        QCOMPARE(world.oldestSeq(), 1U);
        QVERIFY(!world.model.reachesEnd());
        while (!world.model.reachesEnd()) {
            const auto before = world.newestSeq();
            world.model.setVisible(0, 10);
            QTRY_VERIFY(world.newestSeq() > before);
            QVERIFY(world.model.rowCount() <= static_cast<int>(TimelineRequest::most));
        }
        QCOMPARE(world.newestSeq(), 1500U);
        for (int row = 1; row < world.model.rowCount(); ++row)
            QCOMPARE(world.model.rows()[static_cast<std::size_t>(row - 1)].seq.value(),
                     world.model.rows()[static_cast<std::size_t>(row)].seq.value() + 1);
    }
    void aCatchUpWhileReadingTheMiddleStaysThere()
    {
        World world;
        world.receive(1, 1200);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(600)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        world.model.setVisible(30, 40);
        QTRY_VERIFY(world.model.rowCount() > 0);
        const QPersistentModelIndex read = world.model.index(world.model.firstUnreadRow());
        world.receive(1201, 3200);
        QTRY_COMPARE(world.model.unread(), 2600);
        QVERIFY(read.isValid());
        QCOMPARE(read.data(TimelineModel::TextRole).toString(), message(601));
        QVERIFY(!world.model.reachesEnd());
    }
    void aCatchUpAtTheEndFollows()
    {
        World world;
        world.receive(1, 10);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(10)));
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        world.model.setVisible(0, 9);
        world.receive(11, 3000);
        QTRY_COMPARE(world.newestSeq(), 3000U);
        QVERIFY(world.model.reachesEnd());
        QVERIFY(world.model.rowCount() <= static_cast<int>(TimelineRequest::most));
    }
    void theOwnMessageTakesTheSamePath()
    {
        World world;
        world.receive(1, 3);
        world.model.open(testLog);
        QTRY_VERIFY(world.model.isReady());
        const auto id = world.store->outbox().compose(textTo(testLog, 7, "on my way"), self, selfDevice);
        QTRY_COMPARE(world.text(0), QStringLiteral("on my way"));
        const QPersistentModelIndex row = world.model.index(0);
        QCOMPARE(row.data(TimelineModel::DeliveryRole).toString(), QStringLiteral("queued"));
        QVERIFY(row.data(TimelineModel::OwnRole).toBool());
        KITH_VERIFY_OK(world.store->outbox().seal(*id, "b", Bytes(32, 'c'), "s"));
        KITH_VERIFY_OK(world.store->outbox().handOver(*id));
        KITH_VERIFY_OK(world.store->outbox().accept(*id, {at(4), wallFromMillis(5), chainOf(4)}));
        KITH_VERIFY_OK(world.store->inbox().commit(batchOf({ownRow(4, messageIdOf(7))})));
        QTRY_COMPARE(row.data(TimelineModel::DeliveryRole).toString(), QStringLiteral("accepted"));
        KITH_VERIFY_OK(
            world.store->marks().apply(testLog, {Generation{std::uint64_t{1}}, 1, {{ana, seqOf(4), seqOf(0)}}}, self));
        QTRY_COMPARE(row.data(TimelineModel::DeliveryRole).toString(), QStringLiteral("delivered"));
        KITH_VERIFY_OK(
            world.store->marks().apply(testLog, {Generation{std::uint64_t{1}}, 2, {{ana, seqOf(4), seqOf(4)}}}, self));
        QTRY_COMPARE(row.data(TimelineModel::DeliveryRole).toString(), QStringLiteral("read"));
        QVERIFY(row.isValid());
    }
    void theDividerCountsIncomingAndStaysUntilAnswered()
    {
        World world;
        world.receive(1, 4);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(2)));
        world.model.open(testLog);
        QTRY_COMPARE(world.model.dividerCount(), 2);
        KITH_VERIFY_OK(world.store->outbox().compose(textTo(testLog, 7), self, selfDevice));
        world.receive(5, 5);
        QTRY_COMPARE(world.model.dividerCount(), 3);
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(5)));
        QTRY_COMPARE(world.model.unread(), 0);
        QCOMPARE(world.model.dividerCount(), 3);
        world.model.removeDivider();
        QCOMPARE(world.model.dividerCount(), 0);
        QTRY_COMPARE(world.model.firstUnreadRow(), -1);
    }
    void groupsAndDays()
    {
        World world;
        const auto minutes = [](std::uint64_t seq, std::int64_t offset) {
            InboxRow row = anasRow(seq, "x");
            row.serverTime = wallFromMillis(1'767'225'600'000 + offset * 60'000);
            return row;
        };
        // 00:00, 00:01 | 00:20 | next day
        KITH_VERIFY_OK(
            world.store->inbox().commit(batchOf({minutes(1, 0), minutes(2, 1), minutes(3, 20), minutes(4, 24 * 60)})));
        KITH_VERIFY_OK(world.store->marks().setRead(testLog, seqOf(4)));
        world.model.open(testLog);
        QTRY_COMPARE(world.model.rowCount(), 4);
        const auto starts = [&](int row) { return world.flag(row, TimelineModel::StartsGroupRole); };
        const auto ends = [&](int row) { return world.flag(row, TimelineModel::EndsGroupRole); };
        QVERIFY(starts(3) && !ends(3));
        QVERIFY(!starts(2) && ends(2));
        QVERIFY(starts(1) && ends(1));
        QVERIFY(starts(0) && ends(0));
        QVERIFY(world.flag(3, TimelineModel::StartsDayRole));
        QVERIFY(!world.flag(2, TimelineModel::StartsDayRole));
        QVERIFY(world.flag(0, TimelineModel::StartsDayRole));
    }
    void longTextsAreFolded()
    {
        World world;
        std::string lines;
        for (int line = 1; line <= 3000; ++line)
            lines += std::to_string(line) + (line < 3000 ? "\n" : "");
        KITH_VERIFY_OK(world.store->inbox().commit(batchOf({anasRow(1, lines), anasRow(2, "short\nenough")})));
        world.model.open(testLog);
        QTRY_COMPARE(world.model.rowCount(), 2);
        QVERIFY(!world.flag(0, TimelineModel::FoldedRole));
        QVERIFY(world.flag(1, TimelineModel::FoldedRole));
        QCOMPARE(world.text(1).count(QLatin1Char('\n')), 39);
        world.model.setUnfolded(1, true);
        QCOMPARE(world.text(1).count(QLatin1Char('\n')), 2999);
        world.model.setUnfolded(1, false);
        QCOMPARE(world.text(1).count(QLatin1Char('\n')), 39);
    }
    void anotherChatDropsTheAnswerForTheFirst()
    {
        World world;
        world.receive(1, 50);
        const auto other = idOf<LogId>(0x66);
        KITH_VERIFY_OK(world.store->conversations().ensure(other, ConversationType::Direct, idOf<UserId>(0xc0),
                                                           RequestState::Accepted));
        world.model.open(testLog);
        world.model.open(other);
        QTRY_VERIFY(world.model.isReady());
        QCOMPARE(world.model.rowCount(), 0);
        QCOMPARE(*world.model.log(), other);
        world.model.close();
        QVERIFY(!world.model.isReady());
        world.receive(51, 52); // told, and ignored
        QCoreApplication::processEvents();
        QCOMPARE(world.model.rowCount(), 0);
    }
    void aModelMayGoWhileItIsBeingRead()
    {
        TestStore store;
        prepare(*store);
        net::QtExecutor executor;
        auto reader = std::move(store.reader()).value();
        {
            TimelineModel model(*reader, store->changes(), executor, QTimeZone::utc());
            model.open(testLog);
        }
        QCoreApplication::processEvents();
    }
};

QTEST_GUILESS_MAIN(TimelineModelTest)
#include "TimelineModelTest.moc"
