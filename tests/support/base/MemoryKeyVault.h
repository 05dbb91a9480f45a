#pragma once
/// KeyVault in memory: the twin of keychain and passphrase file. Owned by the test. Thread: one.

#include "core/base/KeyVault.h"

#include <map>
#include <optional>

namespace kith::test
{

class MemoryKeyVault final : public KeyVault
{
public:
    Result<Bytes> load(const std::string& name) override
    {
        if (failure)
            return *failure;
        const auto found = keys.find(name);
        if (found == keys.end())
            return Error::make(KeyVaultError::NotFound, "nothing is stored under that name");
        return found->second;
    }
    Result<void> save(const std::string& name, ByteView key) override
    {
        if (failure)
            return *failure;
        keys[name] = Bytes(key);
        return {};
    }
    Result<void> remove(const std::string& name) override
    {
        if (failure)
            return *failure;
        keys.erase(name);
        return {};
    }

    std::map<std::string, Bytes> keys;
    std::optional<Error> failure; ///< What every call answers while it is set.
};

} // namespace kith::test
