#pragma once
/// What every command works with: the open profile, its session, and a way to wait. Owned by main(); main thread, which
/// is the engine thread of this program.

#include "app/cli/Arguments.h"
#include "app/cli/ExitCode.h"
#include "core/session/Session.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace kith::cli
{

class Context
{
public:
    /// `deadline` counts from construction. `readOnly`: nothing can be written, so nothing connects.
    Context(Session& session, Millis timeout, bool readOnly);

    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] bool readOnly() const { return readOnly_; }

    /// Runs the event loop until `done` says so. Timeout after the deadline; what stop() was given after that.
    [[nodiscard]] Result<void> waitUntil(const std::function<bool()>& done);
    /// Starts the session and waits until it is online. Certificate, NewerProtocol and Revoked end the wait at once.
    [[nodiscard]] Result<void> connect();
    /// Calls `use` with a completion and waits for its result.
    template <class T> [[nodiscard]] Result<T> await(const std::function<void(Completion<T>)>& use);

    /// A handle or a conversation id in hexadecimal; only what this device knows.
    [[nodiscard]] Result<Conversation> knownConversation(const std::string& who) const;
    /// The same, but a stranger's handle is looked up on the server and the conversation made.
    [[nodiscard]] Result<Conversation> anyConversation(const std::string& who);

    /// A person takes the time they need: the deadline does not count from holdDeadline() on, and begins anew after it.
    void holdDeadline() { deadline_.stop(); }
    void restartDeadline() { deadline_.start(timeout_); }

    /// Something happened in the session: the wait looks again. Thread: main.
    void wake();
    /// Every wait ends with `why` from now on, unless what it waits for is so.
    void stop(const Error& why);

private:
    [[nodiscard]] Error connectionError() const;

    Session& session_;
    Millis timeout_;
    bool readOnly_;
    QTimer deadline_;
    QEventLoop* loop_ = nullptr;
    bool expired_ = false;
    std::optional<Error> stopped_;
};

template <class T> Result<T> Context::await(const std::function<void(Completion<T>)>& use)
{
    // Shared: a completion may come after the deadline, when nobody waits any more.
    const auto slot = std::make_shared<std::optional<Result<T>>>();
    use([slot, this](Result<T> result) {
        slot->emplace(std::move(result));
        wake();
    });
    KITH_CHECK(waitUntil([&] { return slot->has_value(); }));
    return std::move(**slot);
}

} // namespace kith::cli
