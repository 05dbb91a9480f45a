#pragma once
/// One function per command: uses the session, prints rows, returns when it is done. Errors become the `error` row and
/// the exit code in main(). Main thread.

#include "app/cli/Context.h"

namespace kith::cli
{

/// What arrives while a command runs; `receive --follow` prints it.
struct Feed {
    std::function<void(LogId)> conversationChanged;
    std::function<void(const net::ConnectionFact&)> connectionChanged;
    std::function<void(LogId, UserId, bool)> typingChanged;
    std::function<void(UserId, bool)> presenceChanged;
};

[[nodiscard]] Result<void> runRegister(Context& context, const RegisterArguments& arguments);
[[nodiscard]] Result<void> runSend(Context& context, const SendArguments& arguments);
[[nodiscard]] Result<void> runSendLines(Context& context, const SendArguments& arguments);
[[nodiscard]] Result<void> runRetry(Context& context, const RetryArguments& arguments);
[[nodiscard]] Result<void> runReceive(Context& context, Feed& feed, const ReceiveArguments& arguments);
[[nodiscard]] Result<void> runHistory(Context& context, const HistoryArguments& arguments);
[[nodiscard]] Result<void> runPlain(Context& context, PlainCommand command);
[[nodiscard]] Result<void> runPerson(Context& context, const PersonRun& run);
[[nodiscard]] Result<void> runInvite(Context& context, const InviteArguments& arguments);
[[nodiscard]] Result<void> runWaitRead(Context& context, const WaitReadArguments& arguments);

} // namespace kith::cli
