#include "core/sync/KeyUpkeep.h"

#include "core/e2ee/StateChange.h"

namespace kith
{

wire::PreKeyUpload toWire(const PreKeyPlan& plan)
{
    wire::PreKeyUpload upload;
    if (plan.publishSigned) {
        wire::SignedPreKey& key = *upload.mutable_signed_prekey();
        key.set_id(plan.publishSigned->id.value());
        key.set_public_key(Bytes(plan.publishSigned->key.view()));
        key.set_signature(Bytes(plan.publishSigned->signature.view()));
    }
    for (const OneTimePreKeyPublic& oneTime : plan.publishOneTime) {
        wire::OneTimePreKey& key = *upload.add_one_time_prekeys();
        key.set_id(oneTime.id.value());
        key.set_public_key(Bytes(oneTime.key.view()));
    }
    return upload;
}

void KeyUpkeep::check(std::size_t left)
{
    if (publishing_)
        return;
    auto inventory = context_.store.preKeys().inventory();
    if (!inventory)
        return;
    inventory->oneTimeOnServer = left;
    const PreKeyPlan plan = planPreKeys(*inventory, context_.ownDevice, context_.now(), context_.random);
    if (plan.nothingToDo())
        return;
    const auto kept = context_.store.write([&] { return applyPlan(plan, context_.store.preKeys()); });
    if (!kept)
        return;
    wire::PublishKeysRequest request;
    *request.mutable_keys() = toWire(plan);
    if (!request.keys().has_signed_prekey() && request.keys().one_time_prekeys().empty())
        return;
    publishing_ = true;
    context_.connection.call<wire::PublishKeysRequest, wire::PublishKeysResponse>(
        wire::PUBLISH_KEYS, request, [this](Result<wire::PublishKeysResponse>) { publishing_ = false; });
}

} // namespace kith
