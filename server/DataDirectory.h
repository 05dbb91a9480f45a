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
    NotOurs,  ///< Not there, or not a data directory of Kith.
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
    /// `path`, or the default where it is empty, from the root on: a command means the same directory for its whole
    /// life.
    [[nodiscard]] static std::string wholePath(const std::string& path);
    /// One that exists and is Kith's: a mistyped path is never a new server.
    [[nodiscard]] static Result<DataDirectory> open(const std::string& path);
    /// Makes it where it is missing or empty. NotOurs where it holds something else.
    [[nodiscard]] static Result<DataDirectory> openOrMake(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    /// openOrMake() has just made it.
    [[nodiscard]] bool isNew() const { return new_; }
    [[nodiscard]] std::string store() const { return path_ + "/store"; }
    [[nodiscard]] std::string config() const { return configIn(path_); }
    [[nodiscard]] static std::string configIn(const std::string& path) { return path + "/kithd.toml"; }
    /// Where the id of the start invite stands.
    [[nodiscard]] std::string startInvite() const { return path_ + "/start-invite"; }
    [[nodiscard]] Result<ServerIdentity> identity(Random& random) const;

private:
    DataDirectory(std::string path, bool isNew) : path_(std::move(path)), new_(isNew) {}
    std::string path_;
    bool new_;
};

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::DataError> {
    static constexpr std::string_view domain = "data";
    static std::string_view name(server::DataError code)
    {
        switch (code) {
        case server::DataError::Unusable:
            return "unusable";
        case server::DataError::NotOurs:
            return "not_a_data_directory";
        case server::DataError::Damaged:
            return "damaged";
        }
        return "unusable";
    }
    static Remedy remedy(server::DataError) { return Remedy::AskUser; }
};
} // namespace kith
