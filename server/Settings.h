#pragma once
/// Configuration file and command line, joined: the command line wins. Thread: the main thread, at the start.

#include "server/Commands.h"
#include "server/DataDirectory.h"
#include "server/config/ServerConfig.h"

namespace kith::server
{

struct Settings {
    DataDirectory data;
    ServerConfig config;
};

enum class DataUse {
    Existing, ///< The directory must be one.
    Make,     ///< Made where it is missing.
};

/// A file named by --config must exist. Nothing is made where the configuration is wrong.
[[nodiscard]] Result<Settings> readSettings(const CommonOptions& options, DataUse use = DataUse::Existing);
/// Writes kithd.toml with the address and names of `settings`; false: there is one, which stays as it is.
[[nodiscard]] Result<bool> writeFirstConfig(const Settings& settings);

} // namespace kith::server
