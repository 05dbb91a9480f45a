/// kith-cli: builds the graph, runs one command, says how it ended.

#include "app/cli/CliError.h"
#include "app/cli/Commands.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Passphrase.h"
#include "app/cli/Rows.h"
#include "core/base/Log.h"
#include "core/session/LocalSession.h"
#include "platform/KeychainVault.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

namespace
{

using namespace kith;
using namespace kith::cli;

Result<void> runCommand(Context& context, Feed& feed, const Command& command)
{
    struct Runner {
        Context& context;
        Feed& feed;
        Result<void> operator()(const RegisterArguments& a) const { return runRegister(context, a); }
        Result<void> operator()(const SendArguments& a) const { return runSend(context, a); }
        Result<void> operator()(const RetryArguments& a) const { return runRetry(context, a); }
        Result<void> operator()(const ReceiveArguments& a) const { return runReceive(context, feed, a); }
        Result<void> operator()(const HistoryArguments& a) const { return runHistory(context, a); }
        Result<void> operator()(const WaitReadArguments& a) const { return runWaitRead(context, a); }
        Result<void> operator()(const InviteArguments& a) const { return runInvite(context, a); }
        Result<void> operator()(const PersonRun& a) const { return runPerson(context, a); }
        Result<void> operator()(const PlainCommand& a) const { return runPlain(context, a); }
    };
    return std::visit(Runner{context, feed}, command);
}

/// What is answered from the profile alone.
bool onlyReads(const Command& command)
{
    if (const auto* person = std::get_if<PersonRun>(&command))
        return person->command == PersonCommand::SafetyNumber;
    return std::holds_alternative<HistoryArguments>(command) || std::holds_alternative<PlainCommand>(command);
}

SessionEvents eventsFor(Context*& context, const Feed& feed, std::optional<Error>& stopped)
{
    const auto wake = [&context] {
        if (context != nullptr)
            context->wake();
    };
    SessionEvents events;
    events.connectionChanged = [&feed, wake](const net::ConnectionFact& fact) {
        if (feed.connectionChanged)
            feed.connectionChanged(fact);
        wake();
    };
    events.conversationChanged = [&feed, wake](LogId log) {
        if (feed.conversationChanged)
            feed.conversationChanged(log);
        wake();
    };
    events.typingChanged = [&feed](LogId log, UserId user, bool typing) {
        if (feed.typingChanged)
            feed.typingChanged(log, user, typing);
    };
    events.presenceChanged = [&feed](UserId user, bool online) {
        if (feed.presenceChanged)
            feed.presenceChanged(user, online);
    };
    events.storeStopped = [&context, &stopped](const Error& error) {
        stopped = error;
        if (context != nullptr)
            context->stop(error);
    };
    return events;
}

Result<void> run(const Arguments& arguments)
{
    KeychainVault keychain("Kith");
    LocalProfile profile;
    profile.directory = arguments.profile;
    profile.keychain = &keychain;
    profile.create = std::holds_alternative<RegisterArguments>(arguments.command);
    if (!arguments.passphraseFile.empty()) {
        KITH_TRY(profile.passphrase, readPassphrase(arguments.passphraseFile));
    }
    Context* current = nullptr;
    Feed feed;
    std::optional<Error> stopped;
    KITH_TRY(const auto local, LocalSession::open(std::move(profile), eventsFor(current, feed, stopped)));
    const std::optional<Error> readOnly = local->readOnly();
    if (readOnly) {
        if (!onlyReads(arguments.command))
            return *readOnly;
        std::fprintf(stderr, "kith-cli: %s\n", readOnly->detail.c_str());
    }
    Session& session = local->session();
    Context context(session, arguments.timeout, readOnly.has_value());
    current = &context;
    const Interrupt interrupt([&context](int signal) {
        context.stop(Error::make(signal == SIGTERM ? CliError::Terminated : CliError::Interrupted,
                                 "stopped before it was done; what is queued goes with the next run"));
    });
    Result<void> outcome = runCommand(context, feed, arguments.command);
    current = nullptr;
    session.stop();
    QCoreApplication::processEvents();
    if (stopped)
        return *stopped;
    return outcome;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("kith-cli"));
    setLogLevel(LogLevel::Error);
    std::setvbuf(stdin, nullptr, _IONBF, 0); // the passphrase's line takes nothing of a text that follows it
    std::signal(SIGXFSZ, SIG_IGN);           // a file size limit is a failed write like any other
    std::signal(SIGPIPE, SIG_IGN);           // so is a reader that went away
    const ParseOutcome parsed = parseArguments(argc, argv);
    if (const auto* text = std::get_if<std::string>(&parsed.value)) {
        std::fputs(text->c_str(), parsed.code == 0 ? stdout : stderr);
        return parsed.code;
    }
    const Result<void> outcome = run(std::get<Arguments>(parsed.value));
    if (outcome)
        return static_cast<int>(ExitCode::Ok);
    [[maybe_unused]] const auto told = errorRow(outcome.error()).print(); // standard error says it too
    std::fprintf(stderr, "kith-cli: %s\n", printable(outcome.error().detail).c_str());
    return static_cast<int>(exitCodeFor(outcome.error()));
}
