#pragma once
/// People: handles, names, blocks, and whether the server shows another identity key than the pinned one (the pins
/// themselves are SqlIdentityStore's). Owned by ClientStore. Thread: the engine thread.

#include "core/domain/Contact.h"
#include "core/store/StoreContext.h"

#include <optional>
#include <vector>

namespace kith
{

class ContactStore
{
public:
    explicit ContactStore(StoreContext& context) : context_(context) {}

    [[nodiscard]] Result<std::optional<Contact>> find(const UserId& user);
    [[nodiscard]] Result<std::optional<Contact>> findByHandle(std::string_view handle);
    /// Sorted by handle.
    [[nodiscard]] Result<std::vector<Contact>> all();

    /// Creates the contact where it is new; a handle that another contact had moves here (the server's word), but never
    /// away from somebody verified: then this contact has none.
    [[nodiscard]] Result<void> setHandle(const UserId& user, std::string_view handle);
    [[nodiscard]] Result<void> setDisplayName(const UserId& user, std::string_view name);
    [[nodiscard]] Result<void> setNickname(const UserId& user, std::string_view name);
    [[nodiscard]] Result<void> setBlocked(const UserId& user, bool blocked);
    /// The server shows `key`, which is not the pinned one; empty: the difference is settled.
    [[nodiscard]] Result<void> setOfferedKey(const UserId& user, ByteView key);

private:
    StoreContext& context_;
};

} // namespace kith
