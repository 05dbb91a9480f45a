#pragma once
/// The storage of a single server: the engine on RocksDB with one writer thread that commits everything waiting with
/// one fsync. Owned by the composition root. Thread: as Storage.h says; made and destroyed on one thread.

#include "server/storage/embedded/RocksKv.h"
#include "server/storage/engine/EngineStorage.h"

#include <condition_variable>
#include <thread>

namespace kith::server
{

class EmbeddedStorage final : public EngineStorage
{
public:
    struct Options {
        RocksKv::Options rocks;
        Limits limits;
        /// Told the first failed write, on the writer's thread: reads go on, the process is to end with non-zero.
        std::function<void(const Error&)> onStopped;
    };

    /// `clock` and `random` outlive it; `random` is used on the writer's thread. Errors of RocksKv::open, and TooNew.
    [[nodiscard]] static Result<std::unique_ptr<EmbeddedStorage>> open(Options options, const Clock& clock,
                                                                       Random& random);
    /// Ends a repair (RocksCheck.h): the store counts as whole again.
    [[nodiscard]] Result<void> acceptLoss() { return rocks_->acceptLoss(); }
    /// Ends after the group in flight; what waits is refused with Stopped. For an orderly end flush() first.
    ~EmbeddedStorage() override;

private:
    EmbeddedStorage(std::unique_ptr<RocksKv> kv, Options options, const Clock& clock, Random& random);
    void wake() override;
    void stopped(const Error& error) override;
    void run();
    [[nodiscard]] bool isClosing()
    {
        const std::scoped_lock lock(wakeMutex_);
        return closing_;
    }

    std::unique_ptr<RocksKv> rocks_;
    std::function<void(const Error&)> onStopped_;
    std::mutex wakeMutex_; ///< Guards the two flags.
    std::condition_variable wakeUp_;
    bool woken_ = false;
    bool closing_ = false;
    std::thread writer_; ///< Last: it uses all of the above.
};

} // namespace kith::server
