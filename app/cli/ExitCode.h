#pragma once
/// What kith-cli's exit status says; part of the contract in docs/guides/cli.md. Plain values.

#include "core/base/Error.h"

namespace kith::cli
{

enum class ExitCode {
    Ok = 0,
    Usage = 2,
    Unreachable = 3,
    Refused = 4,
    Conflict = 5,
    Certificate = 6,
    LocalStore = 7,
    TooNew = 8,
    Timeout = 9,
    Output = 10,
    Interrupted = 130, ///< 128 and the signal's number, as a shell says it.
    Terminated = 143,
};

/// The exit code that fits an error of whichever module.
[[nodiscard]] ExitCode exitCodeFor(const Error& error);

} // namespace kith::cli
