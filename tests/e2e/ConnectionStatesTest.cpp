// Every state of the connection, entered by its real cause: a real session over real sockets to a real kithd. The times
// are the promised ones: shown within 5 s of the cause, left within 2 s of the end of it. The test of the offline state
// runs in a network of its own, in which interfaces can be taken down. A server that goes deaf later, a client that is
// stopped: tests/app/cli/StoppedProcessTest.py.
#include "tests/e2e/KithdProcess.h"
#include "tests/e2e/LivePerson.h"
#include "tests/e2e/NewerServer.h"
#include "tests/e2e/Relay.h"

#include <QDirIterator>

using namespace kith;
using namespace kith::test;
using State = net::ConnectionState;

namespace
{

constexpr int shown = 5'000;
constexpr int left = 2'000;

QString at(std::uint16_t port)
{
    return QStringLiteral("127.0.0.1:%1").arg(port);
}

std::uint16_t freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

void copyDirectory(const QString& from, const QString& to)
{
    QDirIterator files(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        const QString copy = to + file.mid(from.size());
        QDir().mkpath(QFileInfo(copy).path());
        QFile::copy(file, copy);
    }
}

bool insideOwnNetwork()
{
    return qEnvironmentVariableIsSet("KITH_OWN_NETWORK");
}

bool run(const QByteArray& command)
{
    const QStringList words = QString::fromLatin1(command).split(QLatin1Char(' '));
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(words.first(), words.mid(1));
    return process.waitForFinished() && process.exitCode() == 0;
}

bool ip(const QByteArray& arguments)
{
    return run("ip " + arguments);
}

} // namespace

class ConnectionStatesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        const bool forInside = QByteArray(QTest::currentTestFunction()).startsWith("offline");
        if (insideOwnNetwork() && !forInside)
            QSKIP("runs in the network of the machine");
    }
    void connectingCatchingUpOnline()
    {
        KithdProcess kithd;
        Relay relay(kithd.port());
        LivePerson ana;
        LivePerson ben;
        QVERIFY(ana.joins("ana", kithd) && ben.joins("ben", kithd, relay.port()));
        const LogId log = ana.talksTo("ben");
        QVERIFY(ana.says(log, "first") && ben.accepts(log));
        QTRY_COMPARE(ben.texts(log), QStringList{QStringLiteral("first")});

        // The line breaks, and the next one is slow.
        relay.fallSilent();
        relay.cut();
        QVERIFY(ben.comesTo(State::Connecting, shown));
        QVERIFY(ana.says(log, "second"));
        // It works again, until what was missed is to be fetched: that takes long now.
        ben.onState = [&](State state) {
            if (state == State::CatchingUp)
                relay.fallSilent();
        };
        relay.speak();
        QVERIFY(ben.comesTo(State::CatchingUp, left));
        QCOMPARE(ben.texts(log), QStringList{QStringLiteral("first")});
        ben.onState = {};
        relay.speak();
        QVERIFY(ben.comesTo(State::Online, left));
        // Online means that nothing is missing: no waiting here.
        QCOMPARE(ben.texts(log), (QStringList{QStringLiteral("first"), QStringLiteral("second")}));
    }
    void unreachableWhenNobodyListens()
    {
        QTemporaryDir dir;
        const std::uint16_t port = freePort();
        LivePerson ana;
        {
            KithdProcess kithd({}, dir.path(), at(port));
            QVERIFY(ana.joins("ana", kithd));
        } // killed
        QVERIFY(ana.comesTo(State::Unreachable, shown));
        QVERIFY(!ana.seen.back().fact.words.empty());
        const KithdProcess again({}, dir.path(), at(port));
        QVERIFY(again.serves());
        QVERIFY(ana.comesTo(State::Online, left));
    }
    void unreachableWhenNobodyAnswers()
    {
        KithdProcess kithd;
        Relay relay(kithd.port());
        LivePerson ana;
        QVERIFY(ana.joins("ana", kithd, relay.port()));
        ana.restart();
        relay.fallSilent(); // connections are accepted, and that is all
        ana.start();
        QVERIFY(ana.comesTo(State::Unreachable, shown));
        relay.speak();
        QVERIFY(ana.comesTo(State::Online, left));
    }
    void restarting()
    {
        QTemporaryDir dir;
        const std::uint16_t port = freePort();
        LivePerson ana;
        KithdProcess kithd({}, dir.path(), at(port));
        QVERIFY(ana.joins("ana", kithd));
        kithd.process().terminate();
        QVERIFY(ana.comesTo(State::Restarting, shown));
        QCOMPARE(kithd.waitForEnd(), 0);
        const KithdProcess again({}, dir.path(), at(port));
        QVERIFY(again.serves());
        QCOMPARE(again.serving()[QStringLiteral("invite")].toString(), QString()); // Ana is registered
        QVERIFY(ana.comesTo(State::Online, left));
        for (const LivePerson::Seen& row : ana.seen) // announced, so no trouble
            QVERIFY(row.fact.state != State::Unreachable);
    }
    void certificateProblem()
    {
        QTemporaryDir dir;
        const std::uint16_t port = freePort();
        LivePerson ana;
        Bytes ours;
        {
            KithdProcess kithd({}, dir.path(), at(port));
            ours = kithd.invite.serverKey;
            QVERIFY(ana.joins("ana", kithd));
        }
        {
            const KithdProcess somebodyElse({}, {}, at(port));
            QVERIFY(somebodyElse.serves());
            QVERIFY(ana.comesTo(State::CertificateProblem, shown));
            QCOMPARE(ana.seen.back().fact.pinnedKey, ours);
            QCOMPARE(ana.seen.back().fact.presentedKey, somebodyElse.invite.serverKey);
        }
        const KithdProcess again({}, dir.path(), at(port));
        QVERIFY(again.serves());
        QVERIFY(ana.comesTo(State::Online, left));
    }
    void newerProtocol()
    {
        QTemporaryDir dir;
        const std::uint16_t port = freePort();
        LivePerson ana;
        {
            KithdProcess kithd({QStringLiteral("--plain")}, dir.path(), at(port));
            QVERIFY(ana.joins("ana", kithd));
        }
        {
            const NewerServer newer(port);
            QVERIFY(newer.listens);
            QVERIFY(ana.comesTo(State::NewerProtocol, shown));
            QVERIFY(ana.seen.back().fact.words.find("update Kith") != std::string::npos);
        }
        const KithdProcess again({QStringLiteral("--plain")}, dir.path(), at(port));
        QVERIFY(again.serves());
        QVERIFY(ana.comesTo(State::Online, left));
    }
    void revokedWhenTheServerDoesNotKnowTheDevice()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        const std::uint16_t port = freePort();
        {
            KithdProcess kithd({}, data, at(port));
            QVERIFY(kithd.serves());
            QCOMPARE(kithd.terminate(), 0);
        }
        copyDirectory(data, dir.path() + QStringLiteral("/backup"));
        LivePerson ana;
        {
            KithdProcess kithd({}, data, at(port));
            QVERIFY(ana.joins("ana", kithd));
        }
        // A backup from before she registered.
        const KithdProcess old({}, dir.path() + QStringLiteral("/backup"), at(port));
        QVERIFY(old.serves());
        QVERIFY(ana.comesTo(State::Revoked, shown));
        QVERIFY(!ana.seen.back().fact.words.empty());
    }
    /// The machine slept: its wall clock is ahead of the monotone one, and the connection died meanwhile.
    void backAfterAJumpOfTheWallClock_data()
    {
        QTest::addColumn<qint64>("hours");
        QTest::newRow("an hour's sleep") << qint64{1};
        QTest::newRow("set back by ten years") << qint64{-10 * 365 * 24};
    }
    void backAfterAJumpOfTheWallClock()
    {
        QFETCH(qint64, hours);
        KithdProcess kithd;
        Relay relay(kithd.port());
        LivePerson ana;
        LivePerson ben;
        QVERIFY(ana.joins("ana", kithd) && ben.joins("ben", kithd, relay.port()));
        const LogId log = ana.talksTo("ben");
        QVERIFY(ana.says(log, "first") && ben.accepts(log));
        QTRY_COMPARE(ben.texts(log), QStringList{QStringLiteral("first")});
        relay.forsake();
        QVERIFY(ana.says(log, "second") && ben.says(log, "third"));
        ben.clock.offBy = std::chrono::hours{hours};
        const std::size_t before = ben.seen.size();
        const auto reconnected = [&] { return ben.seen.size() > before && ben.state() == State::Online; };
        QTRY_VERIFY_WITH_TIMEOUT(reconnected(), 5'000);
        QTRY_COMPARE(ana.texts(log).size(), 3);
        QTRY_COMPARE(ben.texts(log), ana.texts(log)); // nothing doubled, nothing lost
    }
    void inANetworkOfItsOwn()
    {
        QProcess probe;
        probe.start(QStringLiteral("unshare"),
                    QStringLiteral("-rn ip link add near type veth peer name far").split(QLatin1Char(' ')));
        if (!probe.waitForFinished() || probe.exitCode() != 0)
            QSKIP("needs user and network namespaces with veth pairs");
        QProcess self;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KITH_OWN_NETWORK"), QStringLiteral("1"));
        self.setProcessEnvironment(environment);
        self.setProcessChannelMode(QProcess::ForwardedChannels);
        self.start(QStringLiteral("unshare"),
                   {QStringLiteral("-rn"), QCoreApplication::applicationFilePath(), QStringLiteral("offline")});
        QVERIFY(self.waitForFinished(60'000));
        QCOMPARE(self.exitCode(), 0);
    }
    void offline()
    {
        if (!insideOwnNetwork())
            return;
        // The server is another machine: its end of the cable lies in a network of its own.
        QVERIFY(ip("link set lo up") && ip("link add near type veth peer name far"));
        KithdProcess kithd({}, {}, QStringLiteral("0.0.0.0:0"), {QStringLiteral("unshare"), QStringLiteral("-n")});
        QVERIFY(kithd.serves());
        const QByteArray there = QByteArray::number(kithd.process().processId());
        QVERIFY(ip("link set far netns " + there));
        QVERIFY(run("nsenter -n -t " + there + " ip addr add 192.0.2.2/24 dev far"));
        QVERIFY(run("nsenter -n -t " + there + " ip link set far up"));
        QVERIFY(ip("addr add 192.0.2.1/24 dev near") && ip("link set near up"));
        LivePerson ana;
        QVERIFY(ana.joins("ana", kithd, kithd.port(), "192.0.2.2"));
        QVERIFY(ip("link set near down"));
        QVERIFY(ana.comesTo(State::Offline, shown));
        QVERIFY(ip("link set near up"));
        QVERIFY(ana.comesTo(State::Online, left));
    }
};

QTEST_GUILESS_MAIN(ConnectionStatesTest)
#include "ConnectionStatesTest.moc"
