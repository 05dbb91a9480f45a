#pragma once
/// Own messages from *queued* to *accepted* (style.md section 5, steps 3-8 and the answer to 11). Per conversation a
/// lane: messages are sealed in order of composing, each once, and sent in order of send_no with a window of what is
/// unanswered. Every step is on disk before the next; a crash anywhere resends identical bytes (P1, P2).
///
///     lane:  Open --bundles or manifest missing--> Fetching --came--> Open
///            Open --conflict (device list)--> Resealing --done--> Open
///            Open --conflict (cut)--> CatchingUp --log is level--> Open
///            Open --rate_limited, unavailable, internal--> Pausing --time--> Open
///            any  --disconnected--> Open (round + 1: answers of an earlier round that refuse are ignored)
///
/// Owned by SyncEngine. Engine thread.

#include "core/sync/ContentMapping.h"
#include "core/sync/KeyClaims.h"

#include <map>

namespace kith
{

class Outbox
{
public:
    /// Unanswered sends of one conversation.
    static constexpr std::size_t window = 16;
    /// Messages looked at in one go.
    static constexpr std::size_t sealAtOnce = 256;

    struct Hooks {
        /// The log has a new generation, or is ahead of us: fetch it, then call caughtUp().
        std::function<void(LogId)> needsCatchUp;
    };

    Outbox(SyncContext& context, DeviceDirectory& directory, Hooks hooks)
        : context_(context), directory_(directory), claims_(context, directory), hooks_(std::move(hooks))
    {
    }

    /// Queues durably; the row is in the store when this returns.
    [[nodiscard]] Result<Message> compose(const NewMessage& message);
    [[nodiscard]] Result<void> retry(MessageId id);

    /// Seals and sends what can be; call when online, and after anything that may have opened a lane.
    void pump();
    /// The log is level with the server again: opens a lane that waited for that, and no other. One that waits for keys
    /// would seal without them.
    void caughtUp(LogId log);
    void disconnected();

private:
    enum class LaneState { Open, Fetching, Resealing, CatchingUp, Pausing };
    struct Lane {
        LaneState state = LaneState::Open;
        std::uint64_t round = 0;
        std::size_t inFlight = 0;
        std::vector<PreKeyBundle> bundles;
        std::set<DeviceAddress> asked; ///< Claimed for the present message: not asked again for it.
        std::unique_ptr<Timer> pause;
    };

    /// The people of a conversation: ourselves, and the other one.
    [[nodiscard]] Result<std::vector<UserId>> members(LogId log);
    /// Every device that shall read it but this one; nullopt: a manifest is missing and being fetched.
    [[nodiscard]] Result<std::optional<std::vector<DeviceIdentity>>> readers(LogId log, Lane& lane);
    void sealQueued();
    void resume(LogId log);
    [[nodiscard]] Result<void> seal(const OutboxItem& item, Lane& lane);
    [[nodiscard]] Result<void> commit(const OutboxItem& item, const Sealed& sealed,
                                      const std::optional<ResendTarget>& target);
    [[nodiscard]] Result<void> send(LogId log, Lane& lane);
    void transmit(const OutboxItem& item, const Conversation& conversation, Lane& lane);
    void answered(LogId log, MessageId id, std::uint64_t round, const Result<wire::SendMessageResponse>& answer);
    [[nodiscard]] Result<void> accepted(MessageId id, const wire::SendMessageResponse& answer);
    [[nodiscard]] Result<void> refused(LogId log, MessageId id, const Error& error, Lane& lane);
    [[nodiscard]] Result<void> conflict(LogId log, MessageId id, const wire::Conflict& detail, Lane& lane);
    [[nodiscard]] Result<void> learnLists(LogId log, MessageId id, const wire::Conflict::DeviceList& lists, Lane& lane);
    void listsLearnt(LogId log, MessageId id, const std::optional<Error>& failed);
    [[nodiscard]] Result<void> reseal(LogId log, Lane& lane);
    [[nodiscard]] Result<std::vector<DeviceAddress>> resealItem(const OutboxItem& item, Lane& lane);
    [[nodiscard]] Result<void> rewind(LogId log, Lane& lane);
    void claim(LogId log, std::vector<DeviceAddress> devices, LaneState state);
    void refuseQueued(LogId log, Lane& lane, const Error& why);
    void pauseLane(LogId log, Millis wait);

    SyncContext& context_;
    DeviceDirectory& directory_;
    KeyClaims claims_;
    Hooks hooks_;
    std::map<LogId, Lane> lanes_;
    bool pumping_ = false;
};

} // namespace kith
