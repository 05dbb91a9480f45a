#include "tests/sim/Linking.h"

#include "core/crypto/Hash.h"
#include "core/e2ee/StateChange.h"
#include "core/sync/DeviceDirectory.h"
#include "core/sync/KeyUpkeep.h"
#include "server/gateway/calls/DomainCodec.h"

namespace kith::sim
{

Result<Link> composeLink(VirtualDevice& first, VirtualDevice& added, World& world)
{
    ClientStore& store = first.store();
    KITH_TRY(const auto account, store.account().load());
    KITH_TRY(const auto ownDevice, store.identities().loadOwnDevice());
    KITH_TRY(const auto secret, store.identities().loadIdentitySecret());
    KITH_TRY(const auto known, store.identities().identity(account->user));
    KITH_TRY(const OwnDevice author, OwnDevice::decode(ownDevice->exposeSecret()));
    const auto identity = Ed25519SecretKey::copyOf(secret->exposeSecret());
    const WallTime now = world.clock().wall();
    const OwnDevice device = OwnDevice::generate(account->user, known->identityKey, now, world.random());

    wire::SignedDeviceManifest before;
    wire::DeviceManifest manifest;
    if (!before.ParseFromString(known->signedManifest) || !manifest.ParseFromString(before.manifest()))
        return Error::make(StoreError::Damaged, "the device list cannot be read");
    manifest.set_version(manifest.version() + 1);
    manifest.set_previous_hash(Bytes(sha256(before.manifest()).view()));
    manifest.set_author_device(author.identity.device.bytes());
    *manifest.add_devices() = certify(device.identity, *identity);

    Link link;
    link.caller = {account->user, author.identity.device, account->incarnation, nullptr};
    link.list = signManifest(manifest, *identity, author);
    link.version = manifest.version();
    const PreKeyPlan plan = planPreKeys({}, device, now, world.random());
    link.keys = toWire(plan);
    Result<void> written;
    added.prepare([&](ClientStore& fresh) {
        written = fresh.write([&]() -> Result<void> {
            OwnAccount own = *account;
            own.device = device.identity.device;
            own.incarnation = device.identity.incarnation.bytes();
            KITH_CHECK(fresh.account().save(own));
            KITH_CHECK(fresh.identities().saveOwnDevice(device.encode().exposeSecret()));
            KITH_CHECK(fresh.identities().saveIdentity(account->user, {known->identityKey, Verification::Compared,
                                                                       link.version, link.list.SerializeAsString()}));
            return applyPlan(plan, fresh.preKeys());
        });
    });
    KITH_CHECK(written);
    return link;
}

void callLink(VirtualServer& server, const Link& link, std::function<void(const Result<std::uint64_t>&)> done)
{
    server::Caller caller = link.caller;
    caller.strand = &server.strand();
    auto manifest = server::readManifest(link.list);
    if (!manifest)
        return done(manifest.error());
    server.chat().devices.link(caller, std::move(*manifest), server::readUpload(link.keys), std::move(done));
}

} // namespace kith::sim
