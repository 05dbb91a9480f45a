#include "server/SeenTime.h"

#include <charconv>

namespace kith::server
{
namespace
{

RecordKey settingKey(std::string_view name)
{
    return {Bucket{}, Table::Setting, Bytes(name)};
}

Result<std::optional<std::int64_t>> number(const Storage& storage, std::string_view name)
{
    KITH_TRY(const auto record, storage.get(settingKey(name)));
    if (!record)
        return std::optional<std::int64_t>{};
    std::int64_t value = 0;
    const char* end = record->value.data() + record->value.size();
    const auto parsed = std::from_chars(record->value.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        return Error::make(StorageError::Damaged, "The store's setting '" + Bytes(name) + "' does not parse.");
    return std::optional(value);
}

} // namespace

Result<std::optional<WallTime>> seenTime(const Storage& storage)
{
    KITH_TRY(const auto seen, number(storage, "server.seen"));
    return seen ? std::optional(wallFromMillis(*seen)) : std::optional<WallTime>{};
}

void keepSeenTime(Storage& storage, WallTime seen)
{
    Transaction transaction;
    transaction.writes.push_back({settingKey("server.seen"), std::to_string(toMillis(seen))});
    storage.submit(std::move(transaction), [](const Result<Committed>&) {}); // a later start compares with an older one
}

} // namespace kith::server
