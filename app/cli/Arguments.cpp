#include "app/cli/Arguments.h"

#include "app/cli/ExitCode.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <sstream>

namespace kith::cli
{
namespace
{

std::string defaultProfile()
{
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return std::string(data) + "/kith/default";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.local/share/kith/default";
}

CLI::App* addPerson(CLI::App& app, const char* name, const char* help, std::string& who)
{
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("who", who, "handle or conversation id")->required();
    return command;
}

/// "90m", "12h", "7d"; zero for anything else.
Millis parseSpan(const std::string& text)
{
    constexpr std::pair<char, Millis> units[] = {
        {'m', std::chrono::minutes(1)}, {'h', std::chrono::hours(1)}, {'d', std::chrono::hours(24)}};
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end + 1 != text.data() + text.size() || count > 100'000)
        return Millis{0};
    for (const auto& [unit, length] : units) {
        if (*end == unit)
            return count * length;
    }
    return Millis{0};
}

} // namespace

ParseOutcome parseArguments(int argc, const char* const* argv)
{
    CLI::App app{
        "kith-cli: the Kith messenger on a command line. Prints one JSON object a line; see docs/guides/cli.md."};
    app.set_version_flag("--version", std::string("kith-cli ") + KITH_VERSION);
    app.require_subcommand(1);
    app.fallthrough(); // global options may stand behind the command too

    Arguments out;
    out.profile = defaultProfile();
    double timeout = 30;
    app.add_option("--profile", out.profile, "directory of this person's profile")->capture_default_str();
    CLI::Option* timeoutOption =
        app.add_option("--timeout", timeout, "seconds to wait at most; receive --follow waits for ever without it")
            ->check(CLI::Range(0.1, 86'400.0))
            ->capture_default_str();
    app.add_option("--passphrase-file", out.passphraseFile,
                   "file with the passphrase, or - for standard input; without it the OS keychain is used");

    RegisterArguments reg;
    CLI::App* registerCommand = app.add_subcommand("register", "make an account on a server");
    CLI::Option* invite = registerCommand->add_option("--invite", reg.invite, "invite link (kith://...)");
    registerCommand->add_option("--server", reg.server, "server address, where registration is open")->excludes(invite);
    registerCommand->add_option("--name", reg.name, "the name that others find you by: a-z 0-9 . _ -, 3 to 32")
        ->required();

    SendArguments send;
    CLI::App* sendCommand = app.add_subcommand("send", "send a message and wait until the server has stored it");
    sendCommand->add_option("to", send.to, "handle or conversation id")->required();
    CLI::Option* sendText = sendCommand->add_option("text", send.text, "the text, or - for standard input");
    sendCommand->add_flag("--lines", send.lines, "each line of standard input is a message")->excludes(sendText);

    RetryArguments retry;
    CLI::App* retryCommand = app.add_subcommand("retry", "send again what failed, and wait as send does");
    retryCommand->add_option("with", retry.with, "handle or conversation id")->required();
    retryCommand->add_option("--message", retry.message, "client_msg_id; otherwise all that failed");

    ReceiveArguments receive;
    CLI::App* receiveCommand = app.add_subcommand("receive", "print what has not been read and mark it read");
    receiveCommand->add_flag("--follow", receive.follow, "go on until interrupted");
    receiveCommand->add_flag("--keep-unread", receive.keepUnread, "do not mark as read");

    HistoryArguments history;
    CLI::App* historyCommand = app.add_subcommand("history", "print a conversation from this device's store");
    historyCommand->add_option("with", history.with, "handle or conversation id")->required();
    historyCommand->add_option("--limit", history.limit, "newest N messages")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();

    InviteArguments invitation;
    std::string expires;
    CLI::App* inviteCommand = app.add_subcommand("invite", "print a link that lets people in and knows you verified");
    CLI::Option* revoke = inviteCommand->add_option("--revoke", invitation.revoke, "end an invite: its id or its link");
    inviteCommand->add_option("--uses", invitation.wish.uses, "how many people it lets in; default 1")
        ->check(CLI::Range(1, 100'000))
        ->excludes(revoke);
    inviteCommand->add_option("--expires", expires, "after what time it ends: 90m, 12h, 7d")->excludes(revoke);

    CLI::App* list = app.add_subcommand("list", "conversations with unread counts");
    CLI::App* requests = app.add_subcommand("requests", "message requests from strangers");
    CLI::App* status = app.add_subcommand("status", "account, server, connection, outbox");

    WaitReadArguments wait;
    CLI::App* waitCommand = app.add_subcommand("wait-read", "wait until the other side has read a message");
    waitCommand->add_option("with", wait.with, "handle or conversation id")->required();
    waitCommand->add_option("--message", wait.message, "client_msg_id; the newest own message otherwise");

    PersonArguments person;
    CLI::App* accept = addPerson(app, "accept", "accept a message request", person.who);
    CLI::App* decline = addPerson(app, "decline", "decline a message request", person.who);
    CLI::App* block = addPerson(app, "block", "block a person", person.who);
    CLI::App* unblock = addPerson(app, "unblock", "unblock a person", person.who);
    CLI::App* safety = addPerson(app, "safety-number", "the number that both sides compare", person.who);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream text;
        std::ostringstream errors;
        const int code = app.exit(error, text, errors);
        return {text.str() + errors.str(), code == 0 ? 0 : static_cast<int>(ExitCode::Usage)};
    }
    if (*sendCommand && send.text.empty() && !send.lines)
        return {std::string("send needs a text, or --lines\n"), static_cast<int>(ExitCode::Usage)};
    invitation.wish.lifetime = parseSpan(expires);
    if (!expires.empty() && invitation.wish.lifetime == Millis{0})
        return {"--expires " + expires + " is no time such as 90m, 12h or 7d\n", static_cast<int>(ExitCode::Usage)};
    out.timeout = Millis{static_cast<Millis::rep>(timeout * 1000)};
    if (*registerCommand) {
        if (reg.invite.empty() && reg.server.empty())
            return {std::string("register needs --invite LINK or --server URL\n"), static_cast<int>(ExitCode::Usage)};
        out.command = reg;
    } else if (*sendCommand) {
        out.command = send;
    } else if (*retryCommand) {
        out.command = retry;
    } else if (*receiveCommand) {
        receive.untilTimeout = timeoutOption->count() > 0;
        out.command = receive;
    } else if (*historyCommand) {
        out.command = history;
    } else if (*waitCommand) {
        out.command = wait;
    } else if (*inviteCommand) {
        out.command = invitation;
    } else if (*list || *requests || *status) {
        out.command = *list ? PlainCommand::List : *requests ? PlainCommand::Requests : PlainCommand::Status;
    } else {
        const auto which = *accept    ? PersonCommand::Accept
                           : *decline ? PersonCommand::Decline
                           : *block   ? PersonCommand::Block
                           : *unblock ? PersonCommand::Unblock
                                      : PersonCommand::SafetyNumber;
        static_cast<void>(safety);
        out.command = PersonRun{which, person};
    }
    return {out, 0};
}

} // namespace kith::cli
