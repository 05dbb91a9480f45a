// Conversations, keys, devices, people and invites.
#include "server/gateway/calls/CallTable.h"
#include "server/gateway/calls/DomainCodec.h"

namespace kith::server
{
namespace
{

Result<void> createConversation(const ContextPtr& context, const wire::CreateConversationRequest& request,
                                const Reply& reply)
{
    KITH_TRY(const UserId peer, readId<UserId>(request.peer_user(), "peer_user"));
    context->chat().conversations.create(context->caller(), peer,
                                         answering<CreatedConversation>(reply, [](const CreatedConversation& made) {
                                             wire::CreateConversationResponse response;
                                             response.set_log_id(made.log.bytes());
                                             response.set_generation(made.generation.value());
                                             response.set_existed(made.existed);
                                             response.set_request_pending(made.requestPending);
                                             return response;
                                         }));
    return {};
}

Result<void> respondRequest(const ContextPtr& context, const wire::RespondRequestRequest& request, const Reply& reply)
{
    KITH_TRY(const LogId log, readId<LogId>(request.log_id(), "log_id"));
    context->chat().conversations.respond(context->caller(), log, request.accept(), answeringEmpty(reply));
    return {};
}

Result<void> publishKeys(const ContextPtr& context, const wire::PublishKeysRequest& request, const Reply& reply)
{
    context->chat().preKeys.publish(context->caller(), readUpload(request.keys()),
                                    answering<std::uint32_t>(reply, [](std::uint32_t held) {
                                        wire::PublishKeysResponse response;
                                        response.set_one_time_prekeys(held);
                                        return response;
                                    }));
    return {};
}

Result<void> claimKeys(const ContextPtr& context, const wire::ClaimKeysRequest& request, const Reply& reply)
{
    KITH_TRY(const UserId user, readId<UserId>(request.user_id(), "user_id"));
    KITH_TRY(auto devices, readIds<DeviceId>(request.device_ids(), "a device id"));
    context->chat().preKeys.claim(context->caller(), user, std::move(devices),
                                  answering<ClaimedKeys>(reply, [](const ClaimedKeys& claimed) {
                                      wire::ClaimKeysResponse response;
                                      write(claimed.manifest, response.mutable_manifest());
                                      for (const PreKeyBundle& bundle : claimed.bundles)
                                          write(bundle, response.add_bundles());
                                      return response;
                                  }));
    return {};
}

Result<void> linkDevice(const ContextPtr& context, const wire::LinkDeviceRequest& request, const Reply& reply)
{
    KITH_TRY(auto manifest, readManifest(request.manifest()));
    context->chat().devices.link(context->caller(), std::move(manifest), readUpload(request.keys()),
                                 answering<std::uint64_t>(reply, [](std::uint64_t version) {
                                     wire::LinkDeviceResponse response;
                                     response.set_version(version);
                                     return response;
                                 }));
    return {};
}

Result<void> revokeDevice(const ContextPtr& context, const wire::RevokeDeviceRequest& request, const Reply& reply)
{
    KITH_TRY(auto manifest, readManifest(request.manifest()));
    context->chat().devices.revoke(context->caller(), std::move(manifest),
                                   answering<std::uint64_t>(reply, [](std::uint64_t version) {
                                       wire::RevokeDeviceResponse response;
                                       response.set_version(version);
                                       return response;
                                   }));
    return {};
}

Result<void> listDevices(const ContextPtr& context, const wire::ListDevicesRequest& request, const Reply& reply)
{
    KITH_TRY(const UserId user, readId<UserId>(request.user_id(), "user_id"));
    using Manifests = std::vector<SignedManifest>;
    context->chat().devices.list(context->caller(), user, request.after_version(),
                                 answering<Manifests>(reply, [](const Manifests& manifests) {
                                     wire::ListDevicesResponse response;
                                     for (const SignedManifest& manifest : manifests)
                                         write(manifest, response.add_manifests());
                                     return response;
                                 }));
    return {};
}

Result<void> findPeople(const ContextPtr& context, const wire::FindPeopleRequest& request, const Reply& reply)
{
    auto done = answering<FoundPerson>(reply, [](const FoundPerson& person) {
        wire::FindPeopleResponse response;
        write(person, &response);
        return response;
    });
    if (request.by_case() == wire::FindPeopleRequest::kUserId) {
        KITH_TRY(const UserId user, readId<UserId>(request.user_id(), "user_id"));
        context->chat().people.find(context->caller(), user, std::move(done));
    } else {
        context->chat().people.find(context->caller(), request.handle(), std::move(done));
    }
    return {};
}

Result<void> block(const ContextPtr& context, const wire::BlockRequest& request, const Reply& reply)
{
    KITH_TRY(const UserId user, readId<UserId>(request.user_id(), "user_id"));
    context->chat().people.block(context->caller(), user, answeringEmpty(reply));
    return {};
}

Result<void> unblock(const ContextPtr& context, const wire::UnblockRequest& request, const Reply& reply)
{
    KITH_TRY(const UserId user, readId<UserId>(request.user_id(), "user_id"));
    context->chat().people.unblock(context->caller(), user, answeringEmpty(reply));
    return {};
}

Result<void> setPrivacy(const ContextPtr& context, const wire::SetPrivacyRequest& request, const Reply& reply)
{
    context->chat().people.setPrivacy(context->caller(),
                                      {request.read_receipts(), request.show_presence(), request.findable()},
                                      answeringEmpty(reply));
    return {};
}

Result<void> createInvite(const ContextPtr& context, const wire::CreateInviteRequest& request, const Reply& reply)
{
    InviteRequest out;
    out.creator = context->caller().user;
    out.uses = request.uses();
    constexpr std::int64_t longestSeconds = 100LL * 365 * 24 * 3600; // keeps the product below in range
    if (request.lifetime_s() < 0 || request.lifetime_s() > longestSeconds)
        return Error::make(wire::WireCode::Invalid, "lifetime_s is out of range");
    out.lifetime = std::chrono::seconds(request.lifetime_s());
    context->chat().accounts.createInvite(context->strand(), std::move(out),
                                          answering<CreatedInvite>(reply, [](const CreatedInvite& invite) {
                                              wire::CreateInviteResponse response;
                                              response.set_token(invite.token);
                                              response.set_expires_ms(toMillis(invite.expires));
                                              response.set_id(invite.id);
                                              return response;
                                          }));
    return {};
}

Result<void> revokeInvite(const ContextPtr& context, const wire::RevokeInviteRequest& request, const Reply& reply)
{
    context->chat().accounts.revokeInvite(context->strand(), context->caller().user, request.token(),
                                          answeringEmpty(reply));
    return {};
}

constexpr CallEntry table[] = {
    {wire::CREATE_CONVERSATION, serve<wire::CreateConversationRequest, wire::CREATE_CONVERSATION, createConversation>},
    {wire::RESPOND_REQUEST, serve<wire::RespondRequestRequest, wire::RESPOND_REQUEST, respondRequest>},
    {wire::PUBLISH_KEYS, serve<wire::PublishKeysRequest, wire::PUBLISH_KEYS, publishKeys>},
    {wire::CLAIM_KEYS, serve<wire::ClaimKeysRequest, wire::CLAIM_KEYS, claimKeys>},
    {wire::LINK_DEVICE, serve<wire::LinkDeviceRequest, wire::LINK_DEVICE, linkDevice>},
    {wire::REVOKE_DEVICE, serve<wire::RevokeDeviceRequest, wire::REVOKE_DEVICE, revokeDevice>},
    {wire::LIST_DEVICES, serve<wire::ListDevicesRequest, wire::LIST_DEVICES, listDevices>},
    {wire::FIND_PEOPLE, serve<wire::FindPeopleRequest, wire::FIND_PEOPLE, findPeople>},
    {wire::BLOCK, serve<wire::BlockRequest, wire::BLOCK, block>},
    {wire::UNBLOCK, serve<wire::UnblockRequest, wire::UNBLOCK, unblock>},
    {wire::SET_PRIVACY, serve<wire::SetPrivacyRequest, wire::SET_PRIVACY, setPrivacy>},
    {wire::CREATE_INVITE, serve<wire::CreateInviteRequest, wire::CREATE_INVITE, createInvite>},
    {wire::REVOKE_INVITE, serve<wire::RevokeInviteRequest, wire::REVOKE_INVITE, revokeInvite>},
};

} // namespace

std::span<const CallEntry> accountCalls()
{
    return table;
}

} // namespace kith::server
