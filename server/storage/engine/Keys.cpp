#include "server/storage/engine/Keys.h"

namespace kith::server::keys
{
namespace
{

constexpr std::size_t idSize = LogId::size;

Bytes withHead(Bucket bucket, std::uint8_t tag, std::size_t rest)
{
    Bytes key;
    key.reserve(headSize + rest);
    appendBigEndian16(key, bucket.value());
    key.push_back(static_cast<char>(tag));
    return key;
}

Bytes withHead(Bucket bucket, Tag tag, std::size_t rest)
{
    return withHead(bucket, static_cast<std::uint8_t>(tag), rest);
}

} // namespace

Bytes head(Bucket bucket, std::uint8_t tag)
{
    return withHead(bucket, tag, 0);
}

Bytes record(const RecordKey& key)
{
    Bytes out = withHead(key.bucket, static_cast<std::uint8_t>(key.table), key.key.size());
    out.append(key.key);
    return out;
}

Bytes ofLog(Bucket bucket, Tag tag, LogId log)
{
    Bytes key = withHead(bucket, tag, 3 * idSize);
    key.append(log.view());
    return key;
}

Bytes row(Bucket bucket, LogId log, Seq seq)
{
    Bytes key = ofLog(bucket, Tag::LogRow, log);
    appendBigEndian(key, seq.value());
    return key;
}

Bytes sentOf(Bucket bucket, LogId log, DeviceId device)
{
    Bytes key = ofLog(bucket, Tag::Sent, log);
    key.append(device.view());
    return key;
}

Bytes sent(Bucket bucket, LogId log, DeviceId device, SendNo number)
{
    Bytes key = sentOf(bucket, log, device);
    key.push_back(static_cast<char>(number.value() % sendWindow));
    return key;
}

Bytes cursor(Bucket bucket, LogId log, UserId user, DeviceId device)
{
    Bytes key = ofLog(bucket, Tag::Cursor, log);
    key.append(user.view()).append(device.view());
    return key;
}

Bytes mark(Bucket bucket, LogId log, UserId user)
{
    Bytes key = ofLog(bucket, Tag::Mark, log);
    key.append(user.view());
    return key;
}

Bytes hour(Bucket bucket, std::uint64_t hour, LogId log)
{
    Bytes key = withHead(bucket, Tag::Hour, 8 + idSize);
    appendBigEndian(key, hour);
    key.append(log.view());
    return key;
}

Bytes activityOf(UserId user)
{
    Bytes key = withHead(bucketOf(user.view()), Tag::Activity, 2 * idSize + 8);
    key.append(user.view());
    return key;
}

Bytes activity(UserId user, std::uint64_t hour, LogId log)
{
    Bytes key = activityOf(user);
    appendBigEndian(key, hour);
    key.append(log.view());
    return key;
}

std::optional<RowKey> parseRow(ByteView key)
{
    if (key.size() != logPrefixSize + 8)
        return std::nullopt;
    return RowKey{*LogId::fromBytes(key.substr(headSize, idSize)), Seq{readBigEndian(key.substr(logPrefixSize))}};
}

std::optional<UserId> parseMark(ByteView key)
{
    if (key.size() != logPrefixSize + idSize)
        return std::nullopt;
    return UserId::fromBytes(key.substr(logPrefixSize));
}

std::optional<HourKey> parseHour(ByteView key)
{
    if (key.size() != headSize + 8 + idSize)
        return std::nullopt;
    return HourKey{readBigEndian(key.substr(headSize)), *LogId::fromBytes(key.substr(headSize + 8))};
}

std::optional<ActivityKey> parseActivity(ByteView key)
{
    if (key.size() != headSize + 2 * idSize + 8)
        return std::nullopt;
    return ActivityKey{*UserId::fromBytes(key.substr(headSize, idSize)), readBigEndian(key.substr(headSize + idSize)),
                       *LogId::fromBytes(key.substr(headSize + idSize + 8))};
}

Bytes after(ByteView prefix)
{
    Bytes end(prefix);
    while (!end.empty() && static_cast<std::uint8_t>(end.back()) == 0xff)
        end.pop_back();
    if (!end.empty())
        end.back() = static_cast<char>(static_cast<std::uint8_t>(end.back()) + 1);
    return end;
}

} // namespace kith::server::keys
