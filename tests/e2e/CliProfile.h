#pragma once
/// A profile of the real kith-cli in a directory of its own. Owned by the test. Thread: the test's.

#include "tests/e2e/KithdProcess.h"

#include <QFile>

namespace kith::test
{

class CliProfile
{
public:
    CliProfile()
    {
        QFile secret(home_.path() + QStringLiteral("/secret"));
        if (!secret.open(QIODevice::WriteOnly) || secret.write("a passphrase\n") < 0)
            qFatal("no place for the passphrase");
    }
    [[nodiscard]] QString profile() const { return home_.path() + QStringLiteral("/profile"); }
    /// Lets the test's event loop run meanwhile: the server may live in it.
    Ran run(const QStringList& arguments)
    {
        QProcess process;
        process.start(qEnvironmentVariable("KITH_BIN_DIR") + QStringLiteral("/kith-cli"),
                      QStringList{QStringLiteral("--profile"), profile(), QStringLiteral("--passphrase-file"),
                                  home_.path() + QStringLiteral("/secret")} +
                          arguments);
        Ran ran;
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30'000))
            return ran;
        ran.code = process.exitCode();
        ran.answer =
            QJsonDocument::fromJson(process.readAllStandardOutput().trimmed().split('\n').constLast()).object();
        ran.errors = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }
    Ran registerAs(const QString& name, const QString& invite)
    {
        return run({QStringLiteral("register"), QStringLiteral("--invite"), invite, QStringLiteral("--name"), name});
    }

private:
    QTemporaryDir home_;
};

} // namespace kith::test
