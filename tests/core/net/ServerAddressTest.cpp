#include "core/net/ServerAddress.h"

#include "core/net/NetError.h"
#include "core/net/Transport.h"

#include <QTest>

using namespace kith;
using namespace kith::net;

class ServerAddressTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void understands_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("url");
        const auto row = [](const char* text, const char* url) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(url);
        };
        row("chat.example", "wss://chat.example:8443/v1/ws");
        row("Chat.Example", "wss://chat.example:8443/v1/ws");
        row("chat.example:1234", "wss://chat.example:1234/v1/ws");
        row("kith://chat.example", "wss://chat.example:8443/v1/ws");
        row("kith://chat.example/", "wss://chat.example:8443/v1/ws");
        row("https://chat.example", "wss://chat.example:443/v1/ws");
        row("https://chat.example:8443", "wss://chat.example:8443/v1/ws");
        row("wss://chat.example:9/", "wss://chat.example:9/v1/ws");
        row("192.0.2.7", "wss://192.0.2.7:8443/v1/ws");
        row("[2001:db8::1]", "wss://[2001:db8::1]:8443/v1/ws");
        row("[2001:db8::1]:99", "wss://[2001:db8::1]:99/v1/ws");
        row("http://127.0.0.1:8080", "ws://127.0.0.1:8080/v1/ws");
        row("ws://localhost", "ws://localhost:80/v1/ws");
        row("ws://[::1]:81", "ws://[::1]:81/v1/ws");
    }
    void understands()
    {
        QFETCH(QString, text);
        QFETCH(QString, url);
        const auto address = ServerAddress::parse(text.toStdString());
        QVERIFY2(address.ok(), address.ok() ? "" : address.error().detail.c_str());
        QCOMPARE(QString::fromStdString(address.value().webSocketUrl()), url);
        if (!address.value().plain)
            QCOMPARE(ServerAddress::parse(address.value().authority()).value(), address.value());
    }
    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        const char* rows[] = {"",
                              "https://",
                              "ftp://chat.example",
                              "HTTPS//chat.example",
                              "chat.example/path",
                              "https://chat.example/v1/ws",
                              "https://user@chat.example",
                              "https://chat.example?x",
                              "https://chat.example#x",
                              "chat example",
                              "chat.example:",
                              "chat.example:0",
                              "chat.example:65536",
                              "chat.example:080",
                              "chat.example:80x",
                              "-chat.example",
                              "chat..example",
                              "2001:db8::1",
                              "[2001:db8::1",
                              "[chat.example]",
                              "[::1]x",
                              "127.1",
                              "1",
                              "300.1.1.1",
                              "http://chat.example",
                              "ws://192.0.2.7:80",
                              "ws://127.0.0.1.evil.example",
                              "ws://localhost.evil.example"};
        for (const char* text : rows)
            QTest::newRow(text[0] == 0 ? "empty" : text) << QString::fromLatin1(text);
        QTest::newRow("long") << QString(400, QLatin1Char('a'));
        QTest::newRow("nul") << QString(QStringLiteral("chat") + QChar(0) + QStringLiteral(".example"));
    }
    void refuses()
    {
        QFETCH(QString, text);
        const auto address = ServerAddress::parse(text.toStdString());
        QVERIFY(!address.ok());
        QVERIFY(address.error().is(NetError::BadAddress));
        QCOMPARE(address.error().remedy, Remedy::AskUser);
        QVERIFY(address.error().detail.size() > 20);
    }
    void anInviteLinkNamesServerAndPin()
    {
        wire::InviteLink link;
        link.host = "192.0.2.7";
        link.port = 99;
        QVERIFY(!Pins::of(link).serverKey);
        link.serverKey = Bytes(32, 'k');
        QCOMPARE(Pins::of(link).serverKey.value(), Bytes(32, 'k'));
        QCOMPARE(ServerAddress::of(link).webSocketUrl(), std::string("wss://192.0.2.7:99/v1/ws"));
    }
};

QTEST_APPLESS_MAIN(ServerAddressTest)
#include "ServerAddressTest.moc"
