#pragma once
/// What the areas of chat share: ports, policy, keys derived from the server's, caches. Owned by Chat. Thread: each
/// part says; the rest is constant.

#include "core/crypto/SecretBytes.h"
#include "server/chat/Chat.h"
#include "server/chat/conversations/ConversationCache.h"
#include "server/chat/jobs/JobRunner.h"
#include "server/chat/messages/ConflictCounter.h"
#include "server/chat/messages/Fanout.h"
#include "server/chat/messages/PutBackAlarm.h"

namespace kith::server
{

struct ChatContext {
    ChatContext(const ChatPorts& ports, ChatConfig settings);

    Storage& storage;
    Clock& clock;
    Random& random;
    Rates& rates;
    const SystemRecords& records;
    Registry& registry;
    SecretBytes pairKey;  ///< Makes the ids of direct conversations.
    SecretBytes tokenKey; ///< Authenticates resume tokens.
    ChatConfig config;    ///< Without the key.
    const Limits& limits;
    ConversationCache conversations;
    Fanout fanout;
    JobRunner jobs;
    ConflictCounter conflicts;
    PutBackAlarm putBack;

    [[nodiscard]] std::uint64_t hourNow() const;
    /// The one direct conversation of two people, or of one with oneself.
    [[nodiscard]] LogId directLogOf(UserId a, UserId b) const;
    /// Takes a token or says how long to wait.
    [[nodiscard]] Result<void> take(Rate rate, ByteView key, std::string_view what) const;
    /// Runs a job and answers on the caller's strand.
    void runJob(RecordKey key, Executor& strand, Done<void> done);
    /// A system entry for an account's log, with what makes its devices find it.
    [[nodiscard]] static Append accountAppend(UserId user, Bytes body);
    /// Tells the account's devices what accountAppend committed.
    void accountAppended(UserId user, Bytes body, const Committed& committed);
};

/// Membership as a rule needs it. Pointers live as long as `conversation`.
struct DirectView {
    SharedConversation conversation;
    const Member* own = nullptr;
    const Member* peer = nullptr; ///< Null in Notes to self and account logs.
};
/// NotFound unless `user` is, or was, a member of `log`.
[[nodiscard]] Result<DirectView> membership(ChatContext& context, LogId log, UserId user);
/// Unauthenticated once the caller's device was unlinked: its connection closes a moment later, or much later where the
/// bus lost the event. For rules that look at no device list themselves.
[[nodiscard]] Result<void> stillListed(const ChatContext& context, const Caller& caller);
/// NotFound unless `other` is `user`, or both have a conversation.
[[nodiscard]] Result<void> mayKnow(ChatContext& context, UserId user, UserId other);
/// The same, and `other` does not block `user`.
[[nodiscard]] Result<void> mayReach(ChatContext& context, UserId user, UserId other);
/// Whether receipts, typing and presence may pass between the two, either way.
[[nodiscard]] bool mayExchange(const DirectView& view);
[[nodiscard]] const ReaderDevice* readerOf(const Member& member, DeviceId device);

[[nodiscard]] inline Error refused(ChatError code, std::string detail)
{
    return Error::make(code, std::move(detail));
}
/// One sentence for every reason why somebody cannot be written to: it must not tell a block from a declined request.
[[nodiscard]] Error doesNotAccept();
/// One answer for absent, hidden and blocked people.
[[nodiscard]] Error nobodyThere();

} // namespace kith::server
