// The sealing half of Outbox: who reads, with which bundles, and the one transaction that seals.

#include "core/crypto/LogChain.h"
#include "core/e2ee/StateChange.h"
#include "core/sync/ContentMapping.h"
#include "core/sync/Outbox.h"

#include <algorithm>

namespace kith
{
namespace
{

void addEnvelopes(wire::SendMessageRequest& request, const std::vector<DeviceEnvelope>& envelopes)
{
    for (const DeviceEnvelope& envelope : envelopes) {
        wire::Envelope& out = *request.add_envelopes();
        out.set_device_id(envelope.device.device.bytes());
        out.set_sealed(envelope.sealed);
    }
}

Result<void> setLists(wire::SendMessageRequest& request, const std::vector<UserId>& users, DeviceDirectory& directory)
{
    request.clear_device_lists();
    for (const UserId& user : users) {
        KITH_TRY(const DeviceManifest* manifest, directory.manifest(user));
        if (manifest == nullptr)
            continue;
        wire::DeviceListVersion& list = *request.add_device_lists();
        list.set_user_id(user.bytes());
        list.set_version(manifest->version);
    }
    return {};
}

} // namespace

Result<std::vector<UserId>> Outbox::members(LogId log)
{
    KITH_TRY(const auto conversation, context_.store.conversations().find(log));
    if (!conversation)
        return Error::make(StoreError::NotFound, "the conversation is gone");
    std::vector<UserId> users{context_.account.user};
    if (conversation->peer != context_.account.user)
        users.push_back(conversation->peer);
    return users;
}

Result<std::optional<std::vector<DeviceIdentity>>> Outbox::readers(LogId log, Lane& lane)
{
    KITH_TRY(const auto users, members(log));
    std::vector<DeviceIdentity> devices;
    for (const UserId& user : users) {
        KITH_TRY(const DeviceManifest* manifest, directory_.manifest(user));
        if (manifest == nullptr) {
            lane.state = LaneState::Fetching;
            directory_.fetch(user, [this, log](const Result<bool>& fetched) {
                if (fetched)
                    resume(log);
                else
                    pauseLane(log, std::max(fetched.error().retryAfter, Millis{1000}));
            });
            return std::optional<std::vector<DeviceIdentity>>();
        }
        std::copy_if(manifest->devices.begin(), manifest->devices.end(), std::back_inserter(devices),
                     [&](const DeviceIdentity& device) { return device.device != context_.account.device; });
    }
    return std::optional(std::move(devices));
}

Result<void> Outbox::seal(const OutboxItem& item, Lane& lane)
{
    KITH_TRY(const auto message, context_.store.messages().find(item.id));
    if (!message)
        return Error::make(StoreError::NotFound, "a queued message has no row");
    const auto target = resendTarget(*message);
    KITH_TRY(auto devices, readers(item.log, lane));
    if (!devices)
        return {};
    if (target)
        std::erase_if(*devices, [&](const DeviceIdentity& device) { return device.address() != target->device; });
    const wire::EntryKind kind = target ? wire::RESEND : wire::APPLICATION;
    KITH_TRY(const ChainPoint point, context_.store.conversations().contiguous(item.log));
    KITH_TRY(const Bytes content, encodeContent(*message, context_.account));
    SealRequest request;
    request.row = {
        item.log, item.clientMsgId, {context_.account.user, context_.account.device}, static_cast<std::uint8_t>(kind)};
    request.claim = {point.position.generation, point.position.seq,
                     Sha256Digest::fromBytes(point.chain).value_or(chainStart())};
    request.content = content;
    request.devices = *devices;
    request.bundles = lane.bundles;
    request.now = context_.now();
    auto sealed = context_.crypto.seal(request);
    if (!sealed)
        return context_.store.write([&] { return context_.store.outbox().reject(item.id, sealed.error()); });
    std::vector<DeviceAddress> missing;
    std::copy_if(sealed->withoutEnvelope.begin(), sealed->withoutEnvelope.end(), std::back_inserter(missing),
                 [&](const DeviceAddress& device) { return lane.asked.count(device) == 0; });
    if (!missing.empty()) {
        // What was just sealed is thrown away unsent: the ratchet stays where it was committed.
        claim(item.log, std::move(missing), LaneState::Fetching);
        return {};
    }
    if (target && sealed->envelopes.empty()) // that device is gone: nobody waits any more
        return context_.store.write([&] {
            return context_.store.outbox().reject(item.id, Error::make(StoreError::NotFound, "the device is gone"));
        });
    KITH_CHECK(commit(item, *sealed, target));
    lane.bundles.clear();
    lane.asked.clear();
    return {};
}

Result<void> Outbox::commit(const OutboxItem& item, const Sealed& sealed, const std::optional<ResendTarget>& target)
{
    wire::SendMessageRequest request;
    request.set_log_id(item.log.bytes());
    request.set_client_msg_id(item.clientMsgId.bytes());
    request.set_kind(target ? wire::RESEND : wire::APPLICATION);
    if (target)
        request.set_resend_seq(target->seq.value());
    request.set_body(sealed.body);
    request.set_commitment(Bytes(sealed.commitment.view()));
    request.set_wake(true);
    addEnvelopes(request, sealed.envelopes);
    KITH_TRY(const auto users, members(item.log));
    KITH_CHECK(setLists(request, users, directory_));
    return context_.store.write([&]() -> Result<void> {
        KITH_TRY([[maybe_unused]] const SendNo number,
                 context_.store.outbox().seal(item.id, request.SerializeAsString(), sealed.commitment.view(),
                                              sealed.contentSecret.exposeSecret()));
        return applyChange(sealed.change, context_.store.sessions(), context_.store.preKeys());
    });
}

void Outbox::claim(LogId log, std::vector<DeviceAddress> devices, LaneState state)
{
    Lane& lane = lanes_[log];
    lane.state = state;
    lane.asked.insert(devices.begin(), devices.end());
    claims_.claim(devices, [this, log, state, round = lane.round](Result<std::vector<PreKeyBundle>> bundles) {
        Lane& current = lanes_[log];
        if (current.round != round || current.state != state)
            return;
        if (!bundles && bundles.error().is(ManifestError::IdentityChanged) && state == LaneState::Fetching)
            return refuseQueued(log, current, bundles.error());
        if (!bundles && bundles.error().remedy == Remedy::Retry) {
            current.asked.clear();
            return pauseLane(log, std::max(bundles.error().retryAfter, Millis{1000}));
        }
        if (bundles)
            std::move(bundles->begin(), bundles->end(), std::back_inserter(current.bundles));
        if (state == LaneState::Resealing) {
            if (const auto done = reseal(log, current); !done)
                pauseLane(log, Millis{1000});
            return;
        }
        resume(log);
    });
}

/// Nothing goes to a key that is not the pinned one: a person looks at it first, then tries again.
void Outbox::refuseQueued(LogId log, Lane& lane, const Error& why)
{
    lane.asked.clear();
    lane.bundles.clear();
    const auto refused = context_.store.write([&]() -> Result<void> {
        for (MessageId after;;) {
            KITH_TRY(const auto items, context_.store.outbox().queued(after, sealAtOnce));
            for (const OutboxItem& item : items) {
                after = item.id;
                if (item.log == log)
                    KITH_CHECK(context_.store.outbox().reject(item.id, why));
            }
            if (items.size() < sealAtOnce)
                return {};
        }
    });
    refused ? resume(log) : pauseLane(log, Millis{1000});
}

Result<void> Outbox::learnLists(LogId log, MessageId id, const wire::Conflict::DeviceList& lists, Lane& lane)
{
    KITH_TRY(const auto users, members(log));
    std::map<UserId, std::vector<wire::SignedDeviceManifest>> byUser;
    for (const wire::SignedDeviceManifest& manifest : lists.manifests()) {
        wire::DeviceManifest parsed;
        const auto user =
            parsed.ParseFromString(manifest.manifest()) ? UserId::fromBytes(parsed.user_id()) : std::optional<UserId>();
        if (!user || std::find(users.begin(), users.end(), *user) == users.end())
            return context_.store.write([&] {
                return context_.store.outbox().reject(
                    id, Error::make(wire::WireCode::Invalid, "the server names a device list of somebody else"));
            });
        byUser[*user].push_back(manifest);
    }
    struct Wait {
        std::size_t missing;
        std::optional<Error> failed;
    };
    const auto wait = std::make_shared<Wait>(Wait{byUser.size(), std::nullopt});
    lane.state = LaneState::Resealing;
    if (byUser.empty())
        return reseal(log, lane);
    for (auto& [user, chain] : byUser) {
        directory_.learn(user, std::move(chain), [this, log, id, wait, round = lane.round](const Result<bool>& learnt) {
            if (!learnt)
                wait->failed = learnt.error();
            const Lane& current = lanes_[log];
            if (--wait->missing == 0 && current.round == round && current.state == LaneState::Resealing)
                listsLearnt(log, id, wait->failed);
        });
    }
    return {};
}

void Outbox::listsLearnt(LogId log, MessageId id, const std::optional<Error>& failed)
{
    Result<void> outcome;
    if (!failed)
        outcome = reseal(log, lanes_[log]);
    else if (failed->remedy == Remedy::Retry)
        return pauseLane(log, std::max(failed->retryAfter, Millis{1000}));
    else if (outcome = context_.store.write([&] { return context_.store.outbox().reject(id, *failed); }); outcome)
        resume(log);
    if (!outcome)
        pauseLane(log, Millis{1000});
}

Result<void> Outbox::reseal(LogId log, Lane& lane)
{
    KITH_TRY(const auto items, context_.store.outbox().unanswered(log, 1000));
    std::vector<DeviceAddress> missing;
    for (const OutboxItem& item : items) {
        KITH_TRY(const auto without, resealItem(item, lane));
        for (const DeviceAddress& device : without) {
            if (lane.asked.count(device) == 0 && std::find(missing.begin(), missing.end(), device) == missing.end())
                missing.push_back(device);
        }
    }
    if (!missing.empty()) {
        claim(log, std::move(missing), LaneState::Resealing);
        return {};
    }
    lane.bundles.clear();
    lane.asked.clear();
    resume(log);
    return {};
}

Result<std::vector<DeviceAddress>> Outbox::resealItem(const OutboxItem& item, Lane& lane)
{
    wire::SendMessageRequest request;
    if (!request.ParseFromString(item.sealed))
        return Error::make(StoreError::Damaged, "a stored outgoing message cannot be read");
    if (request.kind() == wire::RESEND)
        return std::vector<DeviceAddress>(); // for one device, whatever the list says
    KITH_TRY(const auto devices, readers(item.log, lane));
    if (!devices)
        return std::vector<DeviceAddress>();
    const auto isReader = [&](const Bytes& id) {
        return std::any_of(devices->begin(), devices->end(),
                           [&](const DeviceIdentity& device) { return device.device.view() == id; });
    };
    auto& envelopes = *request.mutable_envelopes();
    envelopes.erase(std::remove_if(envelopes.begin(), envelopes.end(),
                                   [&](const wire::Envelope& envelope) { return !isReader(envelope.device_id()); }),
                    envelopes.end());
    SealMoreRequest more;
    more.contentSecret = item.contentSecret.exposeSecret();
    more.bundles = lane.bundles;
    more.now = context_.now();
    for (const DeviceIdentity& device : *devices) {
        const bool has = std::any_of(envelopes.begin(), envelopes.end(), [&](const wire::Envelope& envelope) {
            return envelope.device_id() == device.device.view();
        });
        if (!has)
            more.devices.push_back(device);
    }
    KITH_TRY(const SealedMore sealed, context_.crypto.sealForMore(more));
    addEnvelopes(request, sealed.envelopes);
    KITH_TRY(const auto users, members(item.log));
    KITH_CHECK(setLists(request, users, directory_));
    KITH_CHECK(context_.store.write([&]() -> Result<void> {
        KITH_CHECK(context_.store.outbox().reseal(item.id, request.SerializeAsString()));
        return applyChange(sealed.change, context_.store.sessions(), context_.store.preKeys());
    }));
    return sealed.withoutEnvelope;
}

} // namespace kith
