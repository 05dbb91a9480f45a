#pragma once
/// The own account, the server's address and pins, and what a connection needs to go on where it stopped. Owned by
/// ClientStore. Thread: the engine thread.

#include "core/domain/OwnAccount.h"
#include "core/store/StoreContext.h"

#include <optional>

namespace kith
{

/// Kept outside the database too, so that an old copy of it is noticed (RollbackGuard).
struct StateStamp {
    Bytes incarnation;         ///< 16 octets; empty: never stamped.
    std::uint64_t counter = 0; ///< +1 whenever the store is opened.

    friend bool operator==(const StateStamp&, const StateStamp&) = default;
};

class AccountStore
{
public:
    explicit AccountStore(StoreContext& context) : context_(context) {}

    /// Nothing before the first save.
    [[nodiscard]] Result<std::optional<OwnAccount>> load();
    [[nodiscard]] Result<void> save(const OwnAccount& account);

    /// Opaque, from Authenticate; empty: none. Saves the handshake, never a position.
    [[nodiscard]] Result<Bytes> resumeToken();
    [[nodiscard]] Result<void> setResumeToken(ByteView token);
    /// From the last completed catch-up; 0: ask for everything.
    [[nodiscard]] Result<std::uint64_t> activityToken();
    [[nodiscard]] Result<void> setActivityToken(std::uint64_t token);

    /// Time spent online since registration: what deadlines of waiting messages count in (P7).
    [[nodiscard]] Result<Millis> onlineTime();
    [[nodiscard]] Result<void> addOnlineTime(Millis span);

    [[nodiscard]] Result<StateStamp> stamp();
    [[nodiscard]] Result<void> setStamp(const StateStamp& stamp);

private:
    StoreContext& context_;
};

} // namespace kith
