#pragma once
/// The server's rules, whole, over memory twins on a virtual clock: a disk that can die at any step, one executor that
/// runs when the test says so, a gateway that keeps what the bus brought it. Owned by the test. Thread: the test's.

#include "server/bus/local/LocalBus.h"
#include "server/chat/Chat.h"
#include "server/chat/ChatError.h"
#include "server/limits/TokenBuckets.h"
#include "server/registry/local/LocalRegistry.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/MemoryStorage.h"
#include "tests/support/server/TestPeople.h"

namespace kith::test
{

/// Rates over token buckets; `on` = false lets everything through.
class TestRates final : public server::Rates
{
public:
    TestRates(const Clock& clock, const server::Limits& limits) : buckets_(clock), limits_(limits) {}
    [[nodiscard]] Millis take(server::Rate rate, ByteView key) override;
    bool on = false;

private:
    server::TokenBuckets buckets_;
    const server::Limits& limits_;
};

/// Bodies that say in words what they are.
class PlainRecords final : public server::SystemRecords
{
public:
    [[nodiscard]] Bytes conversationAdded(LogId log, UserId peer, bool request) const override;
    [[nodiscard]] Bytes conversationLeft(LogId log) const override;
    [[nodiscard]] Bytes devicesChanged(std::uint64_t version) const override;
    [[nodiscard]] Bytes blockChanged(UserId user, bool blocked) const override;
    [[nodiscard]] Bytes requestAccepted(UserId user) const override;
};

class ChatWorld
{
public:
    explicit ChatWorld(MemoryKv::Buckets buckets = MemoryKv::Buckets::Together);
    ~ChatWorld();
    ChatWorld(const ChatWorld&) = delete;
    ChatWorld& operator=(const ChatWorld&) = delete;

    FakeClock clock;
    SeededRandom random;
    MemoryKv disk;
    ManualExecutor executor;
    server::ChatConfig config; ///< Open registration; taken at restart().
    TestRates rates;

    [[nodiscard]] server::Chat& chat() { return *chat_; }
    [[nodiscard]] server::Storage& storage() { return *storage_; }
    [[nodiscard]] server::LocalBus& bus() { return bus_; }
    [[nodiscard]] server::LocalRegistry& registry() { return registry_; }

    /// The process ends (or its machine died: MemoryKv::crash) and starts again, with Chat::start.
    void restart();
    /// The machine dies when the `steps`th step from now on reaches the disk.
    void crashAfter(std::size_t steps);
    void run() { executor.runAll(); }

    /// Runs until the call is answered. Unavailable "died" where it never is; a second answer is a failure.
    template <class T> [[nodiscard]] Result<T> wait(const std::function<void(server::Done<T>)>& call);

    [[nodiscard]] server::RegisterRequest registration(TestPerson& person, Bytes invite = {});
    [[nodiscard]] Result<server::Registered> tryRegister(TestPerson& person, Bytes invite = {});
    /// Registered, with 10 one-time pre-keys.
    [[nodiscard]] TestPerson person(Bytes handle);
    [[nodiscard]] server::Caller caller(const TestPerson& person, std::size_t device = 0);
    [[nodiscard]] Result<std::uint64_t> link(TestPerson& person);
    [[nodiscard]] Result<std::uint64_t> revoke(TestPerson& person, std::size_t device);
    /// Of a to b; `accepted`: b has accepted it.
    [[nodiscard]] LogId conversation(const TestPerson& a, const TestPerson& b, bool accepted = true);

    /// A message of `from` with envelopes and list versions for all devices of both as they stand. Its send_no is used.
    [[nodiscard]] server::SendMessage message(TestPerson& from, const TestPerson& to, LogId log, Bytes body,
                                              std::size_t device = 0);
    [[nodiscard]] Result<server::Sent> send(const TestPerson& from, server::SendMessage message,
                                            std::size_t device = 0);
    [[nodiscard]] Result<server::Sent> send(TestPerson& from, const TestPerson& to, LogId log, Bytes body);
    [[nodiscard]] Result<server::PageView> page(const TestPerson& reader, LogId log, Seq after = {},
                                                std::size_t device = 0);
    [[nodiscard]] Result<void> ack(const TestPerson& reader, LogId log, std::uint64_t cursor, std::uint64_t delivered,
                                   std::uint64_t read, std::vector<Seq> unopened = {}, std::size_t device = 0);
    /// Bodies of the account's log, as PlainRecords wrote them.
    [[nodiscard]] std::vector<Bytes> accountRecords(const TestPerson& person);

    /// From here on the world's gateway holds a connection of `person`.
    void connect(const TestPerson& person);
    /// What the gateway was told since the last call, of one kind, with whom it concerns.
    template <class Event> struct Told {
        std::vector<UserId> users;
        Event event;
    };
    template <class Event> [[nodiscard]] std::vector<Told<Event>> told();

private:
    void open();

    PlainRecords records_;
    server::LocalBus bus_;
    server::LocalRegistry registry_;
    server::GatewayId gateway_;
    std::vector<std::shared_ptr<const server::BusEvent>> events_;
    std::unique_ptr<MemoryStorage> storage_;
    std::unique_ptr<server::Chat> chat_;
};

template <class T> Result<T> ChatWorld::wait(const std::function<void(server::Done<T>)>& call)
{
    struct Answer {
        std::optional<Result<T>> result;
        int count = 0;
    };
    const auto answer = std::make_shared<Answer>();
    call([answer](Result<T> result) {
        answer->result = std::move(result);
        ++answer->count;
    });
    run();
    if (answer->count == 1)
        return std::move(*answer->result);
    return Error::make(server::ChatError::Unavailable, answer->count == 0 ? "died" : "answered twice");
}

template <class Event> std::vector<ChatWorld::Told<Event>> ChatWorld::told()
{
    run();
    std::vector<Told<Event>> found;
    std::erase_if(events_, [&](const auto& event) {
        const auto* what = std::get_if<Event>(&event->what);
        if (what != nullptr)
            found.push_back({event->users, *what});
        return what != nullptr;
    });
    return found;
}

} // namespace kith::test
