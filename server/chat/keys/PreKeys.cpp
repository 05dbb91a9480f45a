#include "server/chat/keys/PreKeys.h"

#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"
#include "server/chat/devices/ManifestRules.h"
#include "server/chat/keys/KeyRecords.h"

#include <algorithm>

namespace kith::server
{

namespace
{

/// Two who claim at once draw from this many keys, so that they rarely want the same one.
constexpr std::size_t drawFrom = 16;

Decision<std::uint32_t> publishOnce(const ChatContext& context, const Caller& caller, const PreKeyUpload& keys)
{
    const Storage& storage = context.storage;
    const RecordKey recordKey = preKeyKey(caller.user, caller.device);
    KITH_TRY(const auto device, load<Device>(storage, deviceKey(caller.user, caller.device)));
    if (!device || device->value.revoked)
        return refused(ChatError::Unauthenticated, "This device does not belong to the account any more.");
    KITH_CHECK(checkPreKeys(keys, device->value.signingKey, false, context.limits));
    KITH_TRY(auto record, load<PreKeyRecord>(storage, recordKey));
    if (!record)
        return refused(ChatError::Internal, "A device without a signed pre-key is stored.");
    KITH_TRY(std::uint32_t count, countOneTimeKeys(storage, caller.user, caller.device, context.limits.oneTimePreKeys));

    PreKeyRecord next = record->value;
    if (keys.signedPreKey)
        next.signedPreKey = *keys.signedPreKey;
    if (keys.kem)
        next.kem = keys.kem;
    Transaction transaction{recordKey.bucket, {}, {}, {}};
    for (const OneTimePreKey& key : keys.oneTimePreKeys) {
        if (key.id <= record->value.highestId || count >= context.limits.oneTimePreKeys)
            continue;
        next.highestId = key.id;
        ++count;
        transaction.writes.push_back({oneTimePreKeyKey(caller.user, caller.device, key.id), key.publicKey});
    }
    // The record is written in any case: it is what a concurrent revocation looks at.
    transaction.expects = {{recordKey, record->version}, {deviceKey(caller.user, caller.device), device->version}};
    transaction.writes.push_back({recordKey, encode(next)});
    return commit<std::uint32_t>(std::move(transaction), [count](const Committed&) { return Result(count); });
}

struct Claim {
    ClaimedKeys keys;
    std::vector<std::pair<DeviceId, std::uint32_t>> low; ///< Devices that are to be told, with what they have left.
};

/// One device's bundle; what is handed out is deleted by the transaction, which expects it to be there still.
Result<void> claimOne(const ChatContext& context, UserId user, DeviceId device, Transaction& transaction, Claim& claim)
{
    const RecordKey recordKey = preKeyKey(user, device);
    KITH_TRY(auto record, load<PreKeyRecord>(context.storage, recordKey));
    if (!record)
        return refused(ChatError::Internal, "A listed device has no pre-key.");
    PreKeyBundle bundle{device, std::move(record->value.signedPreKey), std::nullopt, std::move(record->value.kem)};
    const std::size_t low = context.limits.oneTimePreKeysLow;
    KITH_TRY(const auto rows, context.storage.scan(recordKey.bucket, Table::OneTimePreKey, recordKey.key, {},
                                                   std::max(drawFrom, low + 1)));
    if (!rows.empty()) {
        const Record& row = rows[context.random.below(std::min(drawFrom, rows.size()))];
        bundle.oneTimePreKey = OneTimePreKey{readBigEndian32(ByteView(row.key).substr(row.key.size() - 4)), row.value};
        const RecordKey key{recordKey.bucket, Table::OneTimePreKey, row.key};
        transaction.expects.push_back({key, row.version});
        transaction.writes.push_back({key, std::nullopt});
    }
    const std::size_t left = rows.empty() ? 0 : rows.size() - 1;
    if (left < low)
        claim.low.emplace_back(device, static_cast<std::uint32_t>(left));
    claim.keys.bundles.push_back(std::move(bundle));
    return {};
}

Decision<ClaimedKeys> claimOnce(ChatContext& context, const Caller& caller, UserId user,
                                const std::vector<DeviceId>& devices)
{
    KITH_CHECK(stillListed(context, caller));
    KITH_CHECK(mayReach(context, caller.user, user));
    KITH_TRY(const auto account, load<Account>(context.storage, accountKey(user)));
    if (!account)
        return nobodyThere();
    KITH_TRY(const auto manifest,
             load<ManifestRecord>(context.storage, manifestKey(user, account->value.manifestVersion)));
    if (!manifest)
        return refused(ChatError::Internal, "An account's device list is missing.");

    Claim claim;
    claim.keys.manifest = manifest->value.signedManifest;
    Transaction transaction{bucketOf(user.view()), {}, {}, {}};
    transaction.expects.push_back({accountKey(user), account->version});
    for (const DeviceId& device : manifest->value.devices) {
        const bool wanted = devices.empty() || std::find(devices.begin(), devices.end(), device) != devices.end();
        if (wanted && device != caller.device)
            KITH_CHECK(claimOne(context, user, device, transaction, claim));
    }
    if (transaction.writes.empty())
        return answer(std::move(claim.keys));
    return commit<ClaimedKeys>(std::move(transaction),
                               [&context, user, claim = std::move(claim)](const Committed&) -> Result<ClaimedKeys> {
                                   for (const auto& [device, left] : claim.low)
                                       context.fanout.tell({user}, KeysRunLow{device, left});
                                   return claim.keys;
                               });
}

} // namespace

void PreKeys::publish(const Caller& caller, PreKeyUpload keys, Done<std::uint32_t> done)
{
    caller.strand->post([&context = context_, caller, keys = std::move(keys), done = std::move(done)]() mutable {
        const Bytes rateKey = caller.user.bytes().append(caller.device.view());
        if (Result<void> taken = context.take(Rate::PublishPerDevice, rateKey, "key uploads"); !taken.ok())
            return done(std::move(taken).error());
        runRule<std::uint32_t>(
            context.storage, *caller.strand,
            [&context, caller, keys = std::move(keys)] { return publishOnce(context, caller, keys); }, std::move(done));
    });
}

void PreKeys::claim(const Caller& caller, UserId user, std::vector<DeviceId> devices, Done<ClaimedKeys> done)
{
    caller.strand->post([&context = context_, caller, user, devices = std::move(devices),
                         done = std::move(done)]() mutable {
        if (devices.size() > context.limits.devices)
            return done(refused(ChatError::Invalid, "More devices are named than an account can have."));
        if (Result<void> taken = context.take(Rate::ClaimPerAccount, caller.user.view(), "key requests"); !taken.ok())
            return done(std::move(taken).error());
        runRule<ClaimedKeys>(
            context.storage, *caller.strand,
            [&context, caller, user, devices = std::move(devices)] {
                return claimOnce(context, caller, user, devices);
            },
            std::move(done));
    });
}

} // namespace kith::server
