#pragma once
/// Repair of what could not be opened (P7, docs/protocol/resend.md): the receiving device asks the author's, which
/// sends the content once more, for exactly that device. What is not answered within seven days of being online is
/// declared lost by the store. Owned by SyncEngine. Engine thread.

#include "core/sync/Inbox.h"
#include "core/sync/Outbox.h"

namespace kith
{

class Resend
{
public:
    static constexpr std::size_t atOnce = 50;
    static constexpr std::chrono::hours answeredFor{30 * 24}; ///< Older messages are "gone": that ends the wait.

    Resend(SyncContext& context, DeviceDirectory& directory, Outbox& outbox)
        : context_(context), directory_(directory), outbox_(outbox)
    {
    }

    /// Asks for what waits and was not asked for on this connection.
    void ask();
    void connected();
    /// Another device could not open what this one sent.
    void wanted(const wire::ResendWanted& wanted);

private:
    [[nodiscard]] Result<void> answer(const wire::ResendWanted& wanted);

    SyncContext& context_;
    DeviceDirectory& directory_;
    Outbox& outbox_;
    std::set<MessageId> asked_;
};

} // namespace kith
