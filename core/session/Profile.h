#pragma once
/// A person's directory on this machine: the encrypted database and what opens it. One process at a time. It may be
/// moved: its key rests in the vault under the name that the file profile.id holds, 32 hexadecimal digits. Owned by the
/// composition root, outlives the Session. Engine thread.

#include "core/base/KeyVault.h"
#include "core/base/Random.h"
#include "core/crypto/SecretBytes.h"
#include "core/session/SessionError.h"
#include "core/store/ClientStore.h"
#include "core/store/ReaderStore.h"

#include <memory>
#include <string>

namespace kith
{

class Profile
{
public:
    enum class Missing { Refuse, Create };

    /// `directory` is made (0700) for Create; without a database and with Refuse the answer is NotRegistered. A new
    /// database key is drawn, kept in `vault` first, and only then used. Damaged where the vault says that there was a
    /// database and there is none now, or an empty one: nothing is made in its place.
    [[nodiscard]] static Result<std::unique_ptr<Profile>> open(const std::string& directory, KeyVault& vault,
                                                               Random& random, Missing missing);

    [[nodiscard]] ClientStore& store() { return *store_; }
    /// Reading beside the store, on a thread of its own.
    [[nodiscard]] Result<std::unique_ptr<ReaderStore>> openReader() const;

private:
    Profile(std::unique_ptr<ClientStore> store, std::string file, SecretBytes key)
        : store_(std::move(store)), file_(std::move(file)), key_(std::move(key))
    {
    }

    std::unique_ptr<ClientStore> store_;
    std::string file_;
    SecretBytes key_;
};

} // namespace kith
