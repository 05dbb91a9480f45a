#include "tests/crash/Ledger.h"

#include "core/crypto/Hash.h"

#include <set>

namespace kith::crash
{
namespace
{

Sha256Digest chainAfter(const Sha256Digest& chain, LogId id, const wire::Entry& entry)
{
    ChainedRow row;
    row.log = id;
    row.generation = Generation(std::uint64_t{entry.generation()});
    row.seq = Seq(std::uint64_t{entry.seq()});
    row.sender = DeviceId::fromBytes(entry.sender_device()).value_or(DeviceId{});
    row.kind = static_cast<std::uint8_t>(entry.kind());
    row.clientMsgId = ClientMsgId::fromBytes(entry.client_msg_id()).value_or(ClientMsgId{});
    row.bodyHash = Sha256Digest::fromBytes(entry.body_hash()).value_or(Sha256Digest{});
    row.commitment = entry.commitment();
    return nextChain(chain, rowHash(row));
}

} // namespace

void Ledger::accepted(const wire::SendMessageRequest& request, const wire::SendMessageResponse& response)
{
    if (response.accepted_earlier())
        return; // numbers unknown, which the protocol allows below the window
    const auto [found, added] = accepted_.try_emplace(
        request.client_msg_id(), Accepted{response.seq(), response.entry_id(), sha256(request.body()).bytes()});
    if (!added && (found->second.seq != response.seq() || found->second.entryId != response.entry_id())) {
        findings_.add(Kind::Duplicated, "P2", toHex(request.log_id()), response.seq(),
                      "answers a repeated send that was #" + std::to_string(found->second.seq));
    }
}

void Ledger::check(LogId id, const std::vector<wire::Entry>& log) const
{
    std::map<Bytes, const wire::Entry*> byMessage;
    std::set<Bytes> entryIds;
    Sha256Digest chain = chainStart();
    std::uint64_t last = 0;
    const auto found = [&](Kind kind, const char* promise, std::uint64_t seq, const char* what) {
        findings_.add(kind, promise, id.hex(), seq, what);
    };
    for (const wire::Entry& entry : log) {
        const std::uint64_t seq = entry.seq();
        for (std::uint64_t missing = last + 1; missing < seq; ++missing)
            found(Kind::Hole, "P3", missing, "is missing in the log");
        if (seq <= last)
            found(Kind::Duplicated, "P3", seq, "is a number that the log has used before");
        last = seq;
        if (chainAfter(chain, id, entry).view() != entry.chain())
            found(Kind::Hole, "P4", seq, "does not continue the chain");
        chain = Sha256Digest::fromBytes(entry.chain()).value_or(chainStart());
        if (sha256(entry.body()).view() != entry.body_hash())
            found(Kind::Lost, "P1", seq, "has another body than its hash says");
        if (!entryIds.insert(entry.entry_id()).second)
            found(Kind::Duplicated, "P2", seq, "has the id of an earlier entry");
        if (!entry.client_msg_id().empty() && !byMessage.emplace(entry.client_msg_id(), &entry).second)
            found(Kind::Duplicated, "P2", seq, "is a message that stands in the log already");
    }
    for (const auto& [message, known] : accepted_) {
        const auto at = byMessage.find(message);
        if (at == byMessage.end())
            found(Kind::Lost, "P1", known.seq, "was acknowledged and is gone");
        else if (at->second->seq() != known.seq || at->second->entry_id() != known.entryId ||
                 at->second->body_hash() != known.bodyHash)
            found(Kind::Lost, "P1", known.seq, "was acknowledged and is another entry now");
    }
}

} // namespace kith::crash
