#include "server/chat/keys/KeyRecords.h"

namespace kith::server
{

namespace
{

constexpr std::size_t everyKey = 10'000; ///< Far above what a device may hold.

} // namespace

void writeFirstKeys(Transaction& transaction, UserId user, DeviceId device, const PreKeyUpload& keys)
{
    PreKeyRecord record;
    record.signedPreKey = *keys.signedPreKey;
    record.kem = keys.kem;
    for (const OneTimePreKey& key : keys.oneTimePreKeys) {
        record.highestId = key.id;
        transaction.writes.push_back({oneTimePreKeyKey(user, device, key.id), key.publicKey});
    }
    transaction.writes.push_back({preKeyKey(user, device), encode(record)});
}

Result<void> eraseKeys(const Storage& storage, Transaction& transaction, UserId user, DeviceId device)
{
    const RecordKey record = preKeyKey(user, device);
    KITH_TRY(const auto signedKey, storage.get(record));
    transaction.expects.push_back({record, signedKey ? signedKey->version : 0});
    transaction.writes.push_back({record, std::nullopt});
    KITH_TRY(const auto rows, storage.scan(record.bucket, Table::OneTimePreKey, record.key, {}, everyKey));
    for (const Record& row : rows)
        transaction.writes.push_back({{record.bucket, Table::OneTimePreKey, row.key}, std::nullopt});
    return {};
}

Result<std::uint32_t> countOneTimeKeys(const Storage& storage, UserId user, DeviceId device, std::size_t limit)
{
    const RecordKey record = preKeyKey(user, device);
    KITH_TRY(const auto rows, storage.scan(record.bucket, Table::OneTimePreKey, record.key, {}, limit));
    return static_cast<std::uint32_t>(rows.size());
}

} // namespace kith::server
