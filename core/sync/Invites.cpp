#include "core/sync/Invites.h"

#include "core/e2ee/IdentityTrust.h"
#include "core/protocol/wire/InviteLink.h"

namespace kith
{

void Invites::create(const InviteWish& wish, Completion<OwnInvite> done)
{
    wire::CreateInviteRequest request;
    request.set_uses(wish.uses);
    request.set_lifetime_s(std::chrono::ceil<std::chrono::seconds>(wish.lifetime).count());
    context_.connection.call<wire::CreateInviteRequest, wire::CreateInviteResponse>(
        wire::CREATE_INVITE, request, [this, done = std::move(done)](const Result<wire::CreateInviteResponse>& answer) {
            if (!answer)
                return done(answer.error());
            auto link = linkWith(answer->token());
            if (!link)
                return done(link.error());
            done(OwnInvite{std::move(*link), answer->id(), wallFromMillis(answer->expires_ms())});
        });
}

void Invites::revoke(const std::string& idOrLink, Completion<void> done)
{
    const auto link = wire::parseInviteLink(idOrLink);
    wire::RevokeInviteRequest request;
    request.set_token(link ? link->token : idOrLink);
    context_.connection.call<wire::RevokeInviteRequest, wire::RevokeInviteResponse>(
        wire::REVOKE_INVITE, request, [done = std::move(done)](const Result<wire::RevokeInviteResponse>& answer) {
            done(answer ? Result<void>() : answer.error());
        });
}

Result<std::string> Invites::linkWith(const std::string& token)
{
    KITH_TRY(const auto own, context_.store.identities().identity(context_.account.user));
    if (!own)
        return Error::make(StoreError::Damaged, "the account's own identity key is missing");
    KITH_TRY(const net::ServerAddress server, net::ServerAddress::parse(context_.account.server.url));
    wire::InviteLink link;
    link.host = server.host;
    link.port = server.port;
    link.plain = server.plain;
    link.token = token;
    link.identity = identityFingerprint(own->identityKey);
    link.serverKey = context_.account.server.pinnedKey;
    const std::string text = wire::formatInviteLink(link);
    // The token is the server's word: what it cannot be would make a link that leads elsewhere.
    KITH_TRY([[maybe_unused]] const wire::InviteLink read, wire::parseInviteLink(text));
    return text;
}

} // namespace kith
