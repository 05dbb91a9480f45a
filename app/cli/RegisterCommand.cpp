#include "app/cli/Commands.h"
#include "app/cli/JsonRow.h"

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
    return JsonRow("registered")
        .add("handle", account.handle)
        .add("user", account.user.hex())
        .add("server", account.server.url)
        .print();
}

} // namespace kith::cli
