#pragma once
/// Storage and rules without a network: what the server stands on, and what operator commands open when no server runs.
/// Owned by Server or by one command. Thread: made and destroyed on one; `chat()` from any.

#include "core/crypto/SodiumRandom.h"
#include "server/DataDirectory.h"
#include "server/bus/local/LocalBus.h"
#include "server/chat/Chat.h"
#include "server/config/ServerConfig.h"
#include "server/gateway/ThreadExecutor.h"
#include "server/gateway/calls/WireSystemRecords.h"
#include "server/limits/TokenBuckets.h"
#include "server/registry/local/LocalRegistry.h"
#include "server/storage/embedded/EmbeddedStorage.h"

#include <memory>

namespace kith::server
{

class ServerCore
{
public:
    /// Opens the store, which locks the data directory, and finishes what a crash left. `onStopped`: the storage
    /// failed, told once on its own thread.
    /// `mayWrite` is asked before anything but the start is written.
    [[nodiscard]] static Result<std::unique_ptr<ServerCore>>
    open(const DataDirectory& data, const ServerConfig& config, std::function<void(const Error&)> onStopped,
         const std::function<Result<void>(ServerCore&)>& mayWrite = {});
    /// Where the store lies, and what memory it gets.
    [[nodiscard]] static RocksKv::Options rocksOptions(const DataDirectory& data, const ServerConfig& config);
    ~ServerCore();
    ServerCore(const ServerCore&) = delete;
    ServerCore& operator=(const ServerCore&) = delete;

    [[nodiscard]] Chat& chat() { return *chat_; }
    [[nodiscard]] Storage& storage() { return *storage_; }
    [[nodiscard]] Bus& bus() { return *bus_; }
    [[nodiscard]] Registry& registry() { return registry_; }
    [[nodiscard]] Clock& clock() { return clock_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] Executor& jobs() { return jobs_; }
    [[nodiscard]] const Bytes& serverId() const { return serverId_; }

    /// Waits until everything accepted is on stable storage, or the storage has failed.
    [[nodiscard]] Result<void> flush();
    /// Ends the job strand; nothing is asked of chat any more.
    void stop();

private:
    /// Joins the port of chat with the buckets.
    class BucketRates final : public Rates
    {
    public:
        BucketRates(const Clock& clock, const Limits& limits) : buckets_(clock), limits_(limits) {}
        [[nodiscard]] Millis take(Rate rate, ByteView key) override;

    private:
        TokenBuckets buckets_;
        const Limits limits_;
    };

    explicit ServerCore(const ServerConfig& config);

    SystemClock clock_;
    SodiumRandom random_;
    Bytes serverId_;
    BucketRates rates_;
    WireSystemRecords records_;
    LocalRegistry registry_;
    std::unique_ptr<LocalBus> bus_;
    std::unique_ptr<EmbeddedStorage> storage_;
    std::unique_ptr<Chat> chat_;
    ThreadExecutor jobs_; ///< Last: its work uses all of the above.
};

} // namespace kith::server
