#include "server/chat/records/Records.h"

#include "server/chat/records/RecordCodec.h"

namespace kith::server
{

namespace
{

constexpr std::uint64_t format = 1;
constexpr std::uint64_t accountFormat = 2; ///< 1 had no invitedBy.

RecordKey keyOf(ByteView bucketId, Table table, Bytes key)
{
    return {bucketOf(bucketId), table, std::move(key)};
}

template <class Enum> std::optional<Enum> enumOf(std::uint64_t number, Enum last)
{
    if (number < 1 || number > static_cast<std::uint64_t>(last))
        return std::nullopt;
    return static_cast<Enum>(number);
}

template <class Id> void writeIds(RecordWriter& writer, const std::vector<Id>& ids)
{
    writer.number(ids.size());
    for (const Id& id : ids)
        writer.id(id);
}

template <class Id> std::vector<Id> readIds(RecordReader& reader)
{
    std::vector<Id> ids(reader.count());
    for (Id& id : ids)
        id = reader.id<Id>();
    return ids;
}

} // namespace

RecordKey accountKey(UserId user)
{
    return keyOf(user.view(), Table::Account, user.bytes());
}

RecordKey handleKey(ByteView folded)
{
    return keyOf(folded, Table::Handle, Bytes(folded));
}

RecordKey deviceKey(UserId user, DeviceId device)
{
    return keyOf(user.view(), Table::Device, user.bytes().append(device.view()));
}

RecordKey manifestKey(UserId user, std::uint64_t version)
{
    Bytes key = user.bytes();
    appendBigEndian(key, version);
    return keyOf(user.view(), Table::Manifest, std::move(key));
}

RecordKey preKeyKey(UserId user, DeviceId device)
{
    return keyOf(user.view(), Table::SignedPreKey, user.bytes().append(device.view()));
}

RecordKey oneTimePreKeyKey(UserId user, DeviceId device, std::uint32_t id)
{
    Bytes key = user.bytes().append(device.view());
    appendBigEndian32(key, id);
    return keyOf(user.view(), Table::OneTimePreKey, std::move(key));
}

RecordKey inviteKey(ByteView tokenHash)
{
    return keyOf(tokenHash, Table::Invite, Bytes(tokenHash));
}

RecordKey conversationKey(LogId log)
{
    return keyOf(log.view(), Table::Conversation, log.bytes());
}

RecordKey blockKey(UserId user, UserId blocked)
{
    return keyOf(user.view(), Table::Block, user.bytes().append(blocked.view()));
}

RecordKey userLogKey(UserId user, LogId log)
{
    return keyOf(user.view(), Table::UserLog, user.bytes().append(log.view()));
}

LogId accountLogOf(UserId user)
{
    return *LogId::fromBytes(user.view());
}

Error damagedRecord(Table table)
{
    return Error::make(ChatError::Internal,
                       "A stored record does not parse (table " + std::to_string(static_cast<int>(table)) + ").");
}

Bytes encode(const Account& account)
{
    RecordWriter writer;
    writer.number(accountFormat).id(account.user).bytes(account.handle).id(account.accountLog).time(account.created);
    writer.number(account.manifestVersion).flag(account.readReceipts).flag(account.showPresence);
    writer.flag(account.findable).flag(account.suspended).number(account.lastSeenHour).id(account.invitedBy);
    return std::move(writer).take();
}

template <> std::optional<Account> decode<Account>(ByteView bytes)
{
    RecordReader reader(bytes);
    Account account;
    const std::uint64_t written = reader.number();
    if (written != format && written != accountFormat)
        return std::nullopt;
    account.user = reader.id<UserId>();
    account.handle = reader.bytes();
    account.accountLog = reader.id<LogId>();
    account.created = reader.time();
    account.manifestVersion = reader.number();
    account.readReceipts = reader.flag();
    account.showPresence = reader.flag();
    account.findable = reader.flag();
    account.suspended = reader.flag();
    account.lastSeenHour = reader.number();
    if (written == accountFormat)
        account.invitedBy = reader.id<UserId>();
    return reader.finished() ? std::optional(std::move(account)) : std::nullopt;
}

Bytes encode(const HandleRecord& handle)
{
    RecordWriter writer;
    writer.number(format).number(static_cast<std::uint64_t>(handle.state)).id(handle.user).bytes(handle.invite);
    return std::move(writer).take();
}

template <> std::optional<HandleRecord> decode<HandleRecord>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    const auto state = enumOf(reader.number(), HandleRecord::State::Taken);
    HandleRecord handle;
    handle.user = reader.id<UserId>();
    handle.invite = reader.bytes();
    if (!state || !reader.finished())
        return std::nullopt;
    handle.state = *state;
    return handle;
}

