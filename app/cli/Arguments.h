#pragma once
/// The command line, parsed. Plain values; parsing happens once, before anything is opened.

#include "core/base/Clock.h"
#include "core/domain/OwnInvite.h"

#include <cstddef>
#include <string>
#include <variant>

namespace kith::cli
{

struct RegisterArguments {
    std::string invite; ///< Either this ...
    std::string server; ///< ... or this.
    std::string name;   ///< Handle, folded by the server.
};
struct SendArguments {
    std::string to;
    std::string text;   ///< "-": read from standard input.
    bool lines = false; ///< Each line of standard input is a message; no text then.
};
struct RetryArguments {
    std::string with;
    std::string message; ///< client_msg_id; empty: all that failed.
};
struct ReceiveArguments {
    bool follow = false;
    bool keepUnread = false;
    bool untilTimeout = false; ///< Following ends with the timeout, which was asked for.
};
struct HistoryArguments {
    std::string with;
    std::size_t limit = 100;
};
struct PersonArguments {
    std::string who;
};
struct WaitReadArguments {
    std::string with;
    std::string message; ///< client_msg_id; empty: the newest own message.
};

struct InviteArguments {
    InviteWish wish;
    std::string revoke; ///< Id or link; empty: make one.
};

enum class PersonCommand { Accept, Decline, Block, Unblock, SafetyNumber };
enum class PlainCommand { List, Requests, Status };

struct PersonRun {
    PersonCommand command;
    PersonArguments arguments;
};

using Command = std::variant<RegisterArguments, SendArguments, RetryArguments, ReceiveArguments, HistoryArguments,
                             WaitReadArguments, InviteArguments, PersonRun, PlainCommand>;

struct Arguments {
    std::string profile;        ///< Directory.
    std::string passphraseFile; ///< Empty: the OS keychain; "-": standard input's first line.
    Millis timeout{30'000};
    Command command;
};

/// What main() does after parsing: run, or print `text` and end with `code` (help, version, a usage error).
struct ParseOutcome {
    std::variant<Arguments, std::string> value;
    int code = 0;
};

[[nodiscard]] ParseOutcome parseArguments(int argc, const char* const* argv);

} // namespace kith::cli
