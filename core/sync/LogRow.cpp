#include "core/sync/LogRow.h"

#include "core/crypto/Hash.h"
#include "core/protocol/wire/WireError.h"

namespace kith
{
namespace
{

Error broken(const char* what)
{
    return Error::make(wire::WireCode::Invalid, std::string("an entry of the server has a bad ") + what);
}

/// Absent fields are the null id.
template <class Id> std::optional<Id> optionalId(const std::string& bytes)
{
    return bytes.empty() ? std::optional(Id{}) : Id::fromBytes(bytes);
}

} // namespace

Result<LogRow> readRow(LogId log, const wire::Entry& entry)
{
    LogRow row;
    if (!entry.log_id().empty() && entry.log_id() != log.view())
        return broken("log");
    row.log = log;
    row.position = {Generation{std::uint64_t{entry.generation()}}, Seq{std::uint64_t{entry.seq()}}};
    if (entry.generation() == 0 || entry.seq() == 0)
        return broken("number");
    const auto sender = optionalId<UserId>(entry.sender_user());
    const auto device = optionalId<DeviceId>(entry.sender_device());
    const auto message = optionalId<ClientMsgId>(entry.client_msg_id());
    if (!sender || !device || !message || sender->isNull() != device->isNull())
        return broken("sender");
    const auto hash = Sha256Digest::fromBytes(entry.body_hash());
    const auto chain = Sha256Digest::fromBytes(entry.chain());
    if (!hash || !chain)
        return broken("hash");
    if (!entry.commitment().empty() && entry.commitment().size() != Sha256Digest::size)
        return broken("commitment");
    row.kind = entry.kind();
    row.chainedKind = entry.kind() == wire::TOMBSTONE ? entry.chained_kind() : entry.kind();
    row.sender = *sender;
    row.senderDevice = *device;
    row.clientMsgId = *message;
    row.sendNo = SendNo{std::uint64_t{entry.send_no()}};
    row.serverTime = wallFromMillis(entry.server_time_ms());
    row.bodyHash = *hash;
    row.commitment = entry.commitment();
    row.chain = *chain;
    row.body = entry.body();
    row.hasBody = !row.body.empty();
    if (row.hasBody && sha256(row.body) != row.bodyHash)
        return broken("body");
    row.envelope = entry.envelope();
    return row;
}

Sha256Digest chainAfter(const Sha256Digest& previous, const LogRow& row)
{
    ChainedRow chained;
    chained.log = row.log;
    chained.generation = row.position.generation;
    chained.seq = row.position.seq;
    chained.sender = row.senderDevice;
    chained.kind = static_cast<std::uint8_t>(row.chainedKind);
    chained.clientMsgId = row.clientMsgId;
    chained.bodyHash = row.bodyHash;
    chained.commitment = row.commitment;
    return nextChain(previous, rowHash(chained));
}

} // namespace kith
