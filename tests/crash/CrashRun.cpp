#include "tests/crash/CrashRun.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace kith::crash
{
namespace
{

constexpr Millis patience{30'000};

} // namespace

CrashRun::CrashRun(RunOptions options, const Clock& clock, Random& random, Findings& findings)
    : options_(std::move(options)), clock_(clock), random_(random), findings_(findings),
      server_(options_.programs + QStringLiteral("/kithd"), directory_.filePath(QStringLiteral("server")))
{
    for (int i = 0; i < options_.writers; ++i)
        writers_.push_back(std::make_unique<CrashPerson>("writer" + std::to_string(i), clock.wall(), random, findings));
    for (int i = 0; i < options_.clients; ++i)
        clients_.push_back(std::make_unique<CrashClient>(options_.programs + QStringLiteral("/kith-cli"),
                                                         directory_.path(), "client" + std::to_string(i), random,
                                                         findings));
}

void CrashRun::fail(const char* promise, const std::string& what)
{
    findings_.add(Kind::Failure, promise, "the run", 0, what);
}

bool CrashRun::await(const std::function<bool()>& condition, const std::function<std::size_t()>& progress)
{
    MonoTime until = clock_.mono() + patience;
    for (std::size_t last = progress(); !condition();) {
        if (const std::size_t now = progress(); std::exchange(last, now) != now)
            until = clock_.mono() + patience;
        if (clock_.mono() >= until)
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

bool CrashRun::everyWriter(const std::function<bool(const CrashPerson&)>& holds) const
{
    return std::all_of(writers_.begin(), writers_.end(), [&](const auto& writer) { return holds(*writer); });
}

bool CrashRun::serve()
{
    for (const auto& writer : writers_)
        writer->disconnect();
    if (!server_.start()) {
        fail("P1", "kithd does not start after kill " + std::to_string(report_.kills));
        return false;
    }
    connectWriters();
    return true;
}

void CrashRun::connectWriters()
{
    for (const auto& writer : writers_)
        writer->connectTo(server_.port());
}

bool CrashRun::setUp()
{
    // The writers come last: while a command runs to its end, they would not answer the server.
    if (!server_.start()) {
        fail("setup", "kithd does not start");
        return false;
    }
    if (!befriend())
        return false;
    connectWriters();
    if (!await([&] { return everyWriter([](const CrashPerson& p) { return p.signedIn(); }); })) {
        fail("setup", "not every writer could register");
        return false;
    }
    for (std::size_t i = 0; i < writers_.size(); ++i)
        writers_[i]->talkTo(*writers_[i ^ 1]);
    if (!await([&] { return everyWriter([](const CrashPerson& p) { return p.talks(); }); })) {
        fail("setup", "not every writer could talk");
        return false;
    }
    for (std::size_t i = 0; i < clients_.size(); ++i)
        clients_[i]->start(peerOf(i));
    return true;
}

bool CrashRun::befriend()
{
    for (const auto& client : clients_) {
        if (!client->enrol(server_.port()))
            return false;
    }
    for (std::size_t i = 0; i < clients_.size(); i += 2) {
        const auto name = [this](std::size_t at) { return QString::fromStdString(clients_[at]->handle()); };
        if (!clients_[i]->run({QStringLiteral("send"), name(i + 1), QStringLiteral("hello")}) ||
            !clients_[i + 1]->run({QStringLiteral("accept"), name(i)}))
            return false;
    }
    return true;
}

void CrashRun::strike(Victim victim)
{
    pause(Millis{random_.below(static_cast<std::uint64_t>(options_.longestMs))});
    const std::size_t client = random_.below(clients_.size());
    ++report_.kills;
    if (victim != Victim::Client) {
        server_.kill();
        ++report_.serverKills;
    }
    if (victim != Victim::Server) {
        clients_[client]->kill();
        ++report_.clientKills;
    }
    if (victim != Victim::Client && !serve())
        return;
    if (victim != Victim::Server)
        clients_[client]->start(peerOf(client));
    // A life in which nothing is sent would prove nothing about the next death.
    const auto someoneIsIn = [this] {
        return std::any_of(writers_.begin(), writers_.end(), [](const auto& writer) { return writer->signedIn(); });
    };
    if (!await(someoneIsIn))
        fail("P6", "nobody could sign in after kill " + std::to_string(report_.kills));
}

void CrashRun::finishWriters()
{
    for (const auto& writer : writers_)
        writer->stopWriting();
    if (!await([&] { return everyWriter([](const CrashPerson& p) { return p.signedIn() && p.quiet(); }); }))
        fail("P2", "not every send was answered in the end");
    for (std::size_t i = 0; i < writers_.size(); ++i) {
        CrashPerson& writer = *writers_[i];
        // Anew: while the others' logs were read, this one answered no heartbeat.
        writer.connectTo(server_.port());
        std::optional<std::vector<wire::Entry>> log;
        if (await([&] { return writer.signedIn(); }))
            writer.readLog([&log](std::vector<wire::Entry> entries) { log = std::move(entries); });
        if (!await([&] { return log.has_value(); }, [&] { return writer.readSoFar(); })) {
            fail("P1", "a log cannot be read");
            writer.disconnect(); // a late answer would find nobody
            continue;
        }
        if (i % 2 == 0)
            report_.entries += log->size();
        report_.acknowledged += writer.ledger().size();
        report_.repeated += writer.repeats();
        writer.ledger().check(writer.log(), *log);
    }
}

void CrashRun::finishClients()
{
    for (const auto& client : clients_)
        client->finish();
    const auto ended = [this] {
        return std::all_of(clients_.begin(), clients_.end(), [](const auto& client) { return client->ended(); });
    };
    if (!await(ended)) {
        fail("P6", "not every client could send what it had");
        for (const auto& client : clients_)
            client->kill();
        if (!await(ended))
            return;
    }
    // One more message goes after whatever still waits; then both fetch.
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        if (!clients_[i]->run({QStringLiteral("send"), QString::fromStdString(peerOf(i)), QStringLiteral("good bye")}))
            return;
    }
    for (const auto& client : clients_) {
        if (!client->run({QStringLiteral("receive")}))
            return;
    }
    for (std::size_t i = 0; i < clients_.size(); i += 2) {
        const auto ours = clients_[i]->transcript(peerOf(i));
        const auto theirs = clients_[i + 1]->transcript(peerOf(i + 1));
        if (ours && theirs)
            compareClients(*clients_[i], *ours, *clients_[i + 1], *theirs);
    }
    for (const auto& client : clients_)
        report_.caughtUnsent += client->caughtUnsent();
    if (report_.messages < report_.kills)
        fail("setup", "the clients sent next to nothing, which proves nothing");
}

void CrashRun::compareClients(const CrashClient& one, const Transcript& ours, const CrashClient& other,
                              const Transcript& theirs)
{
    report_.messages += ours.rows.size();
    checkEqual(ours, theirs, findings_);
    for (const Transcript* side : {&ours, &theirs}) {
        checkTranscript(*side, findings_);
        for (const CrashClient* author : {&one, &other})
            checkTold(author->handle(), author->told(), *side, findings_);
    }
}

RunReport CrashRun::run()
{
    if (!setUp())
        return report_;
    while (report_.kills < static_cast<std::size_t>(options_.kills) && !findings_.any())
        strike(static_cast<Victim>(report_.kills % 3)); // each as often; when and whom is chance
    finishWriters();
    finishClients();
    return report_;
}

} // namespace kith::crash
