#include "core/crypto/LogChain.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/MemoryStorage.h"

#include <QTest>

#include <set>

// Random transactions with random crashes, seed by seed: P1, P2, P3 and P4 hold, and no entry is without its activity
// marks. The devices behave as real ones: each resends, in order, what it has no answer for.

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

constexpr int logCount = 3;
constexpr int deviceCount = 3;

/// One device in one log: what it sent and what it was told.
struct Sender {
    DeviceId device;
    std::uint64_t acknowledged = 0;     ///< All up to here.
    std::uint64_t sent = 0;             ///< Handed to the server since its last start.
    std::vector<Accepted> firstResults; ///< By send_no - 1.
};

class World
{
public:
    World(std::uint64_t seed, MemoryKv::Buckets buckets)
        : forgets_(seed % 2 == 0), random_(seed), disk_(buckets), storeRandom_(seed + 1)
    {
        for (int i = 0; i < logCount; ++i) {
            logs_.push_back(random_.id<LogId>());
            for (int j = 0; j < deviceCount; ++j)
                senders_.push_back({random_.id<DeviceId>(), 0, 0, {}});
        }
        readers_ = {random_.id<UserId>(), random_.id<UserId>()};
        open();
    }

    void run(int steps)
    {
        for (int i = 0; i < steps && fault_.empty(); ++i) {
            const auto dice = random_.below(100);
            if (dice < 60)
                send(random_.below(senders_.size()));
            else if (dice < 80)
                executor_.runOne();
            else if (dice < 88)
                executor_.runAll();
            else if (dice < 92)
                clock_.jumpWall(Millis(static_cast<std::int64_t>(random_.below(8'000'000)) - 2'000'000));
            else if (dice < 94)
                trim();
            else
                crash();
        }
        executor_.runAll();
        check();
    }
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] int crashes() const { return crashes_; }
    [[nodiscard]] std::size_t entries() const { return entries_; }

