#include "core/sync/SystemEntries.h"

namespace kith
{

std::optional<LogPosition> SystemEntries::cutOf(const LogRow& row)
{
    wire::SystemRecord record;
    if (row.kind != wire::SYSTEM || !row.sender.isNull() || !record.ParseFromString(row.body) || !record.has_cut())
        return std::nullopt;
    return LogPosition{Generation{std::uint64_t{record.cut().generation()}}, Seq{std::uint64_t{record.cut().seq()}}};
}

Result<void> SystemEntries::apply(const Conversation& conversation, const LogRow& row)
{
    wire::SystemRecord record;
    // Only the server writes these: a device that claims the kind is not believed.
    if (!row.sender.isNull() || !record.ParseFromString(row.body))
        return {};
    const bool account = conversation.type == ConversationType::Account;
    switch (record.record_case()) {
    case wire::SystemRecord::kConversationAdded:
        return account ? conversationAdded(record.conversation_added()) : Result<void>();
    case wire::SystemRecord::kConversationLeft: {
        const auto log = LogId::fromBytes(record.conversation_left().log_id());
        KITH_TRY(const auto known, log ? context_.store.conversations().find(*log)
                                       : Result<std::optional<Conversation>>(std::optional<Conversation>()));
        return account && known ? context_.store.conversations().setRequest(*log, RequestState::Declined)
                                : Result<void>();
    }
    case wire::SystemRecord::kDevicesChanged:
        if (account)
            context_.executor.post(hooks_.ownDevicesChanged);
        return {};
    case wire::SystemRecord::kBlockChanged: {
        const auto user = UserId::fromBytes(record.block_changed().user());
        return account && user ? context_.store.contacts().setBlocked(*user, record.block_changed().blocked())
                               : Result<void>();
    }
    case wire::SystemRecord::kRequestAccepted:
        return account ? Result<void>()
                       : context_.store.conversations().setRequest(conversation.log, RequestState::Accepted);
    default:
        return {};
    }
}

Result<void> SystemEntries::conversationAdded(const wire::SystemRecord::ConversationAdded& record)
{
    const auto log = LogId::fromBytes(record.log_id());
    const auto peer = UserId::fromBytes(record.peer_user());
    if (!log || !peer)
        return {};
    const RequestState request = record.request() ? RequestState::Incoming : RequestState::Accepted;
    KITH_TRY([[maybe_unused]] const bool added,
             context_.store.conversations().ensure(*log, ConversationType::Direct, *peer, request));
    context_.executor.post([hook = hooks_.conversationAdded, log = *log] { hook(log); });
    return {};
}

} // namespace kith
