#include "server/chat/Chat.h"

#include "server/chat/ChatContext.h"
#include "server/chat/accounts/RegistrationSaga.h"
#include "server/chat/conversations/MemberLogs.h"
#include "server/chat/devices/ListCopies.h"

namespace kith::server
{

namespace
{

/// What each kind of job does. All decide by what is stored now.
void addHandlers(ChatContext& context)
{
    JobRunner& jobs = context.jobs;
    Executor& strand = jobs.strand();
    jobs.handle(JobKind::Register, [&context, &strand](const Job& job, Done<void> done) {
        settleRegistration(context, strand, job, std::move(done));
    });
    jobs.handle(JobKind::Devices, [&context, &strand](const Job& job, Done<void> done) {
        refreshAllCopies(context, strand, UserId::fromBytes(job.subject).value_or(UserId{}), std::move(done));
    });
    jobs.handle(JobKind::Conversation, [&context, &strand](const Job& job, Done<void> done) {
        settleMembers(context, strand, LogId::fromBytes(job.subject).value_or(LogId{}), std::move(done));
    });
    jobs.handle(JobKind::Block, [&context, &strand](const Job& job, Done<void> done) {
        const auto user = UserId::fromBytes(job.subject.substr(0, UserId::size));
        const auto peer = UserId::fromBytes(job.subject.substr(std::min(job.subject.size(), UserId::size)));
        if (!user || !peer)
            return done(damagedRecord(Table::Job));
        refreshCopies(context, strand, context.directLogOf(*user, *peer), std::move(done));
    });
}

} // namespace

Chat::Chat(const ChatPorts& ports, ChatConfig config)
    : context_(std::make_unique<ChatContext>(ports, std::move(config))), accounts(*context_), authentication(*context_),
      devices(*context_), preKeys(*context_), conversations(*context_), messages(*context_), reader(*context_),
      receipts(*context_), people(*context_), presence(*context_)
{
    addHandlers(*context_);
}

Chat::~Chat() = default;

void Chat::start(Done<void> done)
{
    context_->jobs.start(std::move(done));
}

void Chat::tick()
{
    context_->jobs.retry();
    presence.tick(context_->jobs.strand());
}

} // namespace kith::server
