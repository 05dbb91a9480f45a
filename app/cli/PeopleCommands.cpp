#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

namespace kith::cli
{
namespace
{

/// Somebody known here, or found on the server.
Result<Contact> person(Context& context, const std::string& who)
{
    const auto conversation = context.knownConversation(who);
    if (conversation) {
        KITH_TRY(const auto contact, context.session().contact(conversation->peer));
        if (contact)
            return *contact;
    }
    KITH_TRY(const auto known, context.session().contactByHandle(who));
    if (known)
        return *known;
    KITH_CHECK(context.connect());
    return context.await<Contact>(
        [&](Completion<Contact> done) { context.session().findPerson(who, std::move(done)); });
}

Result<void> runBlock(Context& context, const std::string& who, bool blocked)
{
    KITH_CHECK(context.connect());
    KITH_TRY(const Contact contact, person(context, who));
    KITH_CHECK(context.await<void>(
        [&](Completion<void> done) { context.session().setBlocked(contact.user, blocked, std::move(done)); }));
    return JsonRow(blocked ? "blocked" : "unblocked").add("who", nameOf(context.session(), contact.user)).print();
}

Result<void> runAnswer(Context& context, const std::string& who, bool accept)
{
    KITH_CHECK(context.connect());
    KITH_TRY(const Conversation conversation, context.knownConversation(who));
    Session& session = context.session();
    KITH_CHECK(context.await<void>([&](Completion<void> done) {
        if (accept)
            session.acceptRequest(conversation.log, std::move(done));
        else
            session.declineRequest(conversation.log, std::move(done));
    }));
    return JsonRow(accept ? "accepted" : "declined").add("who", nameOf(session, conversation.peer)).print();
}

} // namespace

Result<void> runPerson(Context& context, const PersonRun& run)
{
    const std::string& who = run.arguments.who;
    switch (run.command) {
    case PersonCommand::Accept:
        return runAnswer(context, who, true);
    case PersonCommand::Decline:
        return runAnswer(context, who, false);
    case PersonCommand::Block:
        return runBlock(context, who, true);
    case PersonCommand::Unblock:
        return runBlock(context, who, false);
    case PersonCommand::SafetyNumber: {
        KITH_TRY(const Contact contact, person(context, who));
        KITH_TRY(const std::string number, context.session().safetyNumber(contact.user));
        return JsonRow("safety_number")
            .add("with", nameOf(context.session(), contact.user))
            .add("number", number)
            .add("trust", trustName(contact.trust))
            .print();
    }
    }
    return {};
}

} // namespace kith::cli
