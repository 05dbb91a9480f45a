#pragma once
/// What ends a command from outside the session. Plain values.

#include "core/base/Error.h"

namespace kith::cli
{

enum class CliError {
    Interrupted, ///< Ctrl+C, before the command did its job.
    Terminated,  ///< SIGTERM, likewise.
    Output,      ///< Standard output took no more: a closed pipe, a full disk.
};

} // namespace kith::cli

namespace kith
{

template <> struct ErrorTraits<cli::CliError> {
    static constexpr std::string_view domain = "cli";
    static std::string_view name(cli::CliError code);
    static Remedy remedy(cli::CliError) { return Remedy::Retry; }
};

} // namespace kith
