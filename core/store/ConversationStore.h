#pragma once
/// Conversations: who with, how far stored, what the list shows. Counts and the last row are kept in the same
/// transaction as the messages, so that a list of any size reads without a scan. Owned by ClientStore. Thread: the
/// engine thread.

#include "core/domain/Conversation.h"
#include "core/store/StoreContext.h"

#include <optional>
#include <vector>

namespace kith
{

/// What the server said about a log (Heads, or a page).
struct KnownHead {
    LogId log;
    Generation generation;
    Seq head;
    Seq floor;
    Seq fromSeq; ///< 0: not said.
};

class ConversationStore
{
public:
    explicit ConversationStore(StoreContext& context) : context_(context) {}

    /// True where it is new. An existing one keeps what it has; its request state moves only by setRequest.
    [[nodiscard]] Result<bool> ensure(const LogId& log, ConversationType type, const UserId& peer,
                                      RequestState request);
    [[nodiscard]] Result<std::optional<Conversation>> find(const LogId& log);
    [[nodiscard]] Result<std::optional<Conversation>> findDirect(const UserId& peer);
    /// The account log included; in no particular order. Without `last`.
    [[nodiscard]] Result<std::vector<Conversation>> all();
    [[nodiscard]] Result<void> setRequest(const LogId& log, RequestState request);
    [[nodiscard]] Result<void> setMarkedUnread(const LogId& log, bool marked);

    /// Heads only rise; an older generation is ignored, a newer one is noted as there is something to fetch.
    /// NotFound for a log that ensure() has not seen.
    [[nodiscard]] Result<void> noteHead(const KnownHead& head);
    /// Where something is to be fetched, the most recently active first.
    [[nodiscard]] Result<std::vector<Conversation>> behind(std::size_t limit);

    /// The last contiguous entry: what the next sealed message binds. Chain empty: nothing is stored yet.
    [[nodiscard]] Result<ChainPoint> contiguous(const LogId& log);
    /// The chain value at an entry, for comparing with what a sender had; nothing where this device does not have it.
    [[nodiscard]] Result<std::optional<Bytes>> chainAt(const LogId& log, LogPosition position);

private:
    StoreContext& context_;
};

} // namespace kith
