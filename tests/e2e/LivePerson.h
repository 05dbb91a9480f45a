#pragma once
/// A person with a device as a program would run it: real session, store on disk, event loop, network; only the wall
/// clock can be set. Remembers every state of the connection with its moment. Owned by the test. Thread: the test's.

#include "core/crypto/SodiumRandom.h"
#include "core/net/NetworkWatch.h"
#include "core/net/QtTimers.h"
#include "core/net/websocket/WebSocketTransport.h"
#include "core/session/Profile.h"
#include "core/session/Session.h"
#include "tests/e2e/KithdProcess.h"
#include "tests/support/base/MemoryKeyVault.h"

#include <QElapsedTimer>
#include <QStringList>
#include <QTemporaryDir>

#include <optional>

namespace kith::test
{

/// The machine's clocks, the wall clock as somebody has set it.
class SetClock final : public Clock
{
public:
    [[nodiscard]] WallTime wall() const override { return machine_.wall() + offBy; }
    [[nodiscard]] MonoTime mono() const override { return machine_.mono(); }

    Millis offBy{0};

private:
    SystemClock machine_;
};

class LivePerson
{
public:
    using State = net::ConnectionState;
    struct Seen {
        net::ConnectionFact fact;
        qint64 atMs = 0;
    };

    LivePerson();

    /// Makes the account; false and a warning where that fails.
    bool registerAs(const std::string& handle, const wire::InviteLink& invite);
    /// Registers with an invite of that server's (at another place where one is given), connects, waits until online.
    bool joins(const std::string& handle, const KithdProcess& kithd, std::uint16_t port = 0,
               const std::string& host = {});
    void start();
    /// The program ends and is started again; it does not connect yet.
    void restart();

    [[nodiscard]] Session& session() { return *session_; }
    [[nodiscard]] State state() const { return seen.empty() ? State::Stopped : seen.back().fact.state; }
    /// True when that is the state within the time; what came on the way is in `seen`.
    bool comesTo(State wanted, int withinMs);

    LogId talksTo(const std::string& handle);
    bool accepts(const LogId& log);
    bool says(const LogId& log, const std::string& text) { return session_->sendText(log, text).ok(); }
    /// The visible texts of the conversation, oldest first.
    [[nodiscard]] QStringList texts(const LogId& log);

    SetClock clock;
    std::vector<Seen> seen;
    std::function<void(State)> onState; ///< Told as soon as the session tells.

private:
    template <class T> std::optional<T> await(const std::function<void(Completion<T>)>& use);
    void open();

    QTemporaryDir directory_;
    QElapsedTimer since_;
    MemoryKeyVault vault_;
    SodiumRandom random_;
    net::QtTimers timers_;
    std::unique_ptr<net::QtExecutor> executor_; ///< What is posted dies with the session that posted it.
    std::unique_ptr<Profile> profile_;
    std::unique_ptr<net::WebSocketTransport> transport_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<net::NetworkWatch> watch_;
};

} // namespace kith::test
