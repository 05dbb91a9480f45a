#include "server/ServerCore.h"

#include <future>

namespace kith::server
{

Millis ServerCore::BucketRates::take(Rate rate, ByteView key)
{
    const RateLimit& limit = limits_.rate(rate);
    return buckets_.take(static_cast<std::uint8_t>(rate), key, limit.burst, limit.refill);
}

ServerCore::ServerCore(const ServerConfig& config)
    : rates_(clock_, config.limits), registry_(clock_), bus_(std::make_unique<LocalBus>(random_.id<NodeId>()))
{
}

ServerCore::~ServerCore()
{
    stop();
}

Result<std::unique_ptr<ServerCore>> ServerCore::open(const DataDirectory& data, const ServerConfig& config,
                                                     std::function<void(const Error&)> onStopped,
                                                     const std::function<Result<void>(ServerCore&)>& mayWrite)
{
    std::unique_ptr<ServerCore> core(new ServerCore(config));
    KITH_TRY(auto identity, data.identity(core->random_));
    EmbeddedStorage::Options options;
    options.rocks = rocksOptions(data, config);
    options.onStopped = std::move(onStopped);
    KITH_TRY(core->storage_, EmbeddedStorage::open(std::move(options), core->clock_, core->random_));
    if (core->storage_->renewing())
        return Error::make(StorageError::Unopened, "A restore was interrupted: the store is between two generations. "
                                                   "Run 'kithd restored' again, then start the server.");
    if (mayWrite)
        KITH_CHECK(mayWrite(*core));
    core->serverId_ = identity.id;
    ChatConfig chat;
    chat.serverId = std::move(identity.id);
    chat.serverKey = std::move(identity.key);
    chat.registrationOpen = config.registrationOpen;
    chat.usersInvite = config.usersInvite;
    chat.limits = config.limits;
    core->chat_ = std::make_unique<Chat>(ChatPorts{*core->storage_, *core->bus_, core->registry_, core->clock_,
                                                   core->random_, core->rates_, core->records_, core->jobs_},
                                         std::move(chat));
    std::promise<Result<void>> started;
    auto ready = started.get_future();
    core->chat_->start([&started](Result<void> result) { started.set_value(std::move(result)); });
    KITH_CHECK(ready.get());
    return core;
}

RocksKv::Options ServerCore::rocksOptions(const DataDirectory& data, const ServerConfig& config)
{
    RocksKv::Options options;
    options.directory = data.store();
    options.blockCacheBytes = config.blockCacheMib << 20;
    options.memtableBytes = config.memtableMib << 20;
    return options;
}

Result<void> ServerCore::flush()
{
    std::promise<Result<void>> flushed;
    auto ready = flushed.get_future();
    storage_->flush([&flushed](Result<void> result) { flushed.set_value(std::move(result)); });
    return ready.get();
}

void ServerCore::stop()
{
    jobs_.stop();
    // Completions post to strands: after this none is on its way any more.
    if (storage_)
        (void)flush().ok();
}

} // namespace kith::server
