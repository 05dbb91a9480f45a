// Runs itself once more in a network namespace of its own, where interfaces can be made and taken down.
#include "core/net/NetworkWatch.h"

#include <QProcess>
#include <QTest>

using namespace kith::net;

namespace
{

bool ip(const char* arguments)
{
    QProcess process;
    process.start(QStringLiteral("ip"), QString::fromLatin1(arguments).split(QLatin1Char(' ')));
    return process.waitForFinished() && process.exitCode() == 0;
}

bool insideOwnNetwork()
{
    return qEnvironmentVariableIsSet("KITH_OWN_NETWORK");
}

} // namespace

class NetworkWatchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!insideOwnNetwork())
            return;
        QVERIFY(ip("link add left type veth peer name right"));
        QVERIFY(ip("link set right up"));
    }
    void inANetworkOfItsOwn()
    {
        if (insideOwnNetwork())
            return;
        QProcess probe;
        probe.start(QStringLiteral("unshare"),
                    QStringLiteral("-rn ip link add left type veth peer name right").split(QLatin1Char(' ')));
        if (!probe.waitForFinished() || probe.exitCode() != 0)
            QSKIP("needs user and network namespaces with veth pairs");
        QProcess self;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KITH_OWN_NETWORK"), QStringLiteral("1"));
        self.setProcessEnvironment(environment);
        self.setProcessChannelMode(QProcess::ForwardedChannels);
        self.start(QStringLiteral("unshare"), {QStringLiteral("-rn"), QCoreApplication::applicationFilePath()});
        QVERIFY(self.waitForFinished(40'000));
        QCOMPARE(self.exitCode(), 0);
    }
    void changesAreTold()
    {
        if (!insideOwnNetwork())
            return;
        int up = 0;
        int down = 0;
        const NetworkWatch watch({[&] { ++up; }, [&] { ++down; }});
        QVERIFY(ip("addr add 192.0.2.1/24 dev left"));
        QVERIFY(ip("link set left up"));
        QTRY_COMPARE_WITH_TIMEOUT(up, 1, 5'000);
        QVERIFY(ip("addr add 192.0.2.2/24 dev left")); // the machine moved to another address
        QTRY_COMPARE_WITH_TIMEOUT(up, 2, 5'000);
        QCOMPARE(down, 0);
        QVERIFY(ip("link set left down"));
        QTRY_COMPARE_WITH_TIMEOUT(down, 1, 5'000);
        QVERIFY(ip("link set left up"));
        QTRY_COMPARE_WITH_TIMEOUT(up, 3, 5'000);
    }
    void loopbackIsNoNetwork()
    {
        if (!insideOwnNetwork())
            return;
        QVERIFY(ip("link set left down"));
        int told = 0;
        int marker = 0;
        const NetworkWatch watch({[&] { ++told; }, [&] { ++told; }});
        QVERIFY(ip("link set lo up"));
        // Two looks later at the earliest.
        QTimer::singleShot(4'500, this, [&] { ++marker; });
        QTRY_COMPARE_WITH_TIMEOUT(marker, 1, 8'000);
        QCOMPARE(told, 0);
    }
};

QTEST_GUILESS_MAIN(NetworkWatchTest)
#include "NetworkWatchTest.moc"
