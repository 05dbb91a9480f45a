#pragma once
/// How many connections there are, of all and by address, and who may have one more (P9). Nobody signs in on a
/// connection before it stands, so that many idle or bogus ones of one address must not take the places of all others.
/// Owned by whoever accepts; tickets must not outlive it. Thread: any.

#include "core/base/Bytes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kith::server
{

struct ConnectionLimits {
    std::int64_t all = 20'000;
    std::int64_t ofAddress = 4000;       ///< A carrier's or a campus's address translation has thousands behind it.
    std::int64_t unknownOfAddress = 256; ///< Not signed in yet.
    std::int64_t refusedAtOnce = 128;    ///< Of all, above the limits: they are told why. Further ones are cut.
    std::int64_t refusedOfAddressAtOnce = 16;
};

class ConnectionCounts
{
public:
    /// One connection; gives its place back when it is destroyed.
    class Ticket
    {
    public:
        Ticket(ConnectionCounts& counts, std::string address, bool refused);
        ~Ticket();
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;

        /// There is no place for it; it may hear so.
        [[nodiscard]] bool refused() const { return refused_; }
        /// It has shown whose it is. Once or more.
        void signedIn();

    private:
        ConnectionCounts& counts_;
        const std::string address_; ///< Empty: not counted by address.
        const bool refused_;
        bool unknown_ = true;
    };

    explicit ConnectionCounts(const ConnectionLimits& limits) : limits_(limits) {}

    /// Null: no place, and too many are hearing so already. Empty `address`: counted among all only.
    [[nodiscard]] std::shared_ptr<Ticket> enter(ByteView address);
    /// Addresses that are remembered.
    [[nodiscard]] std::size_t addresses() const;

private:
    struct Count {
        std::int64_t all = 0;
        std::int64_t unknown = 0;
        std::int64_t refused = 0;
        void operator+=(const Count& more)
        {
            all += more.all;
            unknown += more.unknown;
            refused += more.refused;
        }
    };

    /// Under the lock.
    void add(const std::string& address, const Count& count);

    const ConnectionLimits limits_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Count> byAddress_;
    Count total_;
};

} // namespace kith::server
