#include "core/base/KeyVault.h"

namespace kith
{

std::string_view ErrorTraits<KeyVaultError>::name(KeyVaultError code)
{
    switch (code) {
    case KeyVaultError::Unavailable:
        return "unavailable";
    case KeyVaultError::NotFound:
        return "not_found";
    case KeyVaultError::WrongSecret:
        return "wrong_secret";
    case KeyVaultError::Damaged:
        return "damaged";
    }
    return "unknown";
}

} // namespace kith
