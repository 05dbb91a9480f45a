#pragma once
/// The records that chat keeps: where each lies, and its octets. Encodings start with a format number and are on disk:
/// a change needs a new number and keeps reading the old one. Thread: pure, any.

#include "server/chat/ChatError.h"
#include "server/domain/Account.h"
#include "server/domain/Conversation.h"
#include "server/domain/Invite.h"
#include "server/domain/Manifest.h"
#include "server/domain/PreKeys.h"
#include "server/storage/Storage.h"

#include <optional>

namespace kith::server
{

/// A folded handle's owner. Never deleted while its account lives.
struct HandleRecord {
    enum class State : std::uint8_t {
        Reserved = 1, ///< For whoever brings `invite`, while that lives.
        Pending = 2,  ///< `user` is registering; `invite` is who it was reserved for before.
        Taken = 3,
    };
    State state = State::Taken;
    UserId user;
    Bytes invite; ///< Token hash, or empty.
};

/// One version of an account's device list, and what later rules need of its content.
struct ManifestRecord {
    SignedManifest signedManifest;
    Bytes identityKey;
    std::vector<DeviceId> devices; ///< Sorted.
    std::vector<DeviceId> revoked; ///< Sorted.
    WallTime accepted;
};

/// A device's keys but for the one-time ones.
struct PreKeyRecord {
    SignedPreKey signedPreKey;
    std::optional<KemPreKey> kem;
    std::uint32_t highestId = 0; ///< Of all one-time keys ever published.
};

struct UserLogRecord {
    LogType type = LogType::Direct;
    UserId peer; ///< Direct: the other person, or oneself.
};

struct BlockRecord {
    WallTime since;
};

inline constexpr Seq firstSeq{std::uint64_t{1}};

template <class T> struct Loaded {
    T value;
    std::uint64_t version = 0;
};

[[nodiscard]] RecordKey accountKey(UserId user);
[[nodiscard]] RecordKey handleKey(ByteView folded);
[[nodiscard]] RecordKey deviceKey(UserId user, DeviceId device);
[[nodiscard]] RecordKey manifestKey(UserId user, std::uint64_t version);
[[nodiscard]] RecordKey preKeyKey(UserId user, DeviceId device);
[[nodiscard]] RecordKey oneTimePreKeyKey(UserId user, DeviceId device, std::uint32_t id);
[[nodiscard]] RecordKey inviteKey(ByteView tokenHash);
[[nodiscard]] RecordKey conversationKey(LogId log);
[[nodiscard]] RecordKey blockKey(UserId user, UserId blocked);
[[nodiscard]] RecordKey userLogKey(UserId user, LogId log);

/// An account's log has its user's octets for an id: both lie in one bucket, so that one transaction changes the
/// account and tells its devices.
[[nodiscard]] LogId accountLogOf(UserId user);

[[nodiscard]] Bytes encode(const Account& account);
[[nodiscard]] Bytes encode(const HandleRecord& handle);
[[nodiscard]] Bytes encode(const Device& device);
[[nodiscard]] Bytes encode(const ManifestRecord& manifest);
[[nodiscard]] Bytes encode(const PreKeyRecord& keys);
[[nodiscard]] Bytes encode(const Invite& invite);
[[nodiscard]] Bytes encode(const Conversation& conversation);
[[nodiscard]] Bytes encode(const UserLogRecord& log);
[[nodiscard]] Bytes encode(const BlockRecord& block);

/// Nullopt for octets that are no such record.
template <class T> [[nodiscard]] std::optional<T> decode(ByteView bytes);
template <> std::optional<Account> decode<Account>(ByteView bytes);
template <> std::optional<HandleRecord> decode<HandleRecord>(ByteView bytes);
template <> std::optional<Device> decode<Device>(ByteView bytes);
template <> std::optional<ManifestRecord> decode<ManifestRecord>(ByteView bytes);
template <> std::optional<PreKeyRecord> decode<PreKeyRecord>(ByteView bytes);
template <> std::optional<Invite> decode<Invite>(ByteView bytes);
template <> std::optional<Conversation> decode<Conversation>(ByteView bytes);
template <> std::optional<UserLogRecord> decode<UserLogRecord>(ByteView bytes);
template <> std::optional<BlockRecord> decode<BlockRecord>(ByteView bytes);

[[nodiscard]] Error damagedRecord(Table table);

/// Nullopt where there is none.
template <class T> [[nodiscard]] Result<std::optional<Loaded<T>>> load(const Storage& storage, const RecordKey& key)
{
    KITH_TRY(std::optional<Record> record, storage.get(key));
    if (!record)
        return std::optional<Loaded<T>>();
    std::optional<T> value = decode<T>(record->value);
    if (!value)
        return damagedRecord(key.table);
    return std::optional<Loaded<T>>(Loaded<T>{std::move(*value), record->version});
}

/// The version that a transaction expects of what load() gave.
template <class T> [[nodiscard]] std::uint64_t versionOf(const std::optional<Loaded<T>>& loaded)
{
    return loaded ? loaded->version : 0;
}

} // namespace kith::server
