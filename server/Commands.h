#pragma once
/// The command line of kithd: what it understands, and what each command prints and returns. docs/guides/server.md is
/// its page. Thread: the program's main thread.

#include "core/base/Result.h"

#include <string>
#include <vector>

namespace kith::server
{

/// Exit codes; numbers are a promise to scripts.
enum class Exit : int {
    Ok = 0,
    Usage = 2,          ///< The command line.
    Config = 3,         ///< The configuration file.
    Data = 4,           ///< The data directory: unusable, damaged, in use; or a clock that cannot be right.
    Listen = 5,         ///< The address cannot be opened.
    Refused = 6,        ///< The command was refused: name taken, no such invite.
    StorageFailed = 74, ///< The disk failed or is full; what was acknowledged is kept.
    Internal = 70,
};

/// What serve and init take beside the configuration file.
struct CommonOptions {
    std::string data;
    std::string config; ///< Empty: kithd.toml in the data directory, where it exists.
    std::string listen;
    std::vector<std::string> names;
    std::string logLevel;
    bool plain = false;
    bool json = false;
    bool acceptClock = false; ///< serve, restored and repair.
};

/// Parses and runs; the returned code is the process's.
[[nodiscard]] int runCommandLine(int argc, char** argv);

// The commands, for runCommandLine.
[[nodiscard]] int serve(const CommonOptions& options);
[[nodiscard]] int initialise(const CommonOptions& options);
[[nodiscard]] int restored(const CommonOptions& options);
[[nodiscard]] int repair(const CommonOptions& options);
[[nodiscard]] int checkConfigFile(const CommonOptions& options, const std::string& file);

} // namespace kith::server
