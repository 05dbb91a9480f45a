#pragma once
/// Whose devices are whose: the newest accepted manifest of every account we talk to (mechanisms.md section 5), checked
/// before it is believed, kept in the store, parsed once. A changed identity key is offered to the person and nothing
/// is sealed for it. Owned by SyncEngine. Engine thread.

#include "core/e2ee/DeviceManifest.h"
#include "core/protocol/wire/rpc.pb.h"
#include "core/sync/SyncContext.h"

#include <map>
#include <span>

namespace kith
{

/// Of one account in a conflict, or a page of them (docs/protocol/server-rules.md).
constexpr std::size_t listsAtOnce = 16;

class DeviceDirectory
{
public:
    explicit DeviceDirectory(SyncContext& context) : context_(context) {}

    /// Told soon after a list was kept, once for each device that is new on it or has other keys than before.
    void onDeviceAdded(std::function<void(const DeviceAddress&)> told) { added_ = std::move(told); }

    /// The account's manifest as accepted; nullptr where none is known.
    [[nodiscard]] Result<const DeviceManifest*> manifest(UserId user);
    /// The certificate of one device, from the accepted manifest.
    [[nodiscard]] Result<std::optional<DeviceIdentity>> device(UserId user, DeviceId device);

    /// Checks and keeps what lists of one account, oldest first, lead to; where lists are missing before them, fetches
    /// those first. Done with true where something newer than the known one was learnt, maybe inside the call. Lists
    /// that end with an older one than the known, or break a rule, are an error; one under another identity key is
    /// noted for the person (TrustState::Changed), and the error says both fingerprints.
    void learn(UserId user, std::vector<wire::SignedDeviceManifest> lists, Completion<bool> done);
    /// Fetches what is newer than the known one; done with true where something new was learnt. Concurrent fetches for
    /// one user share one call.
    void fetch(UserId user, Completion<bool> done);

private:
    void askLists(UserId user, bool news);
    void fetched(UserId user, const Result<bool>& outcome);
    [[nodiscard]] Result<bool> learnAll(UserId user, std::span<const wire::SignedDeviceManifest> lists);
    /// One list: false where it is the known one.
    [[nodiscard]] Result<bool> learnOne(UserId user, const wire::SignedDeviceManifest& signedManifest);
    [[nodiscard]] Result<void> keep(const DeviceManifest& manifest, const wire::SignedDeviceManifest& received,
                                    const KnownIdentity& known);
    [[nodiscard]] Result<void> offerKey(UserId user, const DeviceManifest& manifest);

    SyncContext& context_;
    std::function<void(const DeviceAddress&)> added_;
    std::map<UserId, DeviceManifest> parsed_;
    std::map<UserId, std::vector<Completion<bool>>> fetching_;
};

/// Wire form to checked struct: form, certificates under the manifest's identity key at `now`, both signatures, and the
/// rules that one manifest satisfies by itself.
[[nodiscard]] Result<DeviceManifest> readManifest(const wire::SignedDeviceManifest& signedManifest, WallTime now);
/// This device's certificate, signed by the account's identity key.
[[nodiscard]] wire::SignedDeviceCertificate certify(const DeviceIdentity& device, const Ed25519SecretKey& identity);
/// Signs a manifest with the identity key and as `author`.
[[nodiscard]] wire::SignedDeviceManifest signManifest(const wire::DeviceManifest& manifest,
                                                      const Ed25519SecretKey& identity, const OwnDevice& author);

} // namespace kith
