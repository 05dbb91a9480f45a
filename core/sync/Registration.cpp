#include "core/sync/Registration.h"

#include "core/crypto/Sign.h"
#include "core/e2ee/IdentityTrust.h"
#include "core/e2ee/StateChange.h"
#include "core/sync/DeviceDirectory.h"
#include "core/sync/KeyUpkeep.h"

namespace kith
{
namespace
{

wire::SignedDeviceManifest firstManifest(const NewAccount& account)
{
    wire::DeviceManifest manifest;
    manifest.set_user_id(account.user.bytes());
    manifest.set_version(1);
    manifest.set_identity_key(Bytes(account.identity.publicKey.view()));
    *manifest.add_devices() = certify(account.device.identity, account.identity.secretKey);
    manifest.set_author_device(account.device.identity.device.bytes());
    return signManifest(manifest, account.identity.secretKey, account.device);
}

Result<void> keepOwnIdentity(ClientStore& store, const NewAccount& account, const wire::SignedDeviceManifest& manifest)
{
    KnownIdentity known;
    known.identityKey = account.identity.publicKey;
    known.verification = Verification::Compared; // it is ours
    known.manifestVersion = 1;
    known.signedManifest = manifest.SerializeAsString();
    return store.identities().saveIdentity(account.user, known);
}

/// What an interrupted registration kept.
Result<NewAccount> resumed(ClientStore& store, UserId user)
{
    KITH_TRY(OwnDevice own, loadDevice(store));
    KITH_TRY(const auto secret, store.identities().loadIdentitySecret());
    const auto identity = secret ? Ed25519SecretKey::copyOf(secret->exposeSecret()) : std::optional<Ed25519SecretKey>();
    if (!identity)
        return Error::make(StoreError::Damaged, "the profile's identity key cannot be read");
    return NewAccount{user, ed25519FromSecret(*identity), std::move(own)};
}

/// Who invited, as the link promised: nothing where it promises nobody.
struct Inviter {
    UserId user;
    std::string handle;
    KnownIdentity identity;
};
Result<std::optional<Inviter>> inviterOf(const wire::RegisterResponse& answer, const Bytes& fingerprint, WallTime now)
{
    if (fingerprint.empty())
        return std::optional<Inviter>();
    const auto user = UserId::fromBytes(answer.inviter().user_id());
    if (!user)
        return identityChanged(fingerprint, {});
    const wire::SignedDeviceManifest& received = answer.inviter().manifest();
    KITH_TRY(const DeviceManifest manifest, readManifest(received, now));
    if (manifest.user != *user)
        return Error::make(ManifestError::BadList, "the server answered with somebody else's device list");
    KITH_TRY(const Verification verification, firstVerification(manifest.identityKey, fingerprint));
    return std::optional(Inviter{*user,
                                 answer.inviter().handle(),
                                 {manifest.identityKey, verification, manifest.version, received.SerializeAsString()}});
}

Result<void> keepRegistered(ClientStore& store, const OwnAccount& account, const std::optional<Inviter>& inviter)
{
    return store.write([&]() -> Result<void> {
        KITH_TRY([[maybe_unused]] const bool added,
                 store.conversations().ensure(account.accountLog, ConversationType::Account, account.user,
                                              RequestState::Accepted));
        if (inviter) {
            KITH_CHECK(store.identities().saveIdentity(inviter->user, inviter->identity));
            KITH_CHECK(store.contacts().setHandle(inviter->user, inviter->handle));
        }
        return store.account().save(account);
    });
}

} // namespace

NewAccount NewAccount::generate(WallTime now, Random& random)
{
    const UserId user = random.id<UserId>();
    Ed25519KeyPair identity = generateEd25519(random);
    OwnDevice device = OwnDevice::generate(user, identity.publicKey, now, random);
    return {user, std::move(identity), std::move(device)};
}

Result<OwnDevice> loadDevice(ClientStore& store)
{
    KITH_TRY(const auto device, store.identities().loadOwnDevice());
    if (!device)
        return Error::make(StoreError::Damaged, "the profile has an account without its device's keys");
    return OwnDevice::decode(device->exposeSecret());
}

Result<NewAccount> prepareAccount(ClientStore& store, OwnAccount& draft, WallTime now, Random& random)
{
    KITH_TRY(const auto kept, store.account().load());
    if (kept) {
        draft.user = kept->user;
        draft.device = kept->device;
        draft.incarnation = kept->incarnation;
        KITH_CHECK(store.write([&] { return store.account().save(draft); }));
        return resumed(store, kept->user);
    }
    NewAccount account = NewAccount::generate(now, random);
    draft.user = account.user;
    draft.device = account.device.identity.device;
    draft.incarnation = account.device.identity.incarnation.bytes();
    KITH_CHECK(store.write([&]() -> Result<void> {
        KITH_CHECK(store.identities().saveOwnDevice(account.device.encode().exposeSecret()));
        KITH_CHECK(store.identities().saveIdentitySecret(account.identity.secretKey.exposeSecret()));
        return store.account().save(draft);
    }));
    return account;
}

void registerOn(net::Connection& connection, ClientStore& store, const NewAccount& account, OwnAccount draft,
                const Invitation& invitation, Random& random, Completion<OwnAccount> done)
{
    const auto& hello = connection.hello();
    if (!hello)
        return done(Error::make(wire::WireCode::Unavailable, "the server has not greeted yet"));
    auto inventory = store.preKeys().inventory();
    if (!inventory)
        return done(inventory.error());
    // A resumed registration publishes fresh keys: what an earlier try made may or may not have arrived.
    inventory->signedPreKeys.clear();
    const PreKeyPlan plan = planPreKeys(*inventory, account.device, wallFromMillis(hello->server_time_ms()), random);
    const wire::SignedDeviceManifest manifest = firstManifest(account);
    const auto kept = store.write([&]() -> Result<void> {
        KITH_CHECK(applyPlan(plan, store.preKeys()));
        return keepOwnIdentity(store, account, manifest);
    });
    if (!kept)
        return done(kept.error());

    wire::RegisterRequest request;
    request.set_handle(draft.handle);
    request.set_invite(invitation.token);
    *request.mutable_manifest() = manifest;
    *request.mutable_keys() = toWire(plan);
    const Bytes proof = hello->server_id() + hello->challenge() + draft.handle;
    request.set_identity_proof(Bytes(sign(account.identity.secretKey, registerLabel, proof).view()));
    request.set_device_proof(Bytes(sign(account.device.signing.secretKey, registerLabel, proof).view()));
    draft.server.serverId = hello->server_id();
    connection.call<wire::RegisterRequest, wire::RegisterResponse>(
        wire::REGISTER, request,
        [&store, draft = std::move(draft), fingerprint = invitation.inviter,
         now = wallFromMillis(hello->server_time_ms()),
         done = std::move(done)](Result<wire::RegisterResponse> answer) mutable {
            if (!answer)
                return done(answer.error());
            const auto log = LogId::fromBytes(answer->account_log());
            if (!log)
                return done(Error::make(wire::WireCode::Invalid, "the server registered without an account log"));
            const auto inviter = inviterOf(*answer, fingerprint, now);
            if (!inviter)
                return done(inviter.error());
            draft.accountLog = *log;
            draft.handle = answer->handle();
            draft.registered = true;
            const auto saved = keepRegistered(store, draft, *inviter);
            done(saved ? Result<OwnAccount>(std::move(draft)) : Result<OwnAccount>(saved.error()));
        });
}

} // namespace kith
