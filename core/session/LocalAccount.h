#pragma once
/// Account over a Session that lives on an engine thread: commands are posted there, answers come back as futures, and
/// what happened is handed over by LocalEngine, which owns it. Thread: the window's; the reader is destroyed here
/// before the engine closes the database that it reads.

#include "core/session/Account.h"
#include "core/session/Session.h"

namespace kith
{

class LocalAccount final : public Account
{
public:
    /// `session` lives on `engine`'s thread, `changes` with it; all outlive the account.
    LocalAccount(Executor& engine, Session& session, ChangeFeed& changes, OwnAccount self,
                 std::unique_ptr<ReaderStore> reader);

    [[nodiscard]] const OwnAccount& self() const override { return self_; }
    [[nodiscard]] ReaderStore& reader() override { return *reader_; }
    [[nodiscard]] ChangeFeed& changes() override { return changes_; }
    void setEvents(AccountEvents events) override;
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

    /// What happened on the engine thread, told here.
    void connectionChanged(const net::ConnectionFact& fact);
    void typingChanged(LogId log, UserId user, bool typing);
    void presenceChanged(UserId user, bool online);
    void storeStopped(const Error& error);

private:
    /// Runs `use` on the engine thread; the future stays without a result if the engine ends first.
    template <class T> [[nodiscard]] QFuture<Result<T>> ask(std::function<void(Session&, Completion<T>)> use);
    void tell(std::function<void(Session&)> use);
    /// Now, or as soon as anybody listens.
    void happened(std::function<void(const AccountEvents&)> what);

    Executor& engine_;
    Session& session_; ///< Touched on the engine thread alone.
    ChangeFeed& changes_;
    OwnAccount self_;
    std::unique_ptr<ReaderStore> reader_;
    std::optional<AccountEvents> events_;
    std::vector<std::function<void(const AccountEvents&)>> unheard_;
    net::ConnectionFact fact_;
};

} // namespace kith
