#include "server/chat/devices/Devices.h"

#include "server/chat/Rule.h"
#include "server/chat/devices/ListCopies.h"
#include "server/chat/devices/ManifestRules.h"
#include "server/chat/keys/KeyRecords.h"

#include <algorithm>

namespace kith::server
{

namespace
{

/// What stands of an account, with the versions that a change of it expects.
struct Standing {
    Loaded<Account> account;
    Loaded<ManifestRecord> manifest;
    std::vector<Loaded<Device>> devices; ///< Listed ones.
    Loaded<Conversation> log;            ///< The account's own.
};

Result<Standing> standing(const Storage& storage, UserId user)
{
    KITH_TRY(auto account, load<Account>(storage, accountKey(user)));
    if (!account)
        return refused(ChatError::Unauthenticated, "This account does not exist any more.");
    KITH_TRY(auto manifest, load<ManifestRecord>(storage, manifestKey(user, account->value.manifestVersion)));
    KITH_TRY(auto log, load<Conversation>(storage, conversationKey(accountLogOf(user))));
    if (!manifest || !log)
        return refused(ChatError::Internal, "An account's device list is missing.");
    std::vector<Loaded<Device>> devices;
    for (const DeviceId& id : manifest->value.devices) {
        KITH_TRY(auto device, load<Device>(storage, deviceKey(user, id)));
        if (!device)
            return refused(ChatError::Internal, "A listed device is missing.");
        devices.push_back(std::move(*device));
    }
    return Standing{std::move(*account), std::move(*manifest), std::move(devices), std::move(*log)};
}

/// At most `deviceChanges` in 24 hours: the change that many versions ago must be older. Version 1 is no change.
Result<void> checkPace(const ChatContext& context, UserId user, std::uint64_t nextVersion)
{
    const std::uint64_t changes = context.limits.deviceChanges;
    if (nextVersion < changes + 2)
        return {};
    KITH_TRY(const auto earlier, load<ManifestRecord>(context.storage, manifestKey(user, nextVersion - changes)));
    if (!earlier)
        return {};
    const WallTime allowed = earlier->value.accepted + std::chrono::hours(24);
    if (context.clock.wall() >= allowed)
        return {};
    return rateLimited("An account changes its devices at most " + std::to_string(changes) + " times a day.",
                       allowed - context.clock.wall());
}

/// The part that linking and unlinking share: the new version, the account, its log's copy, the job for all other logs,
/// and the record that tells the account's devices.
Transaction changed(const ChatContext& context, const Standing& now, const DeviceManifest& manifest)
{
    const UserId user = manifest.user;
    const LogId log = accountLogOf(user);
    Account account = now.account.value;
    account.manifestVersion = manifest.version;
    Conversation copy = now.log.value;
    for (Member& member : copy.members) {
        std::vector<ReaderDevice> readers;
        for (const DeviceCertificate& certificate : manifest.devices) {
            const ReaderDevice* known = readerOf(member, certificate.device);
            // This log from its beginning: its records tell a new device which conversations there are.
            readers.push_back(known != nullptr ? *known : ReaderDevice{certificate.device, firstSeq});
        }
        member.previousListVersion = member.listVersion;
        member.listVersion = manifest.version;
        member.listSince = context.clock.wall();
        member.devices = std::move(readers);
    }

    Transaction transaction;
    transaction.bucket = bucketOf(user.view());
    transaction.expects = {{accountKey(user), now.account.version},
                           {manifestKey(user, manifest.version), 0},
                           {conversationKey(log), now.log.version}};
    transaction.writes = {{accountKey(user), encode(account)},
                          {manifestKey(user, manifest.version), encode(recordOf(manifest, context.clock.wall()))},
                          {conversationKey(log), encode(copy)},
                          {jobKey(transaction.bucket, JobKind::Devices, user.view()), Bytes()}};
    transaction.appends.push_back(ChatContext::accountAppend(user, context.records.devicesChanged(manifest.version)));
    return transaction;
}

/// Whether this very manifest is the one that stands: a repeated call whose answer was lost.
bool repeats(const Standing& now, const DeviceManifest& manifest)
{
    return now.account.value.manifestVersion == manifest.version &&
           now.manifest.value.signedManifest == static_cast<const SignedManifest&>(manifest);
}

Result<std::vector<Device>> checkChange(const ChatContext& context, const Caller& caller, ManifestChange change,
                                        const DeviceManifest& manifest, const Standing& now)
{
    std::vector<Device> devices;
    for (const Loaded<Device>& device : now.devices)
        devices.push_back(device.value);
    KITH_CHECK(checkNextManifest(manifest, change, caller.user, caller.device, now.account.value.manifestVersion,
                                 now.manifest.value, devices, context.limits));
    KITH_CHECK(checkPace(context, caller.user, manifest.version));
    return devices;
}

using Version = std::uint64_t;

/// After the commit (or for a repeated call): the copies in all logs, then the answer.
Done<Version> afterCopies(ChatContext& context, const Caller& caller, Done<Version> done)
{
    return [&context, caller, done = std::move(done)](Result<Version> version) {
        if (!version.ok())
            return done(std::move(version));
        context.runJob(jobKey(bucketOf(caller.user.view()), JobKind::Devices, caller.user.view()), *caller.strand,
                       [done, version = *version](Result<void> copied) {
                           done(copied.ok() ? Result<Version>(version) : Result<Version>(std::move(copied).error()));
                       });
    };
}

Decision<Version> linkOnce(ChatContext& context, const Caller& caller, const DeviceManifest& manifest,
                           const PreKeyUpload& keys)
{
    const UserId user = caller.user;
    KITH_TRY(const Standing now, standing(context.storage, user));
    if (repeats(now, manifest))
        return answer(manifest.version);
    KITH_TRY(const auto devices, checkChange(context, caller, ManifestChange::Link, manifest, now));
    const auto added = std::find_if(manifest.devices.begin(), manifest.devices.end(), [&](const auto& certificate) {
        return std::none_of(devices.begin(), devices.end(),
                            [&](const Device& device) { return device.device == certificate.device; });
    });
    KITH_CHECK(checkPreKeys(keys, added->signingKey, true, context.limits));

    Transaction transaction = changed(context, now, manifest);
    transaction.expects.push_back({deviceKey(user, added->device), 0});
    transaction.writes.push_back({deviceKey(user, added->device), encode(deviceOf(*added, context.clock.wall()))});
    writeFirstKeys(transaction, user, added->device, keys);
    return commit<Version>(std::move(transaction), [&context, user, version = manifest.version](const Committed& done) {
        context.conversations.forget(accountLogOf(user));
        context.accountAppended(user, context.records.devicesChanged(version), done);
        return Result<Version>(version);
    });
}

Decision<Version> revokeOnce(ChatContext& context, const Caller& caller, const DeviceManifest& manifest)
{
    const UserId user = caller.user;
    KITH_TRY(const Standing now, standing(context.storage, user));
    if (repeats(now, manifest))
        return answer(manifest.version);
    KITH_TRY(const auto devices, checkChange(context, caller, ManifestChange::Revoke, manifest, now));
    const auto removed = std::find_if(now.devices.begin(), now.devices.end(), [&](const Loaded<Device>& device) {
        return std::none_of(manifest.devices.begin(), manifest.devices.end(),
                            [&](const auto& certificate) { return certificate.device == device.value.device; });
    });

    Transaction transaction = changed(context, now, manifest);
    Device gone = removed->value;
    gone.revoked = true;
    transaction.expects.push_back({deviceKey(user, gone.device), removed->version});
    transaction.writes.push_back({deviceKey(user, gone.device), encode(gone)});
    KITH_CHECK(eraseKeys(context.storage, transaction, user, gone.device));
    return commit<Version>(std::move(transaction),
                           [&context, user, version = manifest.version, device = gone.device](const Committed& done) {
                               context.conversations.forget(accountLogOf(user));
                               context.fanout.tell({user}, DeviceRevoked{device});
                               context.accountAppended(user, context.records.devicesChanged(version), done);
                               return Result<Version>(version);
                           });
}

} // namespace

void Devices::link(const Caller& caller, DeviceManifest manifest, PreKeyUpload keys, Done<std::uint64_t> done)
{
    caller.strand->post([&context = context_, caller, manifest = std::move(manifest), keys = std::move(keys),
                         done = std::move(done)]() mutable {
        runRule<Version>(
            context.storage, *caller.strand,
            [&context, caller, manifest = std::move(manifest), keys = std::move(keys)] {
                return linkOnce(context, caller, manifest, keys);
            },
            afterCopies(context, caller, std::move(done)));
    });
}

void Devices::revoke(const Caller& caller, DeviceManifest manifest, Done<std::uint64_t> done)
{
    caller.strand->post(
        [&context = context_, caller, manifest = std::move(manifest), done = std::move(done)]() mutable {
            runRule<Version>(
                context.storage, *caller.strand,
                [&context, caller, manifest = std::move(manifest)] { return revokeOnce(context, caller, manifest); },
                afterCopies(context, caller, std::move(done)));
        });
}

void Devices::list(const Caller& caller, UserId user, std::uint64_t after, Done<std::vector<SignedManifest>> done)
{
    caller.strand->post([&context = context_, caller, user, after, done = std::move(done)] {
        const auto read = [&]() -> Result<std::vector<SignedManifest>> {
            KITH_CHECK(stillListed(context, caller));
            KITH_CHECK(mayKnow(context, caller.user, user));
            Bytes start = user.bytes();
            appendBigEndian(start, after);
            KITH_TRY(const auto rows,
                     context.storage.scan(bucketOf(user.view()), Table::Manifest, user.view(), start, listsAtOnce));
            std::vector<SignedManifest> manifests;
            for (const Record& row : rows) {
                std::optional<ManifestRecord> record = decode<ManifestRecord>(row.value);
                if (!record)
                    return damagedRecord(Table::Manifest);
                manifests.push_back(std::move(record->signedManifest));
            }
            return manifests;
        };
        Result<std::vector<SignedManifest>> manifests = read();
        done(manifests.ok() ? std::move(manifests)
                            : Result<std::vector<SignedManifest>>(asChatError(manifests.error())));
    });
}

} // namespace kith::server
