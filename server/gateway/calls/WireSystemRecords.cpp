#include "server/gateway/calls/WireSystemRecords.h"

#include "core/protocol/wire/entry.pb.h"

namespace kith::server
{

Bytes WireSystemRecords::conversationAdded(LogId log, UserId peer, bool request) const
{
    wire::SystemRecord record;
    record.mutable_conversation_added()->set_log_id(log.bytes());
    record.mutable_conversation_added()->set_peer_user(peer.bytes());
    record.mutable_conversation_added()->set_request(request);
    return record.SerializeAsString();
}

Bytes WireSystemRecords::conversationLeft(LogId log) const
{
    wire::SystemRecord record;
    record.mutable_conversation_left()->set_log_id(log.bytes());
    return record.SerializeAsString();
}

Bytes WireSystemRecords::devicesChanged(std::uint64_t version) const
{
    wire::SystemRecord record;
    record.mutable_devices_changed()->set_version(version);
    return record.SerializeAsString();
}

Bytes WireSystemRecords::blockChanged(UserId user, bool blocked) const
{
    wire::SystemRecord record;
    record.mutable_block_changed()->set_user(user.bytes());
    record.mutable_block_changed()->set_blocked(blocked);
    return record.SerializeAsString();
}

Bytes WireSystemRecords::requestAccepted(UserId user) const
{
    wire::SystemRecord record;
    record.mutable_request_accepted()->set_user(user.bytes());
    return record.SerializeAsString();
}

Bytes WireSystemRecords::cut(Generation generation, Seq seq)
{
    wire::SystemRecord record;
    record.mutable_cut()->set_generation(generation.value());
    record.mutable_cut()->set_seq(seq.value());
    return record.SerializeAsString();
}

} // namespace kith::server
