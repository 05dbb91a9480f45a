#include "server/gateway/ServerCertificate.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace kith;
using namespace kith::server;

namespace
{

const WallTime now = wallFromMillis(1'767'225'600'000); // 2026-01-01

Result<ServerCertificate> load(const QTemporaryDir& dir, const std::vector<std::string>& names, WallTime at = now)
{
    return loadOrCreateCertificate(dir.path().toStdString(), names, at);
}

} // namespace

class ServerCertificateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isMadeOnceAndKept()
    {
        QTemporaryDir dir;
        const auto first = load(dir, {"localhost", "127.0.0.1", "::1", "chat.example.org"});
        QVERIFY2(first.ok(), first.ok() ? "" : first.error().detail.c_str());
        QVERIFY(first->created);
        QCOMPARE(first->keyFingerprint.size(), 32U);
        QCOMPARE(keyFingerprint(first->certificate), first->keyFingerprint); // what a client computes
        const auto names = first->certificate.subjectAlternativeNames();
        QVERIFY(names.values(QSsl::DnsEntry).contains(QStringLiteral("chat.example.org")));
        QCOMPARE(names.values(QSsl::IpAddressEntry).size(), 2);
        struct stat info {
        };
        QCOMPARE(::stat((dir.path() + QStringLiteral("/server.key")).toUtf8().constData(), &info), 0);
        QCOMPARE(static_cast<int>(info.st_mode & 0777), 0600);

        const auto again = load(dir, {"chat.example.org"});
        QVERIFY(again.ok());
        QVERIFY(!again->created && !again->renewed);
        QCOMPARE(again->certificate, first->certificate);
    }
    void aNewNameRenewsTheCertificateNotTheKey()
    {
        QTemporaryDir dir;
        const auto first = load(dir, {"localhost"});
        const auto second = load(dir, {"localhost", "192.0.2.7"});
        QVERIFY(second.ok());
        QVERIFY(second->renewed);
        QCOMPARE(second->keyFingerprint, first->keyFingerprint);
        QVERIFY(second->certificate != first->certificate);
        QCOMPARE(keyFingerprint(second->certificate), first->keyFingerprint);
    }
    void isRenewedInTime()
    {
        QTemporaryDir dir;
        const auto first = load(dir, {"localhost"});
        const auto later = now + std::chrono::hours(24 * 365 * 9 + 24 * 30);
        const auto second = load(dir, {"localhost"}, later);
        QVERIFY(second.ok());
        QVERIFY(second->renewed);
        QCOMPARE(second->keyFingerprint, first->keyFingerprint);
    }
    void damagedKeyIsNeverReplaced()
    {
        QTemporaryDir dir;
        QVERIFY(load(dir, {"localhost"}).ok());
        QFile file(dir.path() + QStringLiteral("/server.key"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a key");
        file.close();
        const auto result = load(dir, {"localhost"});
        QVERIFY(!result.ok());
        QVERIFY(result.error().is(CertificateError::Unreadable));
        QVERIFY(result.error().detail.find("pin") != std::string::npos);
    }
    void foreignCertificateIsReplaced()
    {
        QTemporaryDir dir;
        QTemporaryDir other;
        const auto mine = load(dir, {"localhost"});
        QVERIFY(load(other, {"localhost"}).ok());
        const QString path = dir.path() + QStringLiteral("/server.crt");
        QVERIFY(QFile::remove(path));
        QVERIFY(QFile::copy(other.path() + QStringLiteral("/server.crt"), path));
        const auto result = load(dir, {"localhost"});
        QVERIFY(result.ok());
        QCOMPARE(keyFingerprint(result->certificate), mine->keyFingerprint);
    }
    void unwritableFolderIsToldInWords()
    {
        const auto result = loadOrCreateCertificate("/proc/nowhere", {"localhost"}, now);
        QVERIFY(!result.ok());
        QVERIFY(result.error().detail.find("/proc/nowhere/server.key") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ServerCertificateTest)
#include "ServerCertificateTest.moc"
