// Hello, Register, Authenticate, Resume, Ping, Logout.
#include "core/protocol/wire/Limits.h"
#include "server/gateway/calls/CallTable.h"
#include "server/gateway/calls/DomainCodec.h"

namespace kith::server
{
namespace
{

Result<void> hello(const ContextPtr& context, const wire::HelloRequest& request, const Reply& reply)
{
    context->greeted(request.minor_version());
    const ServerFacts& facts = context->facts();
    wire::HelloResponse response;
    response.set_minor_version(wire::minorVersion);
    response.set_oldest_minor_version(wire::oldestMinorVersion);
    response.set_challenge(context->makeChallenge());
    response.set_server_id(facts.serverId);
    response.set_server_time_ms(toMillis(context->now()));
    auto* limits = response.mutable_limits();
    limits->set_max_frame(wire::maxFrame);
    limits->set_max_body(static_cast<std::uint32_t>(facts.limits.body));
    limits->set_max_envelopes(static_cast<std::uint32_t>(facts.limits.envelopes));
    limits->set_max_page_entries(static_cast<std::uint32_t>(facts.limits.pageEntries));
    limits->set_heartbeat_ms(wire::heartbeatMs);
    response.set_registration_open(facts.registrationOpen);
    reply(response.SerializeAsString());
    return {};
}

Result<void> needHello(const ContextPtr& context)
{
    if (context->challenge().empty())
        return Error::make(wire::WireCode::Invalid, "say Hello first: it gives the challenge to sign");
    return {};
}

Result<void> registerAccount(const ContextPtr& context, const wire::RegisterRequest& request, const Reply& reply)
{
    KITH_CHECK(needHello(context));
    RegisterRequest out;
    out.handle = request.handle();
    out.invite = request.invite();
    KITH_TRY(out.manifest, readManifest(request.manifest()));
    out.keys = readUpload(request.keys());
    out.identityProof = request.identity_proof();
    out.deviceProof = request.device_proof();
    out.challenge = context->challenge();
    out.address = context->address();
    context->chat().accounts.registerAccount(context->strand(), std::move(out),
                                             answering<Registered>(reply, [](const Registered& registered) {
                                                 wire::RegisterResponse response;
                                                 response.set_user_id(registered.user.bytes());
                                                 response.set_account_log(registered.accountLog.bytes());
                                                 response.set_handle(registered.handle);
                                                 if (registered.inviter)
                                                     write(*registered.inviter, response.mutable_inviter());
                                                 return response;
                                             }));
    return {};
}

Done<SignedIn> signingIn(const ContextPtr& context, const Reply& reply)
{
    return answering<SignedIn>(reply, [context](const SignedIn& device) {
        context->signedIn(device);
        wire::AuthenticateResponse response;
        response.set_server_time_ms(toMillis(device.serverTime));
        response.set_resume_token(device.resumeToken);
        response.set_one_time_prekeys(device.oneTimePreKeys);
        response.set_manifest_version(device.manifestVersion);
        response.set_account_log(device.accountLog.bytes());
        return response;
    });
}

Result<void> authenticate(const ContextPtr& context, const wire::AuthenticateRequest& request, const Reply& reply)
{
    KITH_CHECK(needHello(context));
    AuthenticateRequest out;
    KITH_TRY(out.user, readId<UserId>(request.user_id(), "user_id"));
    KITH_TRY(out.device, readId<DeviceId>(request.device_id(), "device_id"));
    out.incarnation = request.incarnation();
    out.signature = request.signature();
    out.challenge = context->challenge();
    out.address = context->address();
    context->chat().authentication.authenticate(context->strand(), std::move(out), signingIn(context, reply));
    return {};
}

Result<void> resume(const ContextPtr& context, const wire::ResumeRequest& request, const Reply& reply)
{
    KITH_CHECK(needHello(context));
    context->chat().authentication.resume(context->strand(), request.resume_token(), signingIn(context, reply));
    return {};
}

Result<void> ping(const ContextPtr& context, const wire::PingRequest&, const Reply& reply)
{
    wire::PingResponse response;
    response.set_server_time_ms(toMillis(context->now()));
    reply(response.SerializeAsString());
    return {};
}

Result<void> logout(const ContextPtr& context, const wire::LogoutRequest&, const Reply& reply)
{
    context->chat().authentication.logout(context->caller(), [context, reply](Result<void> result) {
        answeringEmpty(reply)(result);
        if (result.ok())
            context->loggedOut();
    });
    return {};
}

constexpr CallEntry table[] = {
    {wire::HELLO, serve<wire::HelloRequest, wire::HELLO, hello>},
    {wire::REGISTER, serve<wire::RegisterRequest, wire::REGISTER, registerAccount>},
    {wire::AUTHENTICATE, serve<wire::AuthenticateRequest, wire::AUTHENTICATE, authenticate>},
    {wire::RESUME, serve<wire::ResumeRequest, wire::RESUME, resume>},
    {wire::PING, serve<wire::PingRequest, wire::PING, ping>},
    {wire::LOGOUT, serve<wire::LogoutRequest, wire::LOGOUT, logout>},
};

} // namespace

std::span<const CallEntry> sessionCalls()
{
    return table;
}

} // namespace kith::server
