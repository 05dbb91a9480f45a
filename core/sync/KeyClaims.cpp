#include "core/sync/KeyClaims.h"

#include <memory>

namespace kith
{
namespace
{

std::optional<PreKeyBundle> readBundle(const wire::PreKeyBundle& wire, const DeviceIdentity& device)
{
    const auto key = X25519PublicKey::fromBytes(wire.signed_prekey().public_key());
    const auto signature = Ed25519Signature::fromBytes(wire.signed_prekey().signature());
    if (!key || !signature)
        return std::nullopt;
    PreKeyBundle bundle;
    bundle.device = device;
    bundle.signedPreKey = {PreKeyId{std::uint32_t{wire.signed_prekey().id()}}, *key, *signature};
    if (wire.has_one_time_prekey()) {
        const auto oneTime = X25519PublicKey::fromBytes(wire.one_time_prekey().public_key());
        if (!oneTime)
            return std::nullopt;
        bundle.oneTimePreKey = OneTimePreKeyPublic{PreKeyId{std::uint32_t{wire.one_time_prekey().id()}}, *oneTime};
    }
    bundle.kemAlgorithm = wire.kem().algorithm();
    return bundle;
}

} // namespace

Result<std::vector<PreKeyBundle>> KeyClaims::read(UserId user, const wire::ClaimKeysResponse& answer)
{
    std::vector<PreKeyBundle> bundles;
    for (const wire::PreKeyBundle& wire : answer.bundles()) {
        const auto id = DeviceId::fromBytes(wire.device_id());
        if (!id)
            continue;
        KITH_TRY(const auto device, directory_.device(user, *id));
        if (!device)
            continue; // not a device that its owner signed
        if (const auto bundle = readBundle(wire, *device); bundle && verifyBundle(*bundle).ok())
            bundles.push_back(*bundle);
    }
    return bundles;
}

void KeyClaims::answered(UserId user, Result<wire::ClaimKeysResponse> answer,
                         Completion<std::vector<PreKeyBundle>> done)
{
    if (!answer)
        return done(answer.error());
    if (!answer->has_manifest())
        return done(read(user, *answer));
    const wire::SignedDeviceManifest list = answer->manifest();
    directory_.learn(user, {list},
                     [this, user, answer = std::move(*answer), done = std::move(done)](const Result<bool>& learnt) {
                         done(learnt ? read(user, answer) : Result<std::vector<PreKeyBundle>>(learnt.error()));
                     });
}

void KeyClaims::claim(const std::vector<DeviceAddress>& devices, Completion<std::vector<PreKeyBundle>> done)
{
    std::map<UserId, std::vector<DeviceId>> byUser;
    for (const DeviceAddress& device : devices)
        byUser[device.user].push_back(device.device);
    struct Gather {
        std::size_t missing;
        std::vector<PreKeyBundle> bundles;
        std::optional<Error> failed;
        Completion<std::vector<PreKeyBundle>> done;
    };
    const auto gather = std::make_shared<Gather>(Gather{byUser.size(), {}, std::nullopt, std::move(done)});
    for (const auto& [user, wanted] : byUser) {
        wire::ClaimKeysRequest request;
        request.set_user_id(user.bytes());
        for (const DeviceId& device : wanted)
            request.add_device_ids(device.bytes());
        context_.connection.call<wire::ClaimKeysRequest, wire::ClaimKeysResponse>(
            wire::CLAIM_KEYS, request, [this, gather, user = user](Result<wire::ClaimKeysResponse> answer) {
                answered(user, std::move(answer), [gather](Result<std::vector<PreKeyBundle>> bundles) {
                    if (bundles)
                        std::move(bundles->begin(), bundles->end(), std::back_inserter(gather->bundles));
                    else
                        gather->failed = bundles.error();
                    if (--gather->missing > 0)
                        return;
                    if (gather->failed && gather->bundles.empty())
                        gather->done(*gather->failed);
                    else
                        gather->done(std::move(gather->bundles));
                });
            });
    }
}

} // namespace kith