private:
    void open()
    {
        MemoryStorage::Limits limits;
        if (forgets_)
            limits.cacheBytes = 0; // Everything is read back from the disk in every group.
        storage_ = std::move(MemoryStorage::open(disk_, clock_, storeRandom_, executor_, limits)).value();
        for (Sender& sender : senders_)
            sender.sent = sender.acknowledged; // A new connection: again from the first without an answer.
    }

    static ClientMsgId msgId(const Sender& sender, std::uint64_t number)
    {
        Bytes id = sender.device.bytes().substr(0, 8);
        appendBigEndian(id, number);
        return *ClientMsgId::fromBytes(id);
    }

    void send(std::uint64_t index)
    {
        Sender& sender = senders_[index];
        const LogId log = logs_[index / deviceCount];
        // Mostly the next one; sometimes one that was answered long ago, or not yet.
        std::uint64_t number = sender.sent + 1;
        if (sender.sent > 0 && random_.below(6) == 0)
            number = 1 + random_.below(sender.sent);
        sender.sent = std::max(sender.sent, number);

        Transaction transaction;
        transaction.bucket = bucketOf(log.view());
        Append& append = transaction.appends.emplace_back();
        append.log = log;
        for (const UserId reader : readers_)
            append.activity.push_back({reader, log});
        NewEntry& entry = append.entries.emplace_back();
        entry.senderDevice = sender.device;
        entry.clientMsgId = msgId(sender, number);
        entry.sendNo = SendNo{number};
        entry.body = Bytes(random_.below(50), 'x');
        entry.commitment = Bytes(32, static_cast<char>(number));
        if (random_.below(10) == 0)
            append.entries.emplace_back().kind = EntryKind::System;
        storage_->submit(std::move(transaction), [this, &sender, number](const Result<Committed>& committed) {
            answered(sender, number, committed);
        });
    }

    void answered(Sender& sender, std::uint64_t number, const Result<Committed>& committed)
    {
        if (!committed.ok()) {
            fail("a send was refused: " + committed.error().describe());
            return;
        }
        const Accepted& accepted = committed->accepted[0][0];
        if (number <= sender.firstResults.size()) {
            // P2: the first result for ever, or "accepted earlier" below the window.
            const Accepted& first = sender.firstResults[number - 1];
            if (!accepted.acceptedEarlier && (accepted.seq != first.seq || accepted.id != first.id))
                fail("a repeated send got another result");
            if (accepted.acceptedEarlier && number + 64 > sender.firstResults.size())
                fail("the window forgot too early");
        } else if (number == sender.firstResults.size() + 1) {
            sender.firstResults.push_back(accepted);
            sender.acknowledged = number;
        } else {
            fail("answers came out of order");
        }
    }

    void trim()
    {
        storage_->trim(clock_.wall() - std::chrono::hours(3), 2, [](const Result<std::size_t>&) {});
    }

    void crash()
    {
        ++crashes_;
        const auto dice = random_.below(3);
        if (dice == 2) { // Between two buckets of the next sync, if there is one.
            const std::size_t at = random_.below(4);
            disk_.beforeStep = [at](std::size_t step) { return step != at; };
            executor_.runOne();
            executor_.runOne();
            disk_.beforeStep = nullptr;
        }
        disk_.crash(dice == 1 ? MemoryKv::Unsynced::Kept : MemoryKv::Unsynced::Lost);
        storage_.reset();
        executor_.runAll();
        disk_.revive();
        open();
        check();
    }

    void check()
    {
        entries_ = 0;
        for (std::size_t i = 0; i < logs_.size(); ++i)
            checkLog(i);
    }

    void checkLog(std::size_t index)
    {
        const LogId log = logs_[index];
        const auto page = storage_->read(log, Seq{}, 1'000'000, std::size_t{1} << 40U);
        if (!page.ok()) {
            for (int j = 0; j < deviceCount; ++j) {
                if (senders_[index * deviceCount + static_cast<std::size_t>(j)].acknowledged > 0)
                    fail("an acknowledged log is gone: " + page.error().describe());
            }
            return;
        }
        entries_ += page->entries.size();
        Sha256Digest chain = chainStart();
        WallTime time = wallFromMillis(0);
        std::set<std::pair<DeviceId, std::uint64_t>> seen;
        for (std::size_t i = 0; i < page->entries.size(); ++i) {
            const Entry& entry = page->entries[i];
            if (entry.seq.value() != i + 1)
                fail("P3: a hole");
            chain = nextChain(chain, rowHash({entry.log, entry.generation, entry.seq, entry.senderDevice,
                                              static_cast<std::uint8_t>(entry.kind), entry.clientMsgId,
                                              *Sha256Digest::fromBytes(entry.bodyHash), entry.commitment}));
            if (entry.chain != chain.bytes())
                fail("P4: the chain does not recompute");
            if (entry.time < time)
                fail("time fell");
            time = entry.time;
            if (entry.sendNo.value() != 0 && !seen.emplace(entry.senderDevice, entry.sendNo.value()).second)
                fail("P2: a message stands twice");
        }
        for (int j = 0; j < deviceCount; ++j) {
            const Sender& sender = senders_[index * deviceCount + static_cast<std::size_t>(j)];
            for (std::uint64_t number = 1; number <= sender.acknowledged; ++number) {
                const Accepted& first = sender.firstResults[number - 1];
                if (first.seq.value() > page->entries.size() ||
                    page->entries[first.seq.value() - 1].clientMsgId != msgId(sender, number) ||
                    page->entries[first.seq.value() - 1].id != first.id)
                    fail("P1: an acknowledged message is lost");
            }
        }
        for (const UserId reader : readers_) {
            const auto moved = storage_->activity(reader, 0, LogId{}, 100);
            const auto newest = hourOf(page->head.time);
            if (newest + 2 > hourOf(clock_.wall()) && std::ranges::count(*moved, log) != 1)
                fail("P6: an entry without its activity mark");
        }
    }

    void fail(const std::string& why)
    {
        if (fault_.empty())
            fault_ = why;
    }

    const bool forgets_;
    SeededRandom random_;
    FakeClock clock_;
    ManualExecutor executor_;
    MemoryKv disk_;
    SeededRandom storeRandom_;
    std::vector<LogId> logs_;
    std::vector<Sender> senders_; ///< deviceCount for each log.
    std::vector<UserId> readers_;
    std::unique_ptr<MemoryStorage> storage_;
    std::string fault_;
    int crashes_ = 0;
    std::size_t entries_ = 0;
};

} // namespace

class StorageCrashesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void promisesHoldThroughCrashes_data()
    {
        QTest::addColumn<int>("buckets");
        QTest::newRow("one store") << static_cast<int>(MemoryKv::Buckets::Together);
        QTest::newRow("bucket by bucket") << static_cast<int>(MemoryKv::Buckets::Apart);
    }
    void promisesHoldThroughCrashes()
    {
        QFETCH(int, buckets);
        int crashes = 0;
        std::size_t entries = 0;
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            World world(seed, static_cast<MemoryKv::Buckets>(buckets));
            world.run(400);
            QVERIFY2(world.fault().empty(), ("seed " + std::to_string(seed) + ": " + world.fault()).c_str());
            crashes += world.crashes();
            entries += world.entries();
        }
        QVERIFY(crashes > 250);
        QVERIFY(entries > 1500);
    }
};

QTEST_APPLESS_MAIN(StorageCrashesTest)
#include "StorageCrashesTest.moc"
