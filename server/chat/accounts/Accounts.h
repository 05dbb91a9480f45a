#pragma once
/// Registration, handles and invites (DESIGN section 8, mechanisms.md section 1). A registration touches the buckets of
/// a user, a handle and an invite; RegistrationSaga.h says how a crash between them loses none of the three.
/// Thread: any; see Caller.h.

#include "server/chat/Caller.h"
#include "server/chat/people/People.h"
#include "server/domain/Account.h"
#include "server/domain/Invite.h"
#include "server/domain/Manifest.h"
#include "server/domain/PreKeys.h"

namespace kith::server
{

struct ChatContext;

struct RegisterRequest {
    Bytes handle;            ///< As sent; the proofs cover these octets.
    Bytes invite;            ///< Token; empty: the server must be open.
    DeviceManifest manifest; ///< Version 1 with exactly the calling device.
    PreKeyUpload keys;       ///< With a signed pre-key.
    Bytes identityProof;     ///< Identity key over registerLabel: server id | challenge | handle.
    Bytes deviceProof;       ///< Device signing key over the same.
    Bytes challenge;         ///< 32 octets that this connection was given.
    Bytes address;           ///< For rate limits only.
};
struct Registered {
    UserId user;
    LogId accountLog;
    Bytes handle;                       ///< As folded.
    std::optional<FoundPerson> inviter; ///< Whose invite it came by; nothing: the operator's, or none.
};

/// Who makes or revokes an invite: null for the operator.
struct InviteRequest {
    UserId creator;
    std::uint32_t uses = 0; ///< 0: one.
    Millis lifetime{0};     ///< 0: the server's default.
    Bytes handle;           ///< Operator only: the one name that it registers; empty: any.
};

class Accounts
{
public:
    explicit Accounts(ChatContext& context) : context_(context) {}

    /// Repeating it with the same manifest, after its answer was lost, succeeds again.
    void registerAccount(Executor& strand, RegisterRequest request, Done<Registered> done);

    /// With a handle (`user add NAME`) the name is kept for this invite as long as the invite lives; doing it again
    /// replaces the invite.
    void createInvite(Executor& strand, InviteRequest request, Done<CreatedInvite> done);
    /// By token, or by the id that listInvites shows. NotFound also for other people's.
    void revokeInvite(Executor& strand, UserId creator, Bytes tokenOrId, Done<void> done);
    /// For the operator: walks all buckets.
    void listInvites(Executor& strand, Done<std::vector<InviteView>> done);
    /// For the operator: walks all buckets; sorted by handle.
    void listAccounts(Executor& strand, Done<std::vector<Account>> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
