#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

namespace kith::cli
{

Result<void> runInvite(Context& context, const InviteArguments& arguments)
{
    KITH_CHECK(context.connect());
    if (!arguments.revoke.empty()) {
        KITH_CHECK(context.await<void>(
            [&](Completion<void> done) { context.session().revokeInvite(arguments.revoke, std::move(done)); }));
        return JsonRow("invite_revoked").add("id", arguments.revoke).print();
    }
    KITH_TRY(const OwnInvite invite, context.await<OwnInvite>([&](Completion<OwnInvite> done) {
        context.session().createInvite(arguments.wish, std::move(done));
    }));
    return JsonRow("invite")
        .add("invite", invite.link)
        .add("expires", isoTime(invite.expires))
        .add("id", invite.id)
        .print();
}

} // namespace kith::cli
