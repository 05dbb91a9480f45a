#pragma once
/// An account over a store in memory and a server that is a script: what is written is accepted a moment later (while
/// the script says online), and everything else happens when a scene says so. Owned by OfflineWorld. Thread: the GUI
/// thread, which is the engine's here.

#include "core/base/Timers.h"
#include "core/session/Account.h"
#include "tests/support/store/TestStore.h"

#include <map>

namespace kith::offline
{

class OfflineAccount final : public Account
{
public:
    static constexpr Millis serverDelay{300};

    /// All outlive it; the reader is opened by prepare().
    OfflineAccount(test::TestStore& store, Timers& timers, const Clock& clock, OwnAccount self);

    void setConnection(const net::ConnectionFact& fact);
    void setPersonTyping(const LogId& log, bool typing);
    void setPersonOnline(const UserId& user, bool online);
    void stopStore();

    [[nodiscard]] const OwnAccount& self() const override { return self_; }
    [[nodiscard]] ReaderStore& reader() override { return *reader_; }
    [[nodiscard]] ChangeFeed& changes() override { return store_->changes(); }
    void setEvents(AccountEvents events) override { events_ = std::move(events); }
    [[nodiscard]] net::ConnectionFact connection() const override { return fact_; }
    void lookedAt() override;
    [[nodiscard]] QFuture<Result<MessageId>> sendText(LogId log, std::string text) override;
    [[nodiscard]] QFuture<Result<void>> retry(MessageId message) override;
    [[nodiscard]] QFuture<Result<void>> markRead(LogId log, Seq seq) override;
    void setFocus(std::optional<LogId> log) override;
    void setTyping(LogId log, bool typing) override;
    [[nodiscard]] QFuture<Result<void>> acceptRequest(LogId log) override;
    [[nodiscard]] QFuture<Result<void>> declineRequest(LogId log) override;
    [[nodiscard]] QFuture<Result<void>> setBlocked(UserId user, bool blocked) override;
    [[nodiscard]] QFuture<Result<LogId>> chatWith(std::string handle) override;
    [[nodiscard]] QFuture<Result<std::string>> safetyNumber(UserId user) override;

    /// Seals what is queued and lets the script's server take it.
    void serve();

private:
    [[nodiscard]] Result<void> acceptOne(const OutboxItem& item);

    test::TestStore& store_;
    Timers& timers_;
    const Clock& clock_;
    OwnAccount self_;
    std::unique_ptr<ReaderStore> reader_;
    AccountEvents events_;
    net::ConnectionFact fact_;
    std::unique_ptr<Timer> serving_;
    std::uint64_t lastMessage_ = 0;
};

} // namespace kith::offline
