#include "core/store/RollbackGuard.h"

#include <utility>

namespace kith
{
namespace
{

constexpr std::size_t incarnationSize = 16;

/// A vault holds 32 octets a name: incarnation 16 | counter 8 | zero 8.
Bytes encode(const StateStamp& stamp)
{
    Bytes bytes = stamp.incarnation;
    appendBigEndian(bytes, stamp.counter);
    appendBigEndian(bytes, 0);
    return bytes;
}

} // namespace

RollbackGuard::RollbackGuard(AccountStore& account, KeyVault& vault, std::string name)
    : account_(account), vault_(vault), name_(std::move(name) + ".state")
{
}

Result<StateStamp> RollbackGuard::vaultStamp()
{
    auto stored = vault_.load(name_);
    if (!stored.ok()) {
        if (stored.error().is(KeyVaultError::NotFound))
            return StateStamp{};
        return std::move(stored).error();
    }
    const ByteView bytes = stored.value();
    if (bytes.size() != incarnationSize + 16)
        return Error::make(KeyVaultError::Damaged, "the stamp of this profile's state is damaged");
    return StateStamp{Bytes(bytes.substr(0, incarnationSize)), readBigEndian(bytes.substr(incarnationSize, 8))};
}

Result<void> RollbackGuard::save(const StateStamp& stamp)
{
    // The database first: stopped in between, it is one ahead, which is no roll-back.
    KITH_CHECK(account_.setStamp(stamp));
    return vault_.save(name_, encode(stamp));
}

Result<StateVerdict> RollbackGuard::check(Random& random)
{
    KITH_TRY(StateStamp here, account_.stamp());
    KITH_TRY(const StateStamp there, vaultStamp());
    KITH_TRY(const auto account, account_.load());
    if (here.incarnation.empty()) {
        // Made before the first stamp. With an account in it, it is older than what the vault has seen.
        if (!there.incarnation.empty() && account)
            return StateVerdict::RolledBack;
        KITH_CHECK(startOver(random));
        return StateVerdict::Continues;
    }
    const bool stoppedAtTheFirst = there.incarnation.empty() && here.counter == 1;
    if (!stoppedAtTheFirst && there.incarnation != here.incarnation)
        return StateVerdict::Foreign;
    if (here.counter < there.counter)
        return StateVerdict::RolledBack;
    ++here.counter;
    KITH_CHECK(save(here));
    return StateVerdict::Continues;
}

Result<void> RollbackGuard::startOver(Random& random)
{
    return save({random.bytes(incarnationSize), 1});
}

} // namespace kith
