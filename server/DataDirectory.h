#pragma once
/// The server's directory: where everything it keeps lies, for its user alone (0700). docs/guides/server.md lists the
/// files. Thread: any; used at the start.

#include "core/base/Random.h"
#include "core/base/Result.h"

#include <string>

namespace kith::server
{

enum class DataError {
    Unusable, ///< Cannot be made, read or written.
    Damaged,  ///< A file does not parse.
};

/// What makes this server itself, for as long as its data lives; made on the first start.
struct ServerIdentity {
    Bytes id; ///< 16 octets, public, bound into signatures.
    Bytes
        key; ///< 32 secret octets, from which conversation ids and tokens are derived. Whoever takes it over wipes it.
};

class DataDirectory
{
public:
    /// $XDG_DATA_HOME/kithd (~/.local/share/kithd), or /var/lib/kithd for root.
    [[nodiscard]] static std::string defaultPath();
    /// Makes it where it is missing.
    [[nodiscard]] static Result<DataDirectory> open(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string store() const { return path_ + "/store"; }
    [[nodiscard]] std::string socket() const { return path_ + "/admin.sock"; }
    [[nodiscard]] std::string config() const { return path_ + "/kithd.toml"; }
    [[nodiscard]] Result<ServerIdentity> identity(Random& random) const;

private:
    explicit DataDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::DataError> {
    static constexpr std::string_view domain = "data";
    static std::string_view name(server::DataError code)
    {
        return code == server::DataError::Unusable ? "unusable" : "damaged";
    }
    static Remedy remedy(server::DataError) { return Remedy::AskUser; }
};
} // namespace kith
