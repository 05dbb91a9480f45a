#pragma once
/// The rounds: kithd starts, everybody connects and writes, SIGKILL at a random moment; at last everything is answered,
/// read back and compared. Owned by main(). Thread: one with an event loop.

#include "core/base/Random.h"
#include "tests/crash/CrashPerson.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace kith::crash
{

struct RunOptions {
    QString kithd;
    int rounds = 20;
    int people = 6;      ///< Even: they talk in pairs.
    int longestMs = 400; ///< Of writing between two kills.
};

struct RunReport {
    std::size_t kills = 0;
    std::size_t acknowledged = 0;
    std::size_t repeated = 0;
    std::size_t entries = 0;
    std::optional<Broken> broken;
};

class CrashRun
{
public:
    CrashRun(RunOptions options, const Clock& clock, Random& random);
    ~CrashRun();
    CrashRun(const CrashRun&) = delete;
    CrashRun& operator=(const CrashRun&) = delete;

    [[nodiscard]] RunReport run();

private:
    [[nodiscard]] bool startServer();
    void kill();
    void connectAll();
    /// Runs the event loop until `condition` holds; false after `limit`, or when something broke.
    [[nodiscard]] bool await(const std::function<bool()>& condition, Millis limit);
    void pause(Millis time);
    [[nodiscard]] std::optional<Broken> firstBroken() const;
    [[nodiscard]] std::optional<Broken> setUp();
    [[nodiscard]] std::optional<Broken> checkLogs();

    RunOptions options_;
    const Clock& clock_;
    Random& random_;
    QTemporaryDir directory_;
    QProcess server_;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<CrashPerson>> people_;
    RunReport report_;
};

} // namespace kith::crash
