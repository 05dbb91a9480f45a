#include "core/store/ClientStore.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

#include <sqlcipher/sqlite3.h>

#include <map>

using namespace kith;
using namespace kith::test;

namespace
{

/// Rows stepped over without an index, by statement, since the last clear().
std::map<std::string, int>& scans()
{
    static std::map<std::string, int> found;
    return found;
}

int note(unsigned, void*, void* statement, void*)
{
    auto* handle = static_cast<sqlite3_stmt*>(statement);
    const int steps = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    const int sorts = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_SORT, 1);
    const int indexed = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_AUTOINDEX, 1);
    if (steps > 0 || indexed > 0 || sorts > 0)
        scans()[sqlite3_sql(handle)] += steps + indexed + sorts;
    return 0;
}

int watch(sqlite3* database, char**, const void*)
{
    return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, note, nullptr);
}

LogId logOf(std::uint64_t number)
{
    Bytes bytes(8, '\x55');
    appendBigEndian(bytes, number);
    return *LogId::fromBytes(bytes);
}
UserId userOf(std::uint64_t number)
{
    return *UserId::fromBytes(logOf(number + 1'000'000).view());
}

} // namespace

/// What a person waits for, and what happens for each message, costs the same with a million of them.
class QueryPlanTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); }
    void cleanupTestCase() { sqlite3_reset_auto_extension(); }

    void nothingScans()
    {
        TestStore store;
        prepare(*store);
        for (std::uint64_t n = 0; n < 40; ++n) {
            KITH_VERIFY_OK(store->conversations().ensure(logOf(n), ConversationType::Direct, userOf(n),
                                                         n % 5 == 0 ? RequestState::Incoming : RequestState::Accepted));
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), waitingRow(2), anasRow(3)}, logOf(n))));
        }
        scans().clear();

        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), waitingRow(2), anasRow(3)})));
        const auto id = store->outbox().compose(textTo(testLog, 1), self, selfDevice);
        KITH_VERIFY_OK(store->outbox().seal(*id, "b", Bytes(32, 'c'), "s"));
        KITH_VERIFY_OK(store->outbox().handOver(*id));
        KITH_VERIFY_OK(store->outbox().accept(*id, {at(4), {}, chainOf(4)}));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({ownRow(4, messageIdOf(1))})));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(2)));
        KITH_VERIFY_OK(
            store->marks().apply(testLog, {Generation{std::uint64_t{1}}, 1, {{ana, seqOf(4), seqOf(4)}}}, self));
        KITH_VERIFY_OK(store->conversations().chainAt(testLog, at(1)));
        KITH_VERIFY_OK(store->conversations().noteHead({testLog, Generation{std::uint64_t{1}}, seqOf(9), {}, {}}));
        KITH_VERIFY_OK(store->conversations().behind(10));
        KITH_VERIFY_OK(store->marks().others(testLog, self));
        KITH_VERIFY_OK(store->outbox().queued({}, 10));
        KITH_VERIFY_OK(store->outbox().unanswered(testLog, 10));
        KITH_VERIFY_OK(store->outbox().logsToSend());
        KITH_VERIFY_OK(store->outbox().pending());
        KITH_VERIFY_OK(store->inbox().waitingFrom(ana, anaDevice));
        KITH_VERIFY_OK(store->inbox().loseExpired());
        const auto rows = store->messages().newest(testLog, 10).value();
        KITH_VERIFY_OK(store->messages().around(rows[1].id, 5, 5));
        KITH_VERIFY_OK(store->messages().range(testLog, seqOf(1), seqOf(9)));
        KITH_VERIFY_OK(store->messages().firstUnread(testLog));
        KITH_VERIFY_OK(store->messages().find(testLog, rows[1].reference()));
        KITH_VERIFY_OK(store->contacts().findByHandle("ana"));
        KITH_VERIFY_OK(store->sessions().loadSessions({ana, anaDevice}));

        auto reader = std::move(store.reader()).value();
        auto list = reader->conversations(20);
        list.waitForFinished();
        QCOMPARE(list.result()->size(), 20U);
        auto requests =
            reader->read<std::vector<Conversation>>([](StoreReads& reads) { return reads.conversations.requests(5); });
        requests.waitForFinished();
        QCOMPARE(requests.result()->size(), 5U);

        for (const auto& [sql, count] : scans()) {
            // One row there, for ever; or the order of a few rows of one author's device.
            if (sql.find("FROM account") != std::string::npos || sql.find("UPDATE account") != std::string::npos ||
                sql.find("w.sender =") != std::string::npos)
                continue;
            // Through an index that holds nothing else, as far as the limit goes.
            if ((sql.find("request = 2") != std::string::npos || sql.find("behind = 1") != std::string::npos) &&
                count < 10)
                continue;
            QFAIL((std::to_string(count) + " rows scanned or sorted by: " + sql).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(QueryPlanTest)
#include "QueryPlanTest.moc"
