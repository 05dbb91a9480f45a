#pragma once
/// A person with a real profile: kith-cli processes that send and receive, SIGKILLed at any moment and started again.
/// Remembers what they told to be on disk, and what to be stored. Owned by CrashRun. Thread: one with an event loop.

#include "core/base/Random.h"
#include "tests/crash/Findings.h"
#include "tests/crash/Transcript.h"

#include <QJsonObject>
#include <QProcess>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kith::crash
{

class CrashClient final : public QObject
{
    Q_OBJECT
public:
    /// `home` exists; the profile is made in it by enrol().
    CrashClient(QString program, const QString& home, std::string handle, Random& random, Findings& findings);
    ~CrashClient() override;

    /// Registers at the plain server on that port of this machine.
    [[nodiscard]] bool enrol(std::uint16_t port);
    /// Runs one command to its end: its rows, or nullopt (told as a failure) where it does not end with 0.
    [[nodiscard]] std::optional<std::vector<QJsonObject>> run(const QStringList& command);

    /// Starts a process that writes to `peer` without pause, or now and then one that only receives.
    void start(const std::string& peer);
    /// SIGKILL, at once; the next start() waits for the end.
    void kill();
    /// No new messages: the process ends once all of its own are stored.
    void finish();
    [[nodiscard]] bool ended() const { return process_.state() == QProcess::NotRunning; }
    /// The conversation with `peer` as this profile has it.
    [[nodiscard]] std::optional<Transcript> transcript(const std::string& peer);

    [[nodiscard]] const std::string& handle() const { return handle_; }
    /// What was told, by number of the message.
    [[nodiscard]] const Told& told() const { return told_; }
    /// Messages that were on disk and not yet stored by the server when the process was killed.
    [[nodiscard]] std::size_t caughtUnsent() const { return caughtUnsent_; }

private:
    [[nodiscard]] QStringList withProfile(const QStringList& command) const;
    [[nodiscard]] bool weakenPassphrase();
    void feed();
    void readRows();
    void note(const QJsonObject& row);
    void exited(int code, QProcess::ExitStatus status);
    void fail(Kind kind, const char* promise, const std::string& what);

    const QString program_;
    const QString profile_;
    const QString passphraseFile_;
    const std::string handle_;
    Random& random_;
    Findings& findings_;
    QProcess process_;
    bool sends_ = false;  ///< What the present process does.
    bool doomed_ = false; ///< It was killed by us.
    std::uint64_t lastNumber_ = 0;
    std::set<std::uint64_t> onDisk_; ///< Told by the present process, not yet stored.
    std::size_t fed_ = 0;            ///< To the present process, not yet stored.
    std::set<QString> received_;     ///< By the present process.
    QByteArray lastError_;
    Told told_;
    std::size_t caughtUnsent_ = 0;
};

} // namespace kith::crash
