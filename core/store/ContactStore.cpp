#include "core/store/ContactStore.h"

#include "core/domain/Text.h"

namespace kith
{
namespace
{

constexpr std::size_t maxHandleSize = 32;
constexpr std::size_t keySize = 32;

std::string contacts(std::string_view conditions)
{
    return "SELECT c.user_id, c.handle, c.display_name, c.nickname, c.blocked, c.offered_key, i.identity_key, "
           "i.verification FROM contact c LEFT JOIN identity i ON i.user_id = c.user_id " +
           std::string(conditions);
}

TrustState trustOf(const sqlite::Statement& row)
{
    if (!row.blobView(5).empty())
        return TrustState::Changed;
    if (row.isNull(6))
        return TrustState::Unknown;
    switch (row.integer(7)) { // core/e2ee's Verification
    case 1:
        return TrustState::ByLink;
    case 2:
        return TrustState::Verified;
    default:
        return TrustState::FirstUse;
    }
}

Contact contactFrom(const sqlite::Statement& row)
{
    Contact contact;
    contact.user = row.id<UserId>(0);
    contact.handle = row.text(1);
    contact.displayName = row.text(2);
    contact.nickname = row.text(3);
    contact.blocked = row.integer(4) != 0;
    contact.offeredKey = row.blob(5);
    contact.identityKey = row.blob(6);
    contact.trust = trustOf(row);
    return contact;
}

Result<std::optional<Contact>> one(sqlite::Statement statement)
{
    KITH_TRY(const bool found, statement.step());
    return found ? std::optional(contactFrom(statement)) : std::nullopt;
}

template <class Value>
Result<void> set(StoreContext& context, const UserId& user, std::string_view sql, const Value& value)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context.database));
    KITH_CHECK(context.database.run("INSERT INTO contact (user_id) VALUES (?) ON CONFLICT (user_id) DO NOTHING", user));
    KITH_CHECK(context.database.run(sql, user, value));
    context.changes.contactsChanged.insert(user);
    return transaction.commit();
}

} // namespace

Result<std::optional<Contact>> ContactStore::find(const UserId& user)
{
    static const std::string sql = contacts("WHERE c.user_id = ?");
    KITH_TRY(auto statement, context_.database.query(sql, user));
    return one(std::move(statement));
}

Result<std::optional<Contact>> ContactStore::findByHandle(std::string_view handle)
{
    static const std::string sql = contacts("WHERE c.handle = ? AND c.handle <> ''");
    KITH_TRY(auto statement, context_.database.query(sql, sqlite::Text{handle}));
    return one(std::move(statement));
}

Result<std::vector<Contact>> ContactStore::all()
{
    static const std::string sql = contacts("ORDER BY c.handle, c.user_id");
    KITH_TRY(auto statement, context_.database.query(sql));
    std::vector<Contact> found;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return found;
        found.push_back(contactFrom(statement));
    }
}

Result<void> ContactStore::setHandle(const UserId& user, std::string_view handle)
{
    if (handle.size() > maxHandleSize || !isValidText(handle))
        return Error::make(StoreError::Invalid, "a handle has at most 32 characters");
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run("UPDATE contact SET handle = '' WHERE handle = ? AND user_id <> ? AND user_id NOT "
                                     "IN (SELECT user_id FROM identity WHERE verification > 0)",
                                     sqlite::Text{handle}, user));
    KITH_CHECK(set(context_, user,
                   "UPDATE contact SET handle = iif(EXISTS (SELECT 1 FROM contact WHERE handle = ?2 AND user_id <> "
                   "?1), '', ?2) WHERE user_id = ?1",
                   sqlite::Text{handle}));
    return transaction.commit();
}

Result<void> ContactStore::setDisplayName(const UserId& user, std::string_view name)
{
    if (!isValidDisplayName(name))
        return Error::make(StoreError::Invalid, "a display name is one line of at most 256 octets");
    return set(context_, user, "UPDATE contact SET display_name = ?2 WHERE user_id = ?1", sqlite::Text{name});
}

Result<void> ContactStore::setNickname(const UserId& user, std::string_view name)
{
    if (!isValidDisplayName(name))
        return Error::make(StoreError::Invalid, "a nickname is one line of at most 256 octets");
    return set(context_, user, "UPDATE contact SET nickname = ?2 WHERE user_id = ?1", sqlite::Text{name});
}

Result<void> ContactStore::setBlocked(const UserId& user, bool blocked)
{
    return set(context_, user, "UPDATE contact SET blocked = ?2 WHERE user_id = ?1", blocked);
}

Result<void> ContactStore::setOfferedKey(const UserId& user, ByteView key)
{
    if (!key.empty() && key.size() != keySize)
        return Error::make(StoreError::Invalid, "an identity key has 32 octets");
    return set(context_, user, "UPDATE contact SET offered_key = ?2 WHERE user_id = ?1", key);
}

} // namespace kith
