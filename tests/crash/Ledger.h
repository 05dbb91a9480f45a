#pragma once
/// What the server acknowledged to one raw writer, and whether it still says the same: P1 to P4 over one log. Owned by
/// CrashPerson. Thread: one.

#include "core/base/Bytes.h"
#include "core/crypto/LogChain.h"
#include "core/protocol/wire/rpc.pb.h"
#include "core/protocol/wire/sync.pb.h"
#include "tests/crash/Findings.h"

#include <map>
#include <vector>

namespace kith::crash
{

class Ledger
{
public:
    explicit Ledger(Findings& findings) : findings_(findings) {}

    /// A send was answered with success. Another answer than the first to the same message breaks P2.
    void accepted(const wire::SendMessageRequest& request, const wire::SendMessageResponse& response);
    /// `log` from its first entry: numbers without holes, a chain that fits, everything acknowledged in its place,
    /// once.
    void check(LogId id, const std::vector<wire::Entry>& log) const;
    [[nodiscard]] std::size_t size() const { return accepted_.size(); }

private:
    struct Accepted {
        std::uint64_t seq;
        Bytes entryId;
        Bytes bodyHash;
    };
    Findings& findings_;
    std::map<Bytes, Accepted> accepted_; ///< By client_msg_id.
};

} // namespace kith::crash
