#include "tests/crash/Ledger.h"

#include "core/crypto/Hash.h"

#include <set>

namespace kith::crash
{
namespace
{

Broken broken(const char* promise, std::uint64_t seq, const std::string& what)
{
    return {promise, "#" + std::to_string(seq) + " " + what};
}

} // namespace

std::optional<Broken> Ledger::accepted(const wire::SendMessageRequest& request,
                                       const wire::SendMessageResponse& response)
{
    if (response.accepted_earlier())
        return std::nullopt; // numbers unknown, which the protocol allows below the window
    const auto [found, added] = accepted_.try_emplace(
        request.client_msg_id(), Accepted{response.seq(), response.entry_id(), sha256(request.body()).bytes()});
    if (!added && (found->second.seq != response.seq() || found->second.entryId != response.entry_id()))
        return broken("P2", response.seq(), "answers a repeated send that was #" + std::to_string(found->second.seq));
    return std::nullopt;
}

std::optional<Broken> Ledger::check(LogId id, const std::vector<wire::Entry>& log) const
{
    std::map<Bytes, const wire::Entry*> byMessage;
    std::set<Bytes> entryIds;
    Sha256Digest chain = chainStart();
    std::uint64_t expected = 0;
    for (const wire::Entry& entry : log) {
        if (entry.seq() != ++expected)
            return broken("P3", entry.seq(), "stands where #" + std::to_string(expected) + " belongs");
        ChainedRow row;
        row.log = id;
        row.generation = Generation(std::uint64_t{entry.generation()});
        row.seq = Seq(std::uint64_t{entry.seq()});
        row.sender = DeviceId::fromBytes(entry.sender_device()).value_or(DeviceId{});
        row.kind = static_cast<std::uint8_t>(entry.kind());
        row.clientMsgId = ClientMsgId::fromBytes(entry.client_msg_id()).value_or(ClientMsgId{});
        row.bodyHash = Sha256Digest::fromBytes(entry.body_hash()).value_or(Sha256Digest{});
        row.commitment = entry.commitment();
        chain = nextChain(chain, rowHash(row));
        if (chain.view() != entry.chain())
            return broken("P4", entry.seq(), "does not continue the chain");
        if (sha256(entry.body()).view() != entry.body_hash())
            return broken("P1", entry.seq(), "has another body than its hash says");
        if (!entryIds.insert(entry.entry_id()).second)
            return broken("P2", entry.seq(), "has the id of an earlier entry");
        if (!entry.client_msg_id().empty() && !byMessage.emplace(entry.client_msg_id(), &entry).second)
            return broken("P2", entry.seq(), "is a message that stands in the log already");
    }
    for (const auto& [message, known] : accepted_) {
        const auto found = byMessage.find(message);
        if (found == byMessage.end())
            return broken("P1", known.seq, "was acknowledged and is gone");
        if (found->second->seq() != known.seq || found->second->entry_id() != known.entryId ||
            found->second->body_hash() != known.bodyHash)
            return broken("P1", known.seq, "was acknowledged and is another entry now");
    }
    return std::nullopt;
}

} // namespace kith::crash
