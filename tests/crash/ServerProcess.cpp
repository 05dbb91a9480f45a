#include "tests/crash/ServerProcess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace kith::crash
{
namespace
{

constexpr int patienceMs = 30'000;

/// The load is the point.
const char* const config = "[registration]\nopen = true\n[rates]\n"
                           "send_per_device = { burst = 1000000, refill_ms = 1 }\n"
                           "send_per_conversation = { burst = 1000000, refill_ms = 1 }\n"
                           "send_per_account = { burst = 1000000, refill_ms = 1 }\n"
                           "register_per_address = { burst = 1000000, refill_ms = 1 }\n"
                           "authenticate_per_address = { burst = 1000000, refill_ms = 1 }\n";

} // namespace

ServerProcess::ServerProcess(QString program, QString directory)
    : program_(std::move(program)), directory_(std::move(directory))
{
    QDir().mkpath(directory_);
    QFile file(directory_ + QStringLiteral("/kithd.toml"));
    if (file.open(QIODevice::WriteOnly))
        file.write(config);
    process_.setProcessChannelMode(QProcess::SeparateChannels);
    process_.setStandardErrorFile(directory_ + QStringLiteral(".log"), QIODevice::Append);
}

ServerProcess::~ServerProcess()
{
    process_.kill();
    process_.waitForFinished();
}

bool ServerProcess::start()
{
    process_.waitForFinished();
    process_.start(program_, {QStringLiteral("serve"), QStringLiteral("--json"), QStringLiteral("--plain"),
                              QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port_),
                              QStringLiteral("--data"), directory_});
    while (process_.state() != QProcess::NotRunning && !process_.canReadLine()) {
        if (!process_.waitForReadyRead(patienceMs))
            return false;
    }
    const QJsonObject serving = QJsonDocument::fromJson(process_.readLine()).object();
    port_ = static_cast<std::uint16_t>(serving[QStringLiteral("port")].toInt());
    return port_ != 0;
}

} // namespace kith::crash