Bytes encode(const Device& device)
{
    RecordWriter writer;
    writer.number(format).id(device.user).id(device.device).bytes(device.signingKey).bytes(device.agreementKey);
    writer.bytes(device.incarnation).time(device.created).flag(device.revoked).time(device.tokensSince);
    return std::move(writer).take();
}

template <> std::optional<Device> decode<Device>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    Device device;
    device.user = reader.id<UserId>();
    device.device = reader.id<DeviceId>();
    device.signingKey = reader.bytes();
    device.agreementKey = reader.bytes();
    device.incarnation = reader.bytes();
    device.created = reader.time();
    device.revoked = reader.flag();
    device.tokensSince = reader.time();
    return reader.finished() ? std::optional(std::move(device)) : std::nullopt;
}

Bytes encode(const ManifestRecord& manifest)
{
    RecordWriter writer;
    const SignedManifest& octets = manifest.signedManifest;
    writer.number(format).bytes(octets.manifest).bytes(octets.identitySignature).bytes(octets.deviceSignature);
    writer.bytes(manifest.identityKey);
    writeIds(writer, manifest.devices);
    writeIds(writer, manifest.revoked);
    writer.time(manifest.accepted);
    return std::move(writer).take();
}

template <> std::optional<ManifestRecord> decode<ManifestRecord>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    ManifestRecord manifest;
    manifest.signedManifest.manifest = reader.bytes();
    manifest.signedManifest.identitySignature = reader.bytes();
    manifest.signedManifest.deviceSignature = reader.bytes();
    manifest.identityKey = reader.bytes();
    manifest.devices = readIds<DeviceId>(reader);
    manifest.revoked = readIds<DeviceId>(reader);
    manifest.accepted = reader.time();
    return reader.finished() ? std::optional(std::move(manifest)) : std::nullopt;
}

Bytes encode(const PreKeyRecord& keys)
{
    RecordWriter writer;
    writer.number(format).number(keys.signedPreKey.id).bytes(keys.signedPreKey.publicKey);
    writer.bytes(keys.signedPreKey.signature).number(keys.highestId).flag(keys.kem.has_value());
    if (keys.kem)
        writer.number(keys.kem->algorithm).bytes(keys.kem->publicKey).bytes(keys.kem->signature);
    return std::move(writer).take();
}

template <> std::optional<PreKeyRecord> decode<PreKeyRecord>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    PreKeyRecord keys;
    keys.signedPreKey.id = static_cast<std::uint32_t>(reader.number());
    keys.signedPreKey.publicKey = reader.bytes();
    keys.signedPreKey.signature = reader.bytes();
    keys.highestId = static_cast<std::uint32_t>(reader.number());
    if (reader.flag()) {
        KemPreKey kem;
        kem.algorithm = static_cast<std::uint32_t>(reader.number());
        kem.publicKey = reader.bytes();
        kem.signature = reader.bytes();
        keys.kem = std::move(kem);
    }
    return reader.finished() ? std::optional(std::move(keys)) : std::nullopt;
}

Bytes encode(const Invite& invite)
{
    RecordWriter writer;
    writer.number(format).bytes(invite.tokenHash).id(invite.creator).time(invite.created).time(invite.expires);
    writer.number(invite.uses).number(invite.used);
    writeIds(writer, invite.claims);
    writer.flag(invite.revoked).bytes(invite.handle);
    return std::move(writer).take();
}

