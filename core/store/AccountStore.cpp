#include "core/store/AccountStore.h"

namespace kith
{
namespace
{

Result<Bytes> blobOf(sqlite::Database& database, std::string_view sql)
{
    KITH_TRY(auto row, database.query(sql));
    KITH_TRY(const bool found, row.step());
    return found ? row.blob(0) : Bytes{};
}

Result<std::int64_t> integerOf(sqlite::Database& database, std::string_view sql)
{
    KITH_TRY(auto row, database.query(sql));
    KITH_TRY(const bool found, row.step());
    return found ? row.integer(0) : 0;
}

} // namespace

Result<std::optional<OwnAccount>> AccountStore::load()
{
    KITH_TRY(auto row, context_.database.query(
                           "SELECT user_id, device_id, incarnation, handle, display_name, account_log, server_url, "
                           "server_id, server_pin, registered, read_receipts FROM account WHERE user_id IS NOT NULL"));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return std::optional<OwnAccount>{};
    OwnAccount account;
    account.user = row.id<UserId>(0);
    account.device = row.id<DeviceId>(1);
    account.incarnation = row.blob(2);
    account.handle = row.text(3);
    account.displayName = row.text(4);
    account.accountLog = row.id<LogId>(5);
    account.server = {row.text(6), row.blob(7), row.blob(8)};
    account.registered = row.integer(9) != 0;
    account.readReceipts = row.integer(10) != 0;
    return std::optional(account);
}

Result<void> AccountStore::save(const OwnAccount& account)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run(
        "UPDATE account SET user_id = ?, device_id = ?, incarnation = ?, handle = ?, display_name = ?, "
        "account_log = ?, server_url = ?, server_id = ?, server_pin = ?, registered = ?, read_receipts = ?",
        account.user, account.device, account.incarnation, sqlite::Text{account.handle},
        sqlite::Text{account.displayName}, account.accountLog, sqlite::Text{account.server.url},
        account.server.serverId, account.server.pinnedKey, account.registered, account.readReceipts));
    context_.changes.accountChanged = true;
    return transaction.commit();
}

Result<Bytes> AccountStore::resumeToken()
{
    return blobOf(context_.database, "SELECT resume_token FROM account");
}

Result<void> AccountStore::setResumeToken(ByteView token)
{
    return context_.database.run("UPDATE account SET resume_token = ?", token);
}

Result<std::uint64_t> AccountStore::activityToken()
{
    KITH_TRY(const std::int64_t token, integerOf(context_.database, "SELECT activity_token FROM account"));
    return static_cast<std::uint64_t>(token);
}

Result<void> AccountStore::setActivityToken(std::uint64_t token)
{
    return context_.database.run("UPDATE account SET activity_token = ?", token);
}

Result<Millis> AccountStore::onlineTime()
{
    KITH_TRY(const std::int64_t time, integerOf(context_.database, "SELECT online_ms FROM account"));
    return Millis{time};
}

Result<void> AccountStore::addOnlineTime(Millis span)
{
    if (span < Millis{0})
        return Error::make(StoreError::Invalid, "time online does not shrink");
    return context_.database.run("UPDATE account SET online_ms = online_ms + ?", span);
}

Result<StateStamp> AccountStore::stamp()
{
    KITH_TRY(auto row, context_.database.query("SELECT stamp_incarnation, stamp_counter FROM account"));
    KITH_TRY(const bool found, row.step());
    return found ? StateStamp{row.blob(0), static_cast<std::uint64_t>(row.integer(1))} : StateStamp{};
}

Result<void> AccountStore::setStamp(const StateStamp& stamp)
{
    return context_.database.run("UPDATE account SET stamp_incarnation = ?, stamp_counter = ?", stamp.incarnation,
                                 stamp.counter);
}

} // namespace kith
