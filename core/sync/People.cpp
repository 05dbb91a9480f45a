#include "core/sync/People.h"

namespace kith
{

void People::find(const std::string& handle, Completion<Contact> done)
{
    wire::FindPeopleRequest request;
    request.set_handle(handle);
    ask(request, std::move(done));
}

void People::refresh(UserId user, Completion<Contact> done)
{
    wire::FindPeopleRequest request;
    request.set_user_id(user.bytes());
    ask(request, std::move(done));
}

void People::ask(const wire::FindPeopleRequest& request, Completion<Contact> done)
{
    context_.connection.call<wire::FindPeopleRequest, wire::FindPeopleResponse>(
        wire::FIND_PEOPLE, request, [this, done = std::move(done)](Result<wire::FindPeopleResponse> answer) {
            if (answer)
                found(*answer, done);
            else
                done(answer.error());
        });
}

void People::found(const wire::FindPeopleResponse& answer, const Completion<Contact>& done)
{
    const auto user = UserId::fromBytes(answer.user_id());
    if (!user)
        return done(Error::make(wire::WireCode::Invalid, "the server found nobody that has an id"));
    if (!answer.has_manifest())
        return done(keep(*user, answer.handle()));
    directory_.learn(*user, {answer.manifest()},
                     [this, user, handle = answer.handle(), done](const Result<bool>& learnt) {
                         // Another identity key is a fact for the person to judge, not a reason to forget who this is.
                         const bool known = learnt || learnt.error().is(ManifestError::IdentityChanged) ||
                                            learnt.error().is(ManifestError::Older);
                         done(known ? keep(*user, handle) : Result<Contact>(learnt.error()));
                     });
}

Result<Contact> People::keep(UserId user, const std::string& handle)
{
    KITH_CHECK(context_.store.write([&] { return context_.store.contacts().setHandle(user, handle); }));
    KITH_TRY(auto contact, context_.store.contacts().find(user));
    if (!contact)
        return Error::make(StoreError::NotFound, "the contact was not kept");
    return std::move(*contact);
}

void People::openConversation(UserId peer, Completion<LogId> done)
{
    wire::CreateConversationRequest request;
    request.set_peer_user(peer.bytes());
    context_.connection.call<wire::CreateConversationRequest, wire::CreateConversationResponse>(
        wire::CREATE_CONVERSATION, request,
        [this, peer, done = std::move(done)](Result<wire::CreateConversationResponse> answer) {
            done(answer ? opened(peer, *answer) : Result<LogId>(answer.error()));
        });
}

Result<LogId> People::opened(UserId peer, const wire::CreateConversationResponse& answer)
{
    const auto log = LogId::fromBytes(answer.log_id());
    if (!log)
        return Error::make(wire::WireCode::Invalid, "the server made a conversation without an id");
    const RequestState request = answer.request_pending() ? RequestState::Outgoing : RequestState::Accepted;
    KITH_CHECK(context_.store.write([&]() -> Result<void> {
        KITH_TRY([[maybe_unused]] const bool added,
                 context_.store.conversations().ensure(*log, ConversationType::Direct, peer, request));
        return {};
    }));
    return *log;
}

void People::respond(LogId log, bool accept, Completion<void> done)
{
    wire::RespondRequestRequest request;
    request.set_log_id(log.bytes());
    request.set_accept(accept);
    context_.connection.call<wire::RespondRequestRequest, wire::RespondRequestResponse>(
        wire::RESPOND_REQUEST, request,
        [this, log, accept, done = std::move(done)](Result<wire::RespondRequestResponse> answer) {
            if (!answer)
                return done(answer.error());
            done(context_.store.write([&] {
                return context_.store.conversations().setRequest(log, accept ? RequestState::Accepted
                                                                             : RequestState::Declined);
            }));
        });
}

void People::setBlocked(UserId user, bool blocked, Completion<void> done)
{
    const auto keep = [this, user, blocked, done = std::move(done)](const Result<void>& answer) {
        done(answer ? context_.store.write([&] { return context_.store.contacts().setBlocked(user, blocked); })
                    : answer);
    };
    if (blocked) {
        wire::BlockRequest request;
        request.set_user_id(user.bytes());
        context_.connection.call<wire::BlockRequest, wire::BlockResponse>(
            wire::BLOCK, request,
            [keep](Result<wire::BlockResponse> answer) { keep(answer ? Result<void>() : answer.error()); });
        return;
    }
    wire::UnblockRequest request;
    request.set_user_id(user.bytes());
    context_.connection.call<wire::UnblockRequest, wire::UnblockResponse>(
        wire::UNBLOCK, request,
        [keep](Result<wire::UnblockResponse> answer) { keep(answer ? Result<void>() : answer.error()); });
}

} // namespace kith
