#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

namespace kith::cli
{

Result<void> runRegister(Context& context, const RegisterArguments& arguments)
{
    KITH_TRY(RegistrationRequest request, arguments.invite.empty() ? registrationFromAddress(arguments.server)
                                                                   : registrationFromInvite(arguments.invite));
    request.handle = arguments.name;
    KITH_TRY(const OwnAccount account, context.await<OwnAccount>([&](Completion<OwnAccount> done) {
        context.session().registerAccount(request, std::move(done));
    }));
    JsonRow row("registered");
    row.add("handle", account.handle).add("user", account.user.hex()).add("server", account.server.url);
    KITH_TRY(const auto inviter, context.session().contactByFingerprint(request.inviter));
    if (inviter)
        row.add("inviter", inviter->handle).add("trust", trustName(inviter->trust));
    else
        row.addNull("inviter").addNull("trust");
    return row.print();
}

} // namespace kith::cli
