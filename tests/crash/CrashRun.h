#pragma once
/// The kills: everybody writes, SIGKILL at a random moment to kithd, to a client, or to both at once, and on again; at
/// last everything is sent, read back and compared. Owned by main(). Thread: one with an event loop.

#include "core/base/Random.h"
#include "tests/crash/CrashClient.h"
#include "tests/crash/CrashPerson.h"
#include "tests/crash/ServerProcess.h"

#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace kith::crash
{

struct RunOptions {
    QString programs; ///< The folder of kithd and kith-cli.
    int kills = 20;
    int writers = 4;      ///< Raw, without encryption and store: the load. Even: they talk in pairs.
    int clients = 2;      ///< kith-cli with profiles. Even as well.
    int longestMs = 1200; ///< Of writing between two kills.
};

struct RunReport {
    std::size_t kills = 0;
    std::size_t serverKills = 0;
    std::size_t clientKills = 0;
    std::size_t acknowledged = 0; ///< To the raw writers.
    std::size_t repeated = 0;     ///< Sent again by them, to be answered as before.
    std::size_t entries = 0;      ///< Read back from their logs.
    std::size_t messages = 0;     ///< In the clients' conversations at the end.
    std::size_t caughtUnsent = 0; ///< On a client's disk and not yet stored by the server when it was killed.
};

class CrashRun
{
public:
    CrashRun(RunOptions options, const Clock& clock, Random& random, Findings& findings);
    CrashRun(const CrashRun&) = delete;
    CrashRun& operator=(const CrashRun&) = delete;

    [[nodiscard]] RunReport run();

private:
    enum class Victim { Server, Client, Both };

    [[nodiscard]] bool setUp();
    [[nodiscard]] bool befriend();
    void strike(Victim victim);
    [[nodiscard]] bool serve();
    void connectWriters();
    void finishWriters();
    void finishClients();
    void compareClients(const CrashClient& one, const Transcript& ours, const CrashClient& other,
                        const Transcript& theirs);
    /// Runs the event loop until `condition` holds; false after half a minute in which `progress` stood still.
    [[nodiscard]] bool await(
        const std::function<bool()>& condition,
        const std::function<std::size_t()>& progress = [] { return std::size_t{0}; });
    void pause(Millis time);
    [[nodiscard]] bool everyWriter(const std::function<bool(const CrashPerson&)>& holds) const;
    [[nodiscard]] std::string peerOf(std::size_t client) const { return clients_[client ^ 1]->handle(); }
    void fail(const char* promise, const std::string& what);

    RunOptions options_;
    const Clock& clock_;
    Random& random_;
    Findings& findings_;
    QTemporaryDir directory_;
    ServerProcess server_;
    std::vector<std::unique_ptr<CrashPerson>> writers_;
    std::vector<std::unique_ptr<CrashClient>> clients_;
    RunReport report_;
};

} // namespace kith::crash
