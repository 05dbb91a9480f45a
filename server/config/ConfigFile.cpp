#include "server/config/ConfigFile.h"

#include <QHostAddress>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

// The parser asserts, and in release builds assumes, what malformed text can break ("names = [ }"). Here its assertions
// stay on everywhere and throw, so that such text is an error like any other.
namespace
{
struct BrokenAssumption {
};
} // namespace
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : throw BrokenAssumption{})
#define TOML_EXCEPTIONS 1
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate" // some assertions stand in noexcept functions: there it ends the program
#endif
#include <toml++/toml.h>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace kith::server
{
namespace
{

constexpr std::size_t maxFile = 256U << 10;

/// One key: where it is written to, and what it may be.
struct Key {
    std::string_view section;
    std::string_view name;
    std::function<std::optional<std::string>(const toml::node&, ServerConfig&)> set; ///< What is wrong, or nothing.
};

/// A whole number from `low` to `high`.
template <class Field> auto number(Field field, std::int64_t low, std::int64_t high)
{
    return [field, low, high](const toml::node& node, ServerConfig& config) -> std::optional<std::string> {
        const auto value = node.is_integer() ? node.value_exact<std::int64_t>() : std::nullopt;
        if (!value || *value < low || *value > high)
            return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
        auto& target = field(config);
        target = static_cast<std::decay_t<decltype(target)>>(*value);
        return std::nullopt;
    };
}

template <class Field> auto boolean(Field field)
{
    return [field](const toml::node& node, ServerConfig& config) -> std::optional<std::string> {
        const auto value = node.value_exact<bool>();
        if (!value)
            return "must be true or false";
        field(config) = *value;
        return std::nullopt;
    };
}

std::optional<std::string> setListen(const toml::node& node, ServerConfig& config)
{
    const auto text = node.value_exact<std::string>();
    const auto address = text ? parseListen(*text) : std::nullopt;
    if (!address)
        return "must be \"ADDRESS:PORT\", such as \"0.0.0.0:8443\" or \"[::]:8443\"";
    config.listenHost = address->host;
    config.listenPort = address->port;
    return std::nullopt;
}

std::optional<std::string> setNames(const toml::node& node, ServerConfig& config)
{
    const toml::array* names = node.as_array();
    if (names == nullptr || names->size() > 100)
        return "must be a list of at most 100 host names";
    for (const toml::node& item : *names) {
        const auto text = item.value_exact<std::string>();
        const bool address = text && !QHostAddress(QString::fromStdString(*text)).isNull();
        const auto name = text && !address ? wire::parseHostPort(*text) : std::nullopt;
        if (!address && (!name || text->find(':') != std::string::npos))
            return "must hold host names or addresses, without ports";
        config.names.push_back(address ? *text : name->host);
    }
    return std::nullopt;
}

std::optional<std::string> setLogLevel(const toml::node& node, ServerConfig& config)
{
    const auto text = node.value_exact<std::string>();
    const auto level = text ? parseLogLevel(*text) : std::nullopt;
    if (!level)
        return "must be \"debug\", \"info\", \"warning\" or \"error\"";
    config.logLevel = *level;
    return std::nullopt;
}

constexpr std::string_view rateNames[rateCount] = {
    "send_per_device",          "send_per_conversation", "send_per_account",   "register_per_address",
    "authenticate_per_address", "claim_per_account",     "find_per_account",   "create_per_account",
    "invite_per_account",       "resend_per_peer",       "publish_per_device", "block_per_account"};

/// `{ burst = 200, refill_ms = 10 }`.
auto rate(std::size_t index)
{
    return [index](const toml::node& node, ServerConfig& config) -> std::optional<std::string> {
        const toml::table* table = node.as_table();
        const auto burst = table != nullptr ? (*table)["burst"].value_exact<std::int64_t>() : std::nullopt;
        const auto refill = table != nullptr ? (*table)["refill_ms"].value_exact<std::int64_t>() : std::nullopt;
        if (!burst || !refill || table->size() != 2 || *burst < 1 || *burst > 1'000'000 || *refill < 1 ||
            *refill > 86'400'000)
            return "must be { burst = 1 to 1000000, refill_ms = 1 to 86400000 }";
        config.limits.rates[index] = {static_cast<std::uint32_t>(*burst), Millis{*refill}};
        return std::nullopt;
    };
}

/// A member of Limits, from 1 to its default: an operator may ask for less, the wire allows no more.
template <class Member> Key limit(std::string_view name, Member member)
{
    const auto most = static_cast<std::int64_t>(Limits{}.*member);
    return {"limits", name,
            number(
                [member](ServerConfig & c) -> auto& { return c.limits.*member; }, 1, most)};
}
template <class Member> Key hours(std::string_view name, Member member, std::int64_t most)
{
    return {"limits", name, [member, most](const toml::node& node, ServerConfig& config) -> std::optional<std::string> {
                const auto value = node.is_integer() ? node.value_exact<std::int64_t>() : std::nullopt;
                if (!value || *value < 1 || *value > most)
                    return "must be a number of hours from 1 to " + std::to_string(most);
                config.limits.*member = std::chrono::hours(*value);
                return std::nullopt;
            }};
}

const std::vector<Key>& keys()
{
    static const std::vector<Key> table = [] {
        std::vector<Key> all{
            {"server", "listen", setListen},
            {"server", "names", setNames},
            {"server", "plain", boolean([](ServerConfig& c) -> bool& { return c.plain; })},
            {"server", "log_level", setLogLevel},
            {"registration", "open", boolean([](ServerConfig& c) -> bool& { return c.registrationOpen; })},
            {"registration", "users_invite", boolean([](ServerConfig& c) -> bool& { return c.usersInvite; })},
            {"gateway", "loops",
             number(
                 [](ServerConfig & c) -> auto& { return c.loops; }, 1, 64)},
            {"gateway", "strands",
             number(
                 [](ServerConfig & c) -> auto& { return c.strands; }, 1, 64)},
            {"gateway", "max_connections",
             number(
                 [](ServerConfig & c) -> auto& { return c.maxConnections; }, 1, 1'000'000)},
            {"gateway", "connections_per_address",
             number(
                 [](ServerConfig & c) -> auto& { return c.connectionsPerAddress; }, 1, 1'000'000)},
            {"gateway", "unauthenticated_per_address",
             number(
                 [](ServerConfig & c) -> auto& { return c.unauthenticatedPerAddress; }, 1, 1'000'000)},
            {"gateway", "limit_loopback", boolean([](ServerConfig& c) -> bool& { return c.limitLoopback; })},
            {"gateway", "delivery_budget_mib",
             number(
                 [](ServerConfig & c) -> auto& { return c.deliveryBudgetMib; }, 8, 65'536)},
            {"storage", "block_cache_mib",
             number(
                 [](ServerConfig & c) -> auto& { return c.blockCacheMib; }, 8, 1'048'576)},
            {"storage", "memtable_mib",
             number(
                 [](ServerConfig & c) -> auto& { return c.memtableMib; }, 4, 4096)},
            {"retention", "hard_age_days",
             number(
                 [](ServerConfig & c) -> auto& { return c.hardAgeDays; }, 1, 3650)},
            {"retention", "longest_pause_days",
             number(
                 [](ServerConfig & c) -> auto& { return c.longestPauseDays; }, 2, 3650)},
            limit("body", &Limits::body),
            limit("envelopes", &Limits::envelopes),
            limit("devices", &Limits::devices),
            limit("device_changes", &Limits::deviceChanges),
            limit("one_time_prekeys", &Limits::oneTimePreKeys),
            limit("page_entries", &Limits::pageEntries),
            limit("page_bytes", &Limits::pageBytes),
            limit("presence_users", &Limits::presenceUsers),
            limit("invite_uses", &Limits::inviteUses),
            hours("invite_hours", &Limits::inviteLifetime, 24 * 90),
            hours("longest_invite_hours", &Limits::longestInvite, 24 * 90),
            hours("resume_hours", &Limits::resumeLifetime, 24),
        };
        for (std::size_t i = 0; i < rateCount; ++i)
            all.push_back({"rates", rateNames[i], rate(i)});
        return all;
    }();
    return table;
}

std::string where(const std::string& name, const toml::source_region& source)
{
    return name + ":" + std::to_string(source.begin.line) + ": ";
}

/// The number of the line at which the parser's assumptions break: the shortest text that breaks them ends there.
std::size_t brokenLine(std::string_view text)
{
    std::vector<std::size_t> ends;
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        ends.push_back(at + 1);
    ends.push_back(text.size());
    const auto breaks = [&](std::size_t end) {
        try {
            (void)toml::parse(text.substr(0, end));
        } catch (const BrokenAssumption&) {
            return true;
        } catch (const toml::parse_error&) {
        }
        return false;
    };
    const auto first =
        std::partition_point(ends.begin(), ends.end() - 1, [&](std::size_t end) { return !breaks(end); });
    return static_cast<std::size_t>(first - ends.begin()) + 1;
}

Result<toml::table> parseToml(std::string_view text, const std::string& name)
{
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        return Error::make(ConfigError::Syntax, where(name, error.source()) + std::string(error.description()));
    } catch (const BrokenAssumption&) {
        return Error::make(ConfigError::Syntax, name + ":" + std::to_string(brokenLine(text)) +
                                                    ": this is no TOML: a bracket, brace or "
                                                    "key stands where none can");
    }
}

Result<void> readSection(const std::string& name, std::string_view section, const toml::table& table,
                         ServerConfig& config)
{
    for (const auto& [key, node] : table) {
        const std::string_view keyName = key.str();
        const auto known = std::find_if(keys().begin(), keys().end(),
                                        [&](const Key& k) { return k.section == section && k.name == keyName; });
        const std::string full = std::string(section) + "." + std::string(keyName);
        if (known == keys().end())
            return Error::make(ConfigError::UnknownKey, where(name, key.source()) + "there is no key " + full);
        if (const auto wrong = known->set(node, config))
            return Error::make(ConfigError::BadValue, where(name, node.source()) + full + " " + *wrong);
    }
    return {};
}

} // namespace

std::optional<wire::HostPort> parseListen(std::string_view text)
{
    // Port 0 is no port to connect to, but one to listen on.
    const bool any = text.size() > 2 && text.ends_with(":0");
    auto address = wire::parseHostPort(any ? text.substr(0, text.size() - 2) : text);
    if (!address || QHostAddress(QString::fromStdString(address->host)).isNull())
        return std::nullopt;
    if (any)
        address->port = 0;
    return address;
}

std::optional<LogLevel> parseLogLevel(std::string_view text)
{
    constexpr std::pair<std::string_view, LogLevel> levels[] = {{"debug", LogLevel::Debug},
                                                                {"info", LogLevel::Info},
                                                                {"warning", LogLevel::Warning},
                                                                {"error", LogLevel::Error}};
    for (const auto& [name, level] : levels) {
        if (name == text)
            return level;
    }
    return std::nullopt;
}

Result<void> checkConfig(const ServerConfig& config)
{
    if (config.plain && !wire::isLoopbackHost(config.listenHost))
        return Error::make(ConfigError::BadValue, "plain (no TLS) is for loopback addresses only, not for " +
                                                      config.listenHost + "; leave TLS on or listen on 127.0.0.1");
    return {};
}

Result<ServerConfig> parseConfig(std::string_view text, const std::string& name)
{
    // No value may hold anything but ASCII, and the parser misjudges some letters beyond it; comments lose nothing.
    std::string ascii(text);
    std::replace_if(
        ascii.begin(), ascii.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    KITH_TRY(const toml::table parsed, parseToml(ascii, name));
    ServerConfig config;
    for (const auto& [key, node] : parsed) {
        const std::string_view section = key.str();
        const bool known =
            std::any_of(keys().begin(), keys().end(), [&](const Key& k) { return k.section == section; });
        const toml::table* table = node.as_table();
        if (!known || table == nullptr)
            return Error::make(ConfigError::UnknownKey,
                               where(name, key.source()) + "there is no " +
                                   (known ? "key " : (table != nullptr ? "section " : "key ")) + std::string(section));
        KITH_CHECK(readSection(name, section, *table, config));
    }
    const auto consistent = checkConfig(config);
    if (!consistent.ok())
        return Error::make(ConfigError::BadValue, name + ": " + consistent.error().detail);
    return config;
}

Result<ServerConfig> readConfig(const std::string& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return Error::make(ConfigError::Unreadable, path + " cannot be read: " + std::strerror(errno));
    Bytes text(maxFile + 1, '\0');
    const ssize_t size = ::read(fd, text.data(), text.size());
    const int reason = errno;
    ::close(fd);
    if (size < 0)
        return Error::make(ConfigError::Unreadable, path + " cannot be read: " + std::strerror(reason));
    if (static_cast<std::size_t>(size) > maxFile)
        return Error::make(ConfigError::Unreadable, path + " is too large for a configuration file");
    text.resize(static_cast<std::size_t>(size));
    return parseConfig(text, path);
}

} // namespace kith::server

namespace kith
{

std::string_view ErrorTraits<server::ConfigError>::name(server::ConfigError code)
{
    switch (code) {
    case server::ConfigError::Unreadable:
        return "unreadable";
    case server::ConfigError::Syntax:
        return "syntax";
    case server::ConfigError::UnknownKey:
        return "unknown_key";
    case server::ConfigError::BadValue:
        return "bad_value";
    }
    return "bad_value";
}

} // namespace kith
