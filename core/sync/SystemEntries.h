#pragma once
/// What the server itself writes into logs, applied to the store inside the inbox's transaction. Owned by SyncEngine.
/// Engine thread.

#include "core/sync/LogRow.h"
#include "core/sync/SyncContext.h"

namespace kith
{

class SystemEntries
{
public:
    struct Hooks {
        std::function<void(LogId)> conversationAdded; ///< After the commit: fetch it, learn who the peer is.
        std::function<void()> ownDevicesChanged;
    };

    SystemEntries(SyncContext& context, Hooks hooks) : context_(context), hooks_(std::move(hooks)) {}

    /// Unknown records are kept and do nothing.
    [[nodiscard]] Result<void> apply(const Conversation& conversation, const LogRow& row);
    /// The (generation, seq) that a `cut` entry keeps; nothing for other rows.
    [[nodiscard]] static std::optional<LogPosition> cutOf(const LogRow& row);

private:
    [[nodiscard]] Result<void> conversationAdded(const wire::SystemRecord::ConversationAdded& record);

    SyncContext& context_;
    Hooks hooks_;
};

} // namespace kith
