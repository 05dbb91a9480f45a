#include "core/store/ReaderStore.h"

#include "tests/support/base/ManualExecutor.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace kith;
using namespace kith::test;

class ReaderStoreTest : public QObject
{
    Q_OBJECT

    template <class T> static T take(QFuture<Result<T>> future)
    {
        future.waitForFinished();
        return future.result().value();
    }

private Q_SLOTS:
    void readsCommittedRowsAlone()
    {
        TestStore store;
        prepare(*store);
        auto reader = std::move(store.reader()).value();
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        QCOMPARE(take(reader->newest(testLog, 10)).size(), 1U);
        {
            auto transaction = store->begin();
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2)})));
            QCOMPARE(take(reader->newest(testLog, 10)).size(), 1U);
            KITH_VERIFY_OK(transaction->commit());
        }
        const auto rows = take(reader->newest(testLog, 10));
        QCOMPARE(rows.size(), 2U);
        QCOMPARE(take(reader->around(rows[0].id, 5, 5)).size(), 2U);
    }
    void oneJobSeesOneSnapshot()
    {
        TestStore store;
        prepare(*store);
        auto reader = std::move(store.reader()).value();
        std::atomic<bool> stop{false};
        std::thread writer([&] {
            for (std::uint64_t seq = 1; !stop; ++seq)
                if (!store->inbox().commit(batchOf({anasRow(seq)})).ok())
                    qFatal("commit failed");
        });
        for (int i = 0; i < 200; ++i) {
            const bool consistent = take(reader->read<bool>([](StoreReads& reads) -> Result<bool> {
                KITH_TRY(const auto first, reads.conversations.find(testLog));
                KITH_TRY(const auto rows, reads.messages.range(testLog, seqOf(1), seqOf(1'000'000)));
                KITH_TRY(const auto again, reads.conversations.find(testLog));
                const std::size_t stored = std::min<std::size_t>(first->cursor.value(), MessageStore::maxWindow);
                return rows.size() == stored && first->cursor == again->cursor;
            }));
            QVERIFY(consistent);
        }
        stop = true;
        writer.join();
    }
    void anErrorOfAJobIsItsResult()
    {
        TestStore store;
        prepare(*store);
        auto reader = std::move(store.reader()).value();
        auto future = reader->newest(idOf<LogId>(0x66), 1);
        future.waitForFinished();
        KITH_VERIFY_FAILS(future.result(), StoreError::NotFound);
    }
    void whatWasAskedForIsAnsweredBeforeTheEnd()
    {
        TestStore store;
        prepare(*store);
        std::vector<QFuture<Result<std::vector<Message>>>> futures;
        {
            auto reader = std::move(store.reader()).value();
            for (int i = 0; i < 50; ++i)
                futures.push_back(reader->newest(testLog, 1));
        }
        for (const auto& future : futures)
            QVERIFY(future.isFinished());
    }
    void aSubscriptionThatIsGoneHearsNothing()
    {
        TestStore store;
        prepare(*store);
        ManualExecutor executor;
        int heard = 0;
        {
            const auto subscription = store->changes().subscribe(executor, [&](const auto&) { ++heard; });
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        }
        QVERIFY(executor.runOne()); // posted before it went
        QCOMPARE(heard, 0);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2)})));
        QVERIFY(!executor.runOne());
    }
    void everySubscriberHearsOnItsOwnExecutor()
    {
        TestStore store;
        prepare(*store);
        ManualExecutor one;
        ManualExecutor two;
        int first = 0;
        int second = 0;
        const auto a = store->changes().subscribe(one, [&](const auto&) { ++first; });
        const auto b = store->changes().subscribe(two, [&](const auto&) { ++second; });
        KITH_VERIFY_OK(store->contacts().setBlocked(ana, true));
        one.runAll();
        QCOMPARE(first, 1);
        QCOMPARE(second, 0);
        KITH_VERIFY_OK(store->contacts().setBlocked(ana, false));
        one.runAll();
        two.runAll();
        QCOMPARE(first, 2);
        QCOMPARE(second, 1); // joined
    }
};

QTEST_GUILESS_MAIN(ReaderStoreTest)
#include "ReaderStoreTest.moc"
