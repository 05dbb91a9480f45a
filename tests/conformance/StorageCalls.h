#pragma once
/// The storage port's calls as tests like them: waiting for the completion, and builders of small transactions. Owned
/// by a suite. Thread: the test's.

#include "tests/conformance/StorageFixture.h"

#include <future>

namespace kith::test
{

/// Ids that are recognisable and differ: `salt` in every octet but the last, which is `n`.
template <class Id> [[nodiscard]] Id testId(char salt, int n)
{
    Bytes octets(Id::size, salt);
    octets.back() = static_cast<char>(n);
    octets[Id::size - 2] = static_cast<char>(n >> 8);
    return *Id::fromBytes(octets);
}
[[nodiscard]] inline LogId testLog(int n)
{
    return testId<LogId>('l', n);
}
[[nodiscard]] inline UserId testUser(int n)
{
    return testId<UserId>('u', n);
}
[[nodiscard]] inline DeviceId testDevice(int n)
{
    return testId<DeviceId>('d', n);
}

[[nodiscard]] server::NewEntry systemEntry(ByteView body);
/// A message of device `device`, with everything that its number does not imply derived from `number`.
[[nodiscard]] server::NewEntry messageEntry(int device, std::uint64_t number, ByteView body = "body");
[[nodiscard]] server::Transaction appendTo(LogId log, std::vector<server::NewEntry> entries);

class StorageCalls
{
public:
    explicit StorageCalls(StorageFixture& fixture) : fixture_(fixture) {}

    [[nodiscard]] Result<server::Committed> commit(server::Transaction transaction);
    /// One message of testDevice(device).
    [[nodiscard]] Result<server::Accepted> send(LogId log, int device, std::uint64_t number, ByteView body = "body");
    /// Waits for `applied` alone.
    [[nodiscard]] Result<server::MarkResult> mark(server::MarkUpdate update);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<std::size_t> trim(WallTime before, std::size_t maxLogs);
    /// Until nothing waits; the number of calls it took.
    [[nodiscard]] std::size_t trimAll(WallTime before, std::size_t maxLogs = 100);
    /// All entries of a log.
    [[nodiscard]] std::vector<server::Entry> entries(LogId log);
    /// Hour of the fixture's clock.
    [[nodiscard]] std::uint64_t hour();

    /// Lets the storage work, then takes what `future` holds.
    template <class T> [[nodiscard]] T await(std::future<T> future)
    {
        fixture_.pump();
        if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            return Error::make(server::StorageError::Stopped, "The completion did not come.");
        return future.get();
    }

private:
    StorageFixture& fixture_;
};

/// A completion that fulfils a future. The promise is shared because std::function is copied.
template <class T> struct Awaited {
    std::shared_ptr<std::promise<T>> promise = std::make_shared<std::promise<T>>();
    [[nodiscard]] std::function<void(T)> done() const
    {
        return [promise = promise](T value) { promise->set_value(std::move(value)); };
    }
    [[nodiscard]] std::future<T> future() const { return promise->get_future(); }
};

} // namespace kith::test
