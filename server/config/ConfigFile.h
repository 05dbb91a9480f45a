#pragma once
/// Reads kithd.toml. Strict: an unknown key, a wrong type or a value out of range is an error with file and line,
/// because a misspelt limit that is silently ignored is a limit that does not hold. Thread: any; called at start.

#include "core/base/Result.h"
#include "server/config/ServerConfig.h"

#include <optional>

namespace kith::server
{

enum class ConfigError {
    Unreadable, ///< The file cannot be read.
    Syntax,     ///< No TOML.
    UnknownKey,
    BadValue, ///< Wrong type or out of range.
};

/// `name` is what errors call the text. Limits may be lowered below their defaults, not raised above the wire's.
[[nodiscard]] Result<ServerConfig> parseConfig(std::string_view text, const std::string& name);
/// The file's config.
[[nodiscard]] Result<ServerConfig> readConfig(const std::string& path);

/// Splits "ADDR:PORT"; the port may be left out. Nullopt unless ADDR is an address literal.
[[nodiscard]] std::optional<wire::HostPort> parseListen(std::string_view text);
[[nodiscard]] std::optional<LogLevel> parseLogLevel(std::string_view text);
/// What contradicts itself (plain beyond loopback), in words.
[[nodiscard]] Result<void> checkConfig(const ServerConfig& config);

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::ConfigError> {
    static constexpr std::string_view domain = "config";
    static std::string_view name(server::ConfigError code);
    static Remedy remedy(server::ConfigError) { return Remedy::AskUser; }
};
} // namespace kith