template <> std::optional<Invite> decode<Invite>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    Invite invite;
    invite.tokenHash = reader.bytes();
    invite.creator = reader.id<UserId>();
    invite.created = reader.time();
    invite.expires = reader.time();
    invite.uses = static_cast<std::uint32_t>(reader.number());
    invite.used = static_cast<std::uint32_t>(reader.number());
    invite.claims = readIds<UserId>(reader);
    invite.revoked = reader.flag();
    invite.handle = reader.bytes();
    return reader.finished() ? std::optional(std::move(invite)) : std::nullopt;
}

namespace
{

void writeMember(RecordWriter& writer, const Member& member)
{
    writer.id(member.user).number(static_cast<std::uint64_t>(member.state));
    writer.number(static_cast<std::uint64_t>(member.role)).number(member.rateClass);
    writer.number(static_cast<std::uint64_t>(member.pushFilter)).number(member.listVersion).time(member.listSince);
    writer.number(member.previousListVersion).flag(member.blocksPeer).number(member.devices.size());
    for (const ReaderDevice& device : member.devices)
        writer.id(device.device).number(device.fromSeq.value());
}

std::optional<Member> readMember(RecordReader& reader)
{
    Member member;
    member.user = reader.id<UserId>();
    const auto state = enumOf(reader.number(), MemberState::Left);
    const auto role = enumOf(reader.number(), Role::Admin);
    member.rateClass = static_cast<std::uint8_t>(reader.number());
    const auto filter = enumOf(reader.number(), PushFilter::None);
    if (!state || !role || !filter)
        return std::nullopt;
    member.state = *state;
    member.role = *role;
    member.pushFilter = *filter;
    member.listVersion = reader.number();
    member.listSince = reader.time();
    member.previousListVersion = reader.number();
    member.blocksPeer = reader.flag();
    member.devices.resize(reader.count());
    for (ReaderDevice& device : member.devices) {
        device.device = reader.id<DeviceId>();
        device.fromSeq = Seq{reader.number()};
    }
    return member;
}

} // namespace

Bytes encode(const Conversation& conversation)
{
    RecordWriter writer;
    writer.number(format).id(conversation.log).number(static_cast<std::uint64_t>(conversation.type));
    writer.time(conversation.created).number(conversation.hardAgeDays).number(conversation.members.size());
    for (const Member& member : conversation.members)
        writeMember(writer, member);
    return std::move(writer).take();
}

template <> std::optional<Conversation> decode<Conversation>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    Conversation conversation;
    conversation.log = reader.id<LogId>();
    const auto type = enumOf(reader.number(), LogType::Group);
    conversation.created = reader.time();
    conversation.hardAgeDays = static_cast<std::uint32_t>(reader.number());
    const std::size_t members = reader.count();
    for (std::size_t i = 0; i < members; ++i) {
        std::optional<Member> member = readMember(reader);
        if (!member)
            return std::nullopt;
        conversation.members.push_back(std::move(*member));
    }
    if (!type || !reader.finished())
        return std::nullopt;
    conversation.type = *type;
    return conversation;
}

Bytes encode(const UserLogRecord& log)
{
    RecordWriter writer;
    writer.number(format).number(static_cast<std::uint64_t>(log.type)).id(log.peer);
    return std::move(writer).take();
}

template <> std::optional<UserLogRecord> decode<UserLogRecord>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    const auto type = enumOf(reader.number(), LogType::Group);
    UserLogRecord log;
    log.peer = reader.id<UserId>();
    if (!type || !reader.finished())
        return std::nullopt;
    log.type = *type;
    return log;
}

Bytes encode(const BlockRecord& block)
{
    RecordWriter writer;
    writer.number(format).time(block.since);
    return std::move(writer).take();
}

template <> std::optional<BlockRecord> decode<BlockRecord>(ByteView bytes)
{
    RecordReader reader(bytes);
    if (reader.number() != format)
        return std::nullopt;
    BlockRecord block;
    block.since = reader.time();
    return reader.finished() ? std::optional(block) : std::nullopt;
}

} // namespace kith::server
