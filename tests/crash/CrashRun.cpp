#include "tests/crash/CrashRun.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>

namespace kith::crash
{
namespace
{

constexpr Millis patience{30'000};

/// Nobody is slowed down: the load is the point.
const char* const config = "[registration]\nopen = true\n[rates]\n"
                           "send_per_device = { burst = 1000000, refill_ms = 1 }\n"
                           "send_per_conversation = { burst = 1000000, refill_ms = 1 }\n"
                           "send_per_account = { burst = 1000000, refill_ms = 1 }\n"
                           "register_per_address = { burst = 1000000, refill_ms = 1 }\n"
                           "authenticate_per_address = { burst = 1000000, refill_ms = 1 }\n";

} // namespace

CrashRun::CrashRun(RunOptions options, const Clock& clock, Random& random)
    : options_(std::move(options)), clock_(clock), random_(random)
{
    QFile file(directory_.path() + QStringLiteral("/kithd.toml"));
    if (file.open(QIODevice::WriteOnly))
        file.write(config);
    for (int i = 0; i < options_.people; ++i)
        people_.push_back(std::make_unique<CrashPerson>("person" + std::to_string(i), clock.wall(), random));
    server_.setProcessChannelMode(QProcess::SeparateChannels);
    server_.setStandardErrorFile(directory_.path() + QStringLiteral("/log"));
}

CrashRun::~CrashRun()
{
    kill();
}

bool CrashRun::startServer()
{
    server_.start(options_.kithd, {QStringLiteral("serve"), QStringLiteral("--json"), QStringLiteral("--plain"),
                                   QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--data"),
                                   directory_.path()});
    while (server_.state() != QProcess::NotRunning && !server_.canReadLine())
        server_.waitForReadyRead(static_cast<int>(patience.count()));
    const QJsonObject serving = QJsonDocument::fromJson(server_.readLine()).object();
    port_ = static_cast<std::uint16_t>(serving[QStringLiteral("port")].toInt());
    return port_ != 0;
}

void CrashRun::kill()
{
    if (server_.state() == QProcess::NotRunning)
        return;
    server_.kill(); // SIGKILL
    server_.waitForFinished();
}

std::optional<Broken> CrashRun::firstBroken() const
{
    for (const auto& person : people_) {
        if (person->broken())
            return person->broken();
    }
    return std::nullopt;
}

bool CrashRun::await(const std::function<bool()>& condition, Millis limit)
{
    const MonoTime until = clock_.mono() + limit;
    while (!condition()) {
        if (clock_.mono() >= until || firstBroken())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    return true;
}

void CrashRun::pause(Millis time)
{
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(time.count()), Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void CrashRun::connectAll()
{
    for (const auto& person : people_)
        person->connectTo(port_);
}

std::optional<Broken> CrashRun::setUp()
{
    const auto all = [this](bool (CrashPerson::*holds)() const) {
        return std::all_of(people_.begin(), people_.end(), [&](const auto& p) { return (p.get()->*holds)(); });
    };
    if (!startServer())
        return Broken{"setup", "kithd does not start"};
    connectAll();
    if (!await([&] { return all(&CrashPerson::signedIn); }, patience))
        return firstBroken().value_or(Broken{"setup", "not everybody could register"});
    for (std::size_t i = 0; i < people_.size(); ++i)
        people_[i]->talkTo(*people_[i ^ 1]);
    if (!await([&] { return all(&CrashPerson::talks); }, patience))
        return firstBroken().value_or(Broken{"setup", "not everybody could talk"});
    return std::nullopt;
}

std::optional<Broken> CrashRun::checkLogs()
{
    for (std::size_t i = 0; i < people_.size(); ++i) {
        CrashPerson& person = *people_[i];
        std::optional<std::vector<wire::Entry>> log;
        person.readLog([&log](std::vector<wire::Entry> entries) { log = std::move(entries); });
        if (!await([&] { return log.has_value(); }, patience))
            return firstBroken().value_or(Broken{"P1", "a log cannot be read"});
        if (i % 2 == 0)
            report_.entries += log->size();
        report_.acknowledged += person.ledger().size();
        report_.repeated += person.repeats();
        if (auto broken = person.ledger().check(person.log(), *log))
            return broken;
    }
    return std::nullopt;
}

RunReport CrashRun::run()
{
    report_.broken = setUp();
    for (int round = 0; round < options_.rounds && !report_.broken; ++round) {
        pause(Millis{random_.below(static_cast<std::uint64_t>(options_.longestMs))});
        kill();
        ++report_.kills;
        for (const auto& person : people_)
            person->disconnect();
        if (!startServer())
            report_.broken = Broken{"P1", "kithd does not start after kill " + std::to_string(report_.kills)};
        connectAll();
        const auto someoneIsIn = [this] {
            return std::any_of(people_.begin(), people_.end(), [](const auto& p) { return p->signedIn(); });
        };
        if (!report_.broken && !await(someoneIsIn, patience))
            report_.broken = firstBroken().value_or(Broken{"P6", "nobody could sign in after a kill"});
    }
    if (!report_.broken) {
        for (const auto& person : people_)
            person->stopWriting();
        const auto quiet = [this] {
            return std::all_of(people_.begin(), people_.end(),
                               [](const auto& p) { return p->signedIn() && p->quiet(); });
        };
        if (!await(quiet, patience))
            report_.broken = firstBroken().value_or(Broken{"P2", "not every send was answered in the end"});
    }
    if (!report_.broken)
        report_.broken = checkLogs();
    if (!report_.broken)
        report_.broken = firstBroken();
    kill();
    return report_;
}

} // namespace kith::crash
