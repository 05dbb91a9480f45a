#pragma once
/// Port demanded by chat: the bodies of the server's own entries. Their encoding is the wire's (SystemRecord of
/// entry.proto), which rules do not know, so server/gateway implements this. Thread: pure, any.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

namespace kith::server
{

class SystemRecords
{
public:
    virtual ~SystemRecords() = default;
    /// In account logs. `request`: a stranger's; content stays hidden until accepted.
    [[nodiscard]] virtual Bytes conversationAdded(LogId log, UserId peer, bool request) const = 0;
    /// In account logs: this account declined or left it, on one of its devices.
    [[nodiscard]] virtual Bytes conversationLeft(LogId log) const = 0;
    [[nodiscard]] virtual Bytes devicesChanged(std::uint64_t version) const = 0;
    [[nodiscard]] virtual Bytes blockChanged(UserId user, bool blocked) const = 0;
    /// In the conversation.
    [[nodiscard]] virtual Bytes requestAccepted(UserId user) const = 0;
};

} // namespace kith::server
