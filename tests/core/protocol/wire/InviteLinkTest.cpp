#include "core/protocol/wire/InviteLink.h"

#include <QTest>

using namespace kith;
using namespace kith::wire;

namespace
{

const std::string token = "Zm9vYmFyYmF6cXV4";
const std::string key = toBase64Url(Bytes(32, '\x5a'));

} // namespace

class InviteLinkTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrips_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const std::string& text) { QTest::newRow(text.c_str()) << QString::fromStdString(text); };
        row("kith://chat.example.org/i#t=" + token);
        row("kith://chat.example.org:443/i#t=" + token + "&s=" + key);
        row("kith://192.0.2.7/i#t=" + token + "&k=" + key + "&s=" + key);
        row("kith://[2001:db8::1]:7000/i#t=" + token + "&s=" + key);
        row("kith://127.0.0.1:1/i#t=" + token + "&plain=1");
    }
    void roundTrips()
    {
        QFETCH(QString, text);
        const auto link = parseInviteLink(text.toStdString());
        QVERIFY2(link.ok(), link.ok() ? "" : link.error().detail.c_str());
        QCOMPARE(QString::fromStdString(formatInviteLink(*link)), text);
    }
    void readsItsParts()
    {
        const auto link = parseInviteLink("kith://Chat.Example.org/i#s=" + key + "&t=" + token);
        QVERIFY(link.ok());
        QCOMPARE(link->host, std::string("chat.example.org"));
        QCOMPARE(link->port, defaultPort);
        QCOMPARE(link->serverKey, Bytes(32, '\x5a'));
        QVERIFY(link->identity.empty());
        QVERIFY(!link->plain);
    }
    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const std::string& text) {
            QTest::newRow(text.substr(0, 60).c_str()) << QString::fromStdString(text);
        };
        row("");
        row("https://chat.example.org/i#t=" + token);
        row("kith://chat.example.org");
        row("kith://chat.example.org/i");
        row("kith://chat.example.org/i#");
        row("kith://chat.example.org/i#t=");
        row("kith://chat.example.org/i#t=short");
        row("kith://chat.example.org/i#t=with space and more");
        row("kith://chat.example.org/i#t=" + token + "&t=" + token);
        row("kith://chat.example.org/i#t=" + token + "&x=1");
        row("kith://chat.example.org/i#t=" + token + "&");
        row("kith://chat.example.org/i#t=" + token + "&s=");
        row("kith://chat.example.org/i#t=" + token + "&s=" + key + "A");
        row("kith://chat.example.org/i#t=" + token + "&s=" + key.substr(1));
        row("kith://chat.example.org/j#t=" + token);
        row("kith:///i#t=" + token);
        row("kith://-a/i#t=" + token);
        row("kith://a..b/i#t=" + token);
        row("kith://user@host/i#t=" + token);
        row("kith://host:0/i#t=" + token);
        row("kith://host:65536/i#t=" + token);
        row("kith://host:080/i#t=" + token);
        row("kith://host:/i#t=" + token);
        row("kith://[::1/i#t=" + token);
        row("kith://[host]/i#t=" + token);
        row("kith://2001:db8::1/i#t=" + token);
        row("kith://chat.example.org/i#t=" + token + "&plain=1"); // never unprotected to another machine
        row("kith://127.0.0.1.example.org/i#t=" + token + "&plain=1");
        row("kith://127.0.0.1/i#t=" + token + "&plain=0");
        row("kith://chat.example.org/i#t=" + std::string(2000, 'a'));
    }
    void refuses()
    {
        QFETCH(QString, text);
        const auto link = parseInviteLink(text.toStdString());
        QVERIFY(!link.ok());
        QVERIFY(!link.error().detail.empty());
        QCOMPARE(link.error().remedy, Remedy::AskUser);
    }
    void addressesThatPeopleType()
    {
        QCOMPARE(parseHostPort("host"), (HostPort{"host", defaultPort}));
        QCOMPARE(parseHostPort("[::]:80"), (HostPort{"::", 80}));
        QCOMPARE(formatHostPort({"::1", defaultPort}), std::string("[::1]"));
        QVERIFY(!parseHostPort("host:80:90"));
        QVERIFY(!parseHostPort("a b"));
        QVERIFY(isLoopbackHost("127.4.5.6"));
        QVERIFY(!isLoopbackHost("128.0.0.1"));
    }
};

QTEST_APPLESS_MAIN(InviteLinkTest)
#include "InviteLinkTest.moc"
