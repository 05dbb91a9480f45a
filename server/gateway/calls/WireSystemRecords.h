#pragma once
/// The bodies of the server's own entries as the wire has them (SystemRecord of entry.proto). Thread: pure, any.

#include "core/base/StrongId.h"
#include "server/chat/SystemRecords.h"

namespace kith::server
{

class WireSystemRecords final : public SystemRecords
{
public:
    [[nodiscard]] Bytes conversationAdded(LogId log, UserId peer, bool request) const override;
    [[nodiscard]] Bytes conversationLeft(LogId log) const override;
    [[nodiscard]] Bytes devicesChanged(std::uint64_t version) const override;
    [[nodiscard]] Bytes blockChanged(UserId user, bool blocked) const override;
    [[nodiscard]] Bytes requestAccepted(UserId user) const override;
    /// In every log: what followed (generation, seq) was lost by a restore.
    [[nodiscard]] static Bytes cut(Generation generation, Seq seq);
};

} // namespace kith::server
