#pragma once
/// Invites that this account makes: the server keeps a hash of the token, the link carries what the server is not asked
/// for (mechanisms.md section 5). Owned by SyncEngine. Engine thread.

#include "core/domain/OwnInvite.h"
#include "core/sync/SyncContext.h"

namespace kith
{

class Invites
{
public:
    explicit Invites(SyncContext& context) : context_(context) {}

    void create(const InviteWish& wish, Completion<OwnInvite> done);
    /// One of this account's own, by its id or its link; NotFound also for other people's.
    void revoke(const std::string& idOrLink, Completion<void> done);

private:
    [[nodiscard]] Result<std::string> linkWith(const std::string& token);

    SyncContext& context_;
};

} // namespace kith
