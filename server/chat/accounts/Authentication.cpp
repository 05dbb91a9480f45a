#include "server/chat/accounts/Authentication.h"

#include "core/crypto/ConstantTime.h"
#include "core/crypto/Hmac.h"
#include "core/crypto/Sign.h"
#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"
#include "server/chat/keys/KeyRecords.h"

namespace kith::server
{

namespace
{

constexpr std::size_t challengeSize = 32;
constexpr std::size_t incarnationSize = 16;
constexpr std::size_t macSize = 32;
constexpr char tokenFormat = 1;

/// Format 1 | user 16 | device 16 | incarnation 16 | issued 8 (ms) | HMAC-SHA256 over all before.
constexpr std::size_t tokenSize = 1 + 16 + 16 + 16 + 8 + macSize;

struct ResumeClaim {
    UserId user;
    DeviceId device;
    Bytes incarnation;
    WallTime issued;
};

Bytes makeToken(const ChatContext& context, const ResumeClaim& claim)
{
    Bytes token(1, tokenFormat);
    token.append(claim.user.view()).append(claim.device.view()).append(claim.incarnation);
    appendBigEndian(token, static_cast<std::uint64_t>(toMillis(claim.issued)));
    token.append(hmacSha256(context.tokenKey.exposeSecret(), token).view());
    return token;
}

std::optional<ResumeClaim> readToken(const ChatContext& context, ByteView token)
{
    if (token.size() != tokenSize || token[0] != tokenFormat)
        return std::nullopt;
    const ByteView body = token.substr(0, tokenSize - macSize);
    if (!constantTimeEqual(hmacSha256(context.tokenKey.exposeSecret(), body).view(), token.substr(body.size())))
        return std::nullopt;
    return ResumeClaim{*UserId::fromBytes(body.substr(1, 16)), *DeviceId::fromBytes(body.substr(17, 16)),
                       Bytes(body.substr(33, incarnationSize)),
                       wallFromMillis(static_cast<std::int64_t>(readBigEndian(body.substr(49))))};
}

Error wrongProof()
{
    return refused(ChatError::Unauthenticated, "The device could not prove that it belongs to this account.");
}

/// The listed, unrevoked device of this incarnation.
Result<Device> listedDevice(const ChatContext& context, UserId user, DeviceId device, ByteView incarnation)
{
    KITH_TRY(auto record, load<Device>(context.storage, deviceKey(user, device)));
    if (!record)
        return wrongProof();
    if (record->value.revoked)
        return refused(ChatError::Unauthenticated, "This device was unlinked from the account: link it again.");
    if (!constantTimeEqual(record->value.incarnation, incarnation))
        return refused(ChatError::Unauthenticated, "This device was restored from a copy: link it as a new device.");
    return std::move(record->value);
}

/// Many people may stand behind one address: what strangers there try is counted apart from each known device.
Result<void> takeTry(const ChatContext& context, const AuthenticateRequest& request, bool known)
{
    Bytes key = request.address;
    if (known)
        key.append(1, '\0').append(request.user.view()).append(request.device.view());
    return context.take(Rate::AuthenticatePerAddress, key, "sign-ins");
}

Result<void> checkSignature(const ChatContext& context, const AuthenticateRequest& request, ByteView signingKey)
{
    const auto key = Ed25519PublicKey::fromBytes(signingKey);
    const Bytes statement = context.config.serverId + request.challenge + request.user.bytes() + request.device.bytes();
    if (!key || !verify(*key, authenticateLabel, statement, request.signature).ok())
        return wrongProof();
    return {};
}

Decision<Unit> logoutOnce(const ChatContext& context, const Caller& caller)
{
    const RecordKey key = deviceKey(caller.user, caller.device);
    KITH_TRY(auto device, load<Device>(context.storage, key));
    if (!device)
        return answer(Unit{});
    device->value.tokensSince = context.clock.wall() + Millis{1};
    Transaction transaction{key.bucket, {{key, device->version}}, {{key, encode(device->value)}}, {}};
    return commit(std::move(transaction));
}

} // namespace

Result<SignedIn> Authentication::signedIn(UserId user, DeviceId device, const Bytes& incarnation)
{
    KITH_TRY(const auto account, load<Account>(context_.storage, accountKey(user)));
    if (!account)
        return wrongProof();
    if (account->value.suspended)
        return refused(ChatError::Denied, "This account is suspended: ask the operator of the server.");
    KITH_TRY(const std::uint32_t keys,
             countOneTimeKeys(context_.storage, user, device, context_.limits.oneTimePreKeys));
    const WallTime now = context_.clock.wall();
    SignedIn result;
    result.user = user;
    result.device = device;
    result.incarnation = incarnation;
    result.resumeToken = makeToken(context_, {user, device, incarnation, now});
    result.oneTimePreKeys = keys;
    result.manifestVersion = account->value.manifestVersion;
    result.accountLog = account->value.accountLog;
    result.serverTime = now;
    return result;
}

void Authentication::authenticate(Executor& strand, AuthenticateRequest request, Done<SignedIn> done)
{
    strand.post([this, request = std::move(request), done = std::move(done)] {
        const auto prove = [&]() -> Result<SignedIn> {
            if (request.challenge.size() != challengeSize)
                return wrongProof();
            KITH_TRY(const auto record, load<Device>(context_.storage, deviceKey(request.user, request.device)));
            KITH_CHECK(takeTry(context_, request, record.has_value()));
            // The signature first: only who holds the key learns what is wrong with the device.
            KITH_CHECK(checkSignature(context_, request, record ? record->value.signingKey : Bytes(32, '\x01')));
            KITH_CHECK(listedDevice(context_, request.user, request.device, request.incarnation));
            return signedIn(request.user, request.device, request.incarnation);
        };
        Result<SignedIn> result = prove();
        done(result.ok() ? std::move(result) : Result<SignedIn>(asChatError(result.error())));
    });
}

void Authentication::resume(Executor& strand, Bytes token, Done<SignedIn> done)
{
    strand.post([this, token = std::move(token), done = std::move(done)] {
        const auto prove = [&]() -> Result<SignedIn> {
            const std::optional<ResumeClaim> claim = readToken(context_, token);
            const WallTime now = context_.clock.wall();
            const Error again = refused(ChatError::Unauthenticated, "This session is over: sign in again.");
            if (!claim || now >= claim->issued + context_.limits.resumeLifetime)
                return again;
            KITH_TRY(const Device device, listedDevice(context_, claim->user, claim->device, claim->incarnation));
            if (claim->issued < device.tokensSince)
                return again;
            return signedIn(claim->user, claim->device, claim->incarnation);
        };
        Result<SignedIn> result = prove();
        done(result.ok() ? std::move(result) : Result<SignedIn>(asChatError(result.error())));
    });
}

void Authentication::logout(const Caller& caller, Done<void> done)
{
    caller.strand->post([this, caller, done = std::move(done)]() mutable {
        runRule<Unit>(
            context_.storage, *caller.strand, [this, caller] { return logoutOnce(context_, caller); },
            asUnit(std::move(done)));
    });
}

} // namespace kith::server
