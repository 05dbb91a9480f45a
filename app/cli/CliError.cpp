#include "app/cli/CliError.h"

namespace kith
{

std::string_view ErrorTraits<cli::CliError>::name(cli::CliError code)
{
    switch (code) {
    case cli::CliError::Interrupted:
        return "interrupted";
    case cli::CliError::Terminated:
        return "terminated";
    case cli::CliError::Output:
        return "output";
    }
    return "unknown";
}

} // namespace kith
