#pragma once
/// One person with one device who writes without pause, over whatever kithd is there: raw frames, no store, no
/// encryption (bodies are random). What was not answered before the server died is sent again under the same numbers.
/// Owned by CrashRun. Thread: one with an event loop.

#include "core/base/Random.h"
#include "core/net/ServerAddress.h"
#include "core/protocol/wire/FrameCodec.h"
#include "core/sync/Registration.h"
#include "tests/crash/Ledger.h"

#include <QWebSocket>

#include <deque>
#include <functional>
#include <memory>

namespace kith::crash
{

class CrashPerson final : public QObject
{
    Q_OBJECT
public:
    CrashPerson(std::string handle, WallTime now, Random& random, Findings& findings);
    ~CrashPerson() override { disconnect(); }

    /// Connects, signs in (registers first where that was not done), and goes on writing.
    void connectTo(std::uint16_t port);
    /// The server is dead.
    void disconnect();
    /// Makes the conversation with `peer` (who accepts by itself) and starts to write to it.
    void talkTo(const CrashPerson& peer);
    /// No new messages; those not answered are still repeated.
    void stopWriting() { writing_ = false; }
    /// Reads the whole log; `done` with its entries.
    void readLog(std::function<void(std::vector<wire::Entry>)> done);

    /// Entries that readLog() has so far.
    [[nodiscard]] std::size_t readSoFar() const { return readSoFar_; }

    [[nodiscard]] bool signedIn() const { return signedIn_; }
    [[nodiscard]] bool talks() const { return !log_.isNull(); }
    [[nodiscard]] bool quiet() const { return pending_.empty(); }
    [[nodiscard]] LogId log() const { return log_; }
    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] std::size_t repeats() const { return repeats_; }

private:
    using Answer = std::function<void(const wire::Frame&)>;

    template <class Request> void call(wire::Method method, const Request& request, Answer answer);
    void received(const QByteArray& bytes);
    void greeted(const wire::HelloResponse& hello);
    void registerFirst(const wire::HelloResponse& hello);
    void authenticate(const wire::HelloResponse& hello);
    void live(const wire::Entries& entries);
    void acknowledge(std::uint64_t cursor, std::uint64_t generation);
    void write();
    void send(const wire::SendMessageRequest& request);
    void sendAgain();
    void refused(const wire::CallError& error);
    void later(const wire::CallError& error, std::function<void()> what);
    void readPage(std::shared_ptr<std::vector<wire::Entry>> read, std::function<void(std::vector<wire::Entry>)> done);
    void fail(Kind kind, const char* promise, const std::string& what, std::uint64_t number = 0);

    const std::string handle_;
    Random& random_;
    Findings& findings_;
    NewAccount account_;
    std::unique_ptr<QWebSocket> socket_;
    std::uint64_t lastRequest_ = 0;
    std::map<std::uint64_t, Answer> answers_;
    bool registered_ = false;
    bool signedIn_ = false;
    bool writing_ = false;
    UserId peer_;
    DeviceId peerDevice_;
    LogId log_;
    std::uint64_t lastSendNo_ = 0;
    std::uint64_t answeredSendNo_ = 0; ///< Highest that the server acknowledged.
    std::size_t sending_ = 0;          ///< Sends on their way.
    std::uint64_t cursor_ = 0;
    std::deque<wire::SendMessageRequest> pending_;  ///< Sent, not answered; in order of send_no.
    std::deque<wire::SendMessageRequest> answered_; ///< The latest, to be repeated now and then.
    std::size_t repeats_ = 0;
    std::size_t readSoFar_ = 0;
    Ledger ledger_;
};

} // namespace kith::crash
