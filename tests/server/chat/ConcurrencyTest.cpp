#include "core/crypto/SodiumRandom.h"
#include "server/chat/ChatError.h"
#include "tests/support/server/ChatWorld.h"

#include <QTest>

#include <condition_variable>
#include <deque>
#include <set>
#include <thread>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

namespace
{

/// A strand with a thread of its own.
class Strand final : public Executor
{
public:
    Strand() : thread_([this] { run(); }) {}
    ~Strand() override
    {
        post([this] { ended_ = true; });
        thread_.join();
    }
    void post(std::function<void()> work) override
    {
        const std::scoped_lock lock(mutex_);
        work_.push_back(std::move(work));
        wake_.notify_one();
    }

private:
    void run()
    {
        while (!ended_) {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return !work_.empty(); });
            const std::function<void()> work = std::move(work_.front());
            work_.pop_front();
            lock.unlock();
            work();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> work_;
    bool ended_ = false; ///< Of the thread.
    std::thread thread_;
};

/// Counts answers of many calls, and waits for the last.
class Answers
{
public:
    explicit Answers(int expected) : open_(expected) {}
    void one()
    {
        const std::scoped_lock lock(mutex_);
        if (--open_ == 0)
            all_.notify_all();
    }
    [[nodiscard]] bool wait()
    {
        std::unique_lock lock(mutex_);
        return all_.wait_for(lock, std::chrono::seconds(50), [this] { return open_ <= 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable all_;
    int open_;
};

} // namespace

/// Callers on strands of their own, the storage's writer and the jobs on others: nothing is lost, doubled or torn.
class ConcurrencyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void manyStrandsSendBlockLinkAndClaim();
};

void ConcurrencyTest::manyStrandsSendBlockLinkAndClaim()
{
    constexpr int senders = 4;
    constexpr int messages = 100;
    ChatWorld world;
    std::vector<TestPerson> people;
    for (int i = 0; i < senders; ++i)
        people.push_back(world.person("sender" + std::to_string(i)));
    TestPerson hub = world.person("hub");
    std::vector<LogId> logs;
    for (const TestPerson& person : people)
        logs.push_back(world.conversation(person, hub));

    // Everything is made here: the world's randomness belongs to this thread.
    std::vector<std::vector<SendMessage>> sends(senders);
    for (int i = 0; i < senders; ++i) {
        for (int n = 0; n < messages; ++n)
            sends[i].push_back(world.message(people[i], hub, logs[i], "m" + std::to_string(n)));
    }

    SodiumRandom random;
    Strand writer;
    auto storage = MemoryStorage::open(world.disk, world.clock, random, writer);
    QVERIFY(storage.ok());
    LocalBus bus(*NodeId::fromBytes(Bytes(16, 'n')));
    LocalRegistry registry(world.clock);
    Strand gateway;
    std::set<std::pair<LogId, Seq>> hinted; // Of the gateway's thread.
    const GatewayId gatewayId = *GatewayId::fromBytes(Bytes(16, 'g'));
    bus.subscribe(gatewayId, gateway, [&](const BusMessage& message) {
        if (const auto* hint = std::get_if<Hint>(&message.event->what))
            hinted.emplace(hint->log, hint->to);
    });
    registry.renew(gatewayId, std::chrono::hours(1));
    registry.add(hub.user, gatewayId);
    TestRates rates(world.clock, world.config.limits);
    const PlainRecords records;
    Strand jobs;
    std::vector<std::unique_ptr<Strand>> strands;
    for (int i = 0; i < senders; ++i)
        strands.push_back(std::make_unique<Strand>());
    {
        Chat chat({**storage, bus, registry, world.clock, random, rates, records, jobs}, world.config);
        std::vector<Caller> callers;
        for (int i = 0; i < senders; ++i) {
            callers.push_back(world.caller(people[i]));
            callers.back().strand = strands[i].get();
        }
        Answers answers(senders * (messages + 10));
        std::atomic<int> accepted{0};
        std::mutex mutex;
        std::multiset<std::uint32_t> keys;
        for (int n = 0; n < messages; ++n) {
            for (int i = 0; i < senders; ++i) {
                chat.messages.send(callers[i], sends[i][n], [&](const Result<Sent>& sent) {
                    accepted += sent.ok() ? 1 : 0;
                    answers.one();
                });
                if (n % 10 != 0)
                    continue;
                chat.preKeys.claim(callers[i], hub.user, {}, [&](const Result<ClaimedKeys>& claimed) {
                    if (claimed.ok() && claimed->bundles[0].oneTimePreKey) {
                        const std::scoped_lock lock(mutex);
                        keys.insert(claimed->bundles[0].oneTimePreKey->id);
                    }
                    answers.one();
                });
            }
            if (n % 10 == 5)
                chat.tick();
        }
        QVERIFY(answers.wait());
        QCOMPARE(accepted.load(), senders * messages);
        for (const std::uint32_t id : keys)
            QCOMPARE(keys.count(id), std::size_t{1});
        QCOMPARE(keys.size(), std::size_t{10});
        Answers drained(1);
        jobs.post([&] { drained.one(); });
        QVERIFY(drained.wait());
        strands.clear();
    }
    for (int i = 0; i < senders; ++i) {
        const auto page = (*storage)->read(logs[i], {}, 1000, 1U << 20);
        QCOMPARE(page->entries.size(), std::size_t{messages + 1});
        for (int n = 0; n < messages; ++n)
            QCOMPARE(page->entries[n + 1].body, "m" + std::to_string(n));
    }
    Answers drained(1);
    gateway.post([&] { drained.one(); });
    QVERIFY(drained.wait());
    QCOMPARE(hinted.size(), std::size_t{senders * messages});
    bus.unsubscribe(gatewayId);
    Answers closed(1);
    writer.post([&] {
        storage->reset();
        closed.one();
    });
    QVERIFY(closed.wait());
}

QTEST_GUILESS_MAIN(ConcurrencyTest)
#include "ConcurrencyTest.moc"
