#pragma once
/// What a server acknowledged to one device, and whether it still holds: compared with the whole log as a reader gets
/// it. Owned by CrashPerson. Thread: one.

#include "core/crypto/LogChain.h"
#include "core/protocol/wire/rpc.pb.h"
#include "core/protocol/wire/sync.pb.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kith::crash
{

/// A promise that did not hold, in words.
struct Broken {
    std::string promise;
    std::string what;
};

class Ledger
{
public:
    /// The server answered this send. Broken where it had answered the same one differently before.
    [[nodiscard]] std::optional<Broken> accepted(const wire::SendMessageRequest& request,
                                                 const wire::SendMessageResponse& response);
    /// `log` from its first entry: numbers without holes, a chain that fits, everything acknowledged in its place,
    /// once.
    [[nodiscard]] std::optional<Broken> check(LogId id, const std::vector<wire::Entry>& log) const;
    [[nodiscard]] std::size_t size() const { return accepted_.size(); }

private:
    struct Accepted {
        std::uint64_t seq;
        Bytes entryId;
        Bytes bodyHash;
    };
    std::map<Bytes, Accepted> accepted_; ///< By client_msg_id.
};

} // namespace kith::crash
