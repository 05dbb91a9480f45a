#include "app/cli/ExitCode.h"

#include <array>
#include <string_view>

namespace kith::cli
{
namespace
{

struct Row {
    std::string_view domain;
    std::string_view name; ///< Empty: every code of the domain that has no row of its own above.
    ExitCode code;
};

/// The table of docs/guides/cli.md; the first row that fits wins.
constexpr std::array rows{
    Row{"session", "unreachable", ExitCode::Unreachable},
    Row{"session", "certificate", ExitCode::Certificate},
    Row{"session", "key_changed", ExitCode::Certificate},
    Row{"session", "newer_protocol", ExitCode::TooNew},
    Row{"session", "timeout", ExitCode::Timeout},
    Row{"session", "old_copy", ExitCode::LocalStore},
    Row{"session", "invalid_text", ExitCode::Usage},
    Row{"session", "", ExitCode::Refused},
    Row{"wire", "conflict", ExitCode::Conflict},
    Row{"wire", "unavailable", ExitCode::Unreachable},
    Row{"wire", "", ExitCode::Refused},
    Row{"store", "too_new", ExitCode::TooNew},
    Row{"store", "", ExitCode::LocalStore},
    Row{"key_vault", "", ExitCode::LocalStore},
    Row{"net", "", ExitCode::Usage},
    Row{"cli", "interrupted", ExitCode::Interrupted},
    Row{"cli", "terminated", ExitCode::Terminated},
    Row{"cli", "output", ExitCode::Output},
};

} // namespace

ExitCode exitCodeFor(const Error& error)
{
    for (const Row& row : rows) {
        if (row.domain == error.domain && (row.name.empty() || row.name == error.name))
            return row.code;
    }
    return ExitCode::Refused;
}

} // namespace kith::cli
