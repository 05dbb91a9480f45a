#pragma once
/// A kithd of its own for a test: fresh data directory, free port on loopback. Owned by the test. Thread: the test's.

#include "core/protocol/wire/InviteLink.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace kith::test
{

inline QString kithdPath()
{
    return qEnvironmentVariable("KITH_BIN_DIR") + QStringLiteral("/kithd");
}

/// What a finished run of kithd said.
struct Ran {
    int code = -1;
    QJsonObject answer; ///< Last line of stdout.
    QString errors;     ///< stderr.
};

inline Ran runKithd(const QStringList& arguments, int timeoutMs = 30'000)
{
    QProcess process;
    process.start(kithdPath(), arguments);
    Ran ran;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished();
        return ran;
    }
    ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    const QList<QByteArray> lines = process.readAllStandardOutput().trimmed().split('\n');
    ran.answer = QJsonDocument::fromJson(lines.last()).object();
    ran.errors = QString::fromUtf8(process.readAllStandardError());
    return ran;
}

class KithdProcess
{
public:
    /// Serves on a free port of 127.0.0.1, on `directory` and at `listen` where given; `inside`: a program that starts
    /// it, such as unshare.
    explicit KithdProcess(const QStringList& more = {}, const QString& directory = {},
                          const QString& listen = QStringLiteral("127.0.0.1:0"), const QStringList& inside = {})
        : directory_(directory.isEmpty() ? own_.path() + QStringLiteral("/data") : directory)
    {
        process_.setProcessChannelMode(QProcess::SeparateChannels);
        const QStringList all = inside +
                                QStringList{kithdPath(),
                                            QStringLiteral("serve"),
                                            QStringLiteral("--json"),
                                            QStringLiteral("--data"),
                                            directory_,
                                            QStringLiteral("--listen"),
                                            listen} +
                                more;
        process_.start(all.first(), all.mid(1));
        while (process_.state() != QProcess::NotRunning && !process_.canReadLine())
            process_.waitForReadyRead(30'000);
        serving_ = QJsonDocument::fromJson(process_.readLine()).object();
        const auto link = wire::parseInviteLink(serving_[QStringLiteral("invite")].toString().toStdString());
        if (link.ok())
            invite = *link;
    }
    ~KithdProcess()
    {
        process_.kill();
        process_.waitForFinished();
    }
    KithdProcess(const KithdProcess&) = delete;
    KithdProcess& operator=(const KithdProcess&) = delete;

    [[nodiscard]] bool serves() const { return serving_[QStringLiteral("type")] == QStringLiteral("serving"); }
    [[nodiscard]] const QJsonObject& serving() const { return serving_; }
    [[nodiscard]] QString data() const { return directory_; }
    [[nodiscard]] std::uint16_t port() const
    {
        return static_cast<std::uint16_t>(serving_[QStringLiteral("port")].toInt());
    }
    [[nodiscard]] QProcess& process() { return process_; }
    /// Runs a command against this server's directory.
    [[nodiscard]] Ran command(const QStringList& arguments) const
    {
        return runKithd(arguments + QStringList{QStringLiteral("--json"), QStringLiteral("--data"), directory_});
    }
    /// SIGTERM; the exit code, or -1 where it does not end.
    int terminate()
    {
        process_.terminate();
        return waitForEnd();
    }
    int waitForEnd()
    {
        [&] { QTRY_COMPARE_WITH_TIMEOUT(process_.state(), QProcess::NotRunning, 20'000); }();
        return process_.exitStatus() == QProcess::NormalExit ? process_.exitCode() : -1;
    }

    wire::InviteLink invite; ///< What it printed; it prints one while nobody is registered.

private:
    QTemporaryDir own_;
    QString directory_;
    QProcess process_;
    QJsonObject serving_;
};

} // namespace kith::test
