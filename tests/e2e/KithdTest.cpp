#include "core/crypto/Hash.h"
#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/Limits.h"
#include "tests/e2e/KithdProcess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QLocalSocket>
#include <QSslCertificate>
#include <QSslKey>
#include <QTcpServer>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

#include <csignal>

using namespace kith;
using namespace kith::test;

namespace
{

/// A client as simple as can be: frames out, frames in, over TLS with the pin of the invite link.
class Client
{
public:
    explicit Client(const wire::InviteLink& link)
    {
        QObject::connect(&socket, &QWebSocket::sslErrors, &socket, [this, link](const QList<QSslError>&) {
            const auto key = socket.sslConfiguration().peerCertificate().publicKey().toDer().toStdString();
            pinned = sha256(key).bytes() == link.serverKey;
            if (pinned)
                socket.ignoreSslErrors();
        });
        QObject::connect(&socket, &QWebSocket::binaryMessageReceived, &socket, [this](const QByteArray& bytes) {
            const auto frame = wire::decodeFrame({bytes.constData(), static_cast<std::size_t>(bytes.size())});
            if (frame.ok())
                frames.push_back(*frame);
        });
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({QStringLiteral("kith.v1")});
        const QString host = QString::fromStdString(link.host);
        const QString scheme = link.plain ? QStringLiteral("ws") : QStringLiteral("wss");
        socket.open(QUrl(QStringLiteral("%1://%2:%3/v1/ws").arg(scheme, host).arg(link.port)), options);
    }
    template <class Request> void call(wire::Method method, const Request& request)
    {
        const Bytes frame = wire::encodeFrame(wire::REQUEST, method, ++lastId, request.SerializeAsString());
        socket.sendBinaryMessage(QByteArray::fromStdString(frame));
    }

    QWebSocket socket;
    std::vector<wire::Frame> frames;
    std::uint64_t lastId = 0;
    bool pinned = false;
};

} // namespace

class KithdTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exchangesHelloAndPingOverTls()
    {
        KithdProcess kithd;
        QVERIFY(kithd.serves());
        QCOMPARE(kithd.invite.host, std::string("127.0.0.1"));
        QCOMPARE(kithd.invite.serverKey.size(), 32U);
        Client client(kithd.invite);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        QVERIFY(client.pinned);
        wire::HelloRequest hello;
        hello.set_minor_version(wire::minorVersion);
        client.call(wire::HELLO, hello);
        client.call(wire::PING, wire::PingRequest());
        QTRY_COMPARE(client.frames.size(), 2U);
        QCOMPARE(client.frames[0].kind(), wire::RESPONSE);
        wire::HelloResponse greeting;
        QVERIFY(greeting.ParseFromString(client.frames[0].body()));
        QCOMPARE(greeting.server_id().size(), 16U);
        QCOMPARE(greeting.challenge().size(), 32U);
        QVERIFY(!greeting.registration_open());
        wire::PingResponse pong;
        QVERIFY(pong.ParseFromString(client.frames[1].body()));
        QVERIFY(pong.server_time_ms() >= greeting.server_time_ms());
    }
    void staysItselfOverRestarts()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        Bytes key;
        Bytes id;
        for (int round = 0; round < 2; ++round) {
            KithdProcess kithd({QStringLiteral("--name"), QStringLiteral("host%1.example.org").arg(round)}, data);
            QVERIFY(kithd.serves());
            QVERIFY(round == 0 || kithd.invite.serverKey == key); // another name, another certificate, the same key
            key = kithd.invite.serverKey;
            wire::InviteLink here = kithd.invite;
            here.host = "127.0.0.1";
            Client client(here);
            QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
            client.call(wire::HELLO, wire::HelloRequest());
            QTRY_COMPARE(client.frames.size(), 1U);
            wire::HelloResponse greeting;
            QVERIFY(greeting.ParseFromString(client.frames[0].body()));
            QVERIFY(round == 0 || greeting.server_id() == id);
            id = greeting.server_id();
            QCOMPARE(kithd.terminate(), 0);
        }
    }
    void commandsWorkWhileItRunsAndWhenItDoesNot()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        {
            KithdProcess kithd({}, data);
            QVERIFY(kithd.serves());
            const Ran added = kithd.command({QStringLiteral("user"), QStringLiteral("add"), QStringLiteral("Anna")});
            QVERIFY2(added.code == 0, qPrintable(added.errors));
            const auto link = wire::parseInviteLink(added.answer[QStringLiteral("invite")].toString().toStdString());
            QVERIFY(link.ok());
            QCOMPARE(link->port, kithd.port());
            QCOMPARE(link->serverKey, kithd.invite.serverKey);
            const Ran list = kithd.command({QStringLiteral("invite"), QStringLiteral("list")});
            QCOMPARE(list.answer[QStringLiteral("invites")].toArray().size(), 2); // the first one and Anna's
            QCOMPARE(kithd.terminate(), 0);
        }
        const auto command = [&](const QStringList& words) {
            return runKithd(words + QStringList{QStringLiteral("--json"), QStringLiteral("--data"), data});
        };
        const Ran made = command({QStringLiteral("invite"), QStringLiteral("create"), QStringLiteral("--uses"),
                                  QStringLiteral("5"), QStringLiteral("--expires"), QStringLiteral("2d")});
        QCOMPARE(made.code, 0);
        const QString invite = made.answer[QStringLiteral("invite")].toString();
        const Ran revoked = command({QStringLiteral("invite"), QStringLiteral("revoke"), invite});
        QVERIFY2(revoked.code == 0, qPrintable(revoked.errors));
        const Ran list = command({QStringLiteral("invite"), QStringLiteral("list")});
        const QJsonArray invites = list.answer[QStringLiteral("invites")].toArray();
        QCOMPARE(invites.size(), 3);
        int ended = 0;
        for (const QJsonValue& row : invites)
            ended += row.toObject()[QStringLiteral("state")] == QStringLiteral("revoked") ? 1 : 0;
        QCOMPARE(ended, 1);
        QCOMPARE(
            command({QStringLiteral("user"), QStringLiteral("list")}).answer[QStringLiteral("users")].toArray().size(),
            0);
        QCOMPARE(command({QStringLiteral("invite"), QStringLiteral("revoke"), QStringLiteral("nothing1")}).code, 6);
        QCOMPARE(command({QStringLiteral("user"), QStringLiteral("add"), QStringLiteral("a b")}).code, 6);
    }
    void saysGoodbyeOnSigterm()
    {
        KithdProcess kithd;
        Client client(kithd.invite);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        client.call(wire::HELLO, wire::HelloRequest());
        QTRY_COMPARE(client.frames.size(), 1U);
        kithd.process().terminate();
        QTRY_COMPARE(client.frames.size(), 2U);
        QCOMPARE(client.frames[1].method(), wire::GOODBYE);
        wire::Goodbye goodbye;
        QVERIFY(goodbye.ParseFromString(client.frames[1].body()));
        QCOMPARE(goodbye.reason(), wire::Goodbye::RESTARTING);
        QVERIFY(goodbye.retry_after_ms() >= 200 && goodbye.retry_after_ms() <= 3200);
        QCOMPARE(kithd.waitForEnd(), 0);
    }
    void secondSignalEndsAtOnce()
    {
        KithdProcess kithd;
        Client client(kithd.invite);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        // A client that does not leave: the server would wait for it.
        ::kill(static_cast<pid_t>(kithd.process().processId()), SIGTERM);
        ::kill(static_cast<pid_t>(kithd.process().processId()), SIGINT);
        QVERIFY(kithd.process().waitForFinished(10'000));
        const int code = kithd.process().exitCode();
        QVERIFY2(code == 0 || code == 128 + SIGTERM || code == 128 + SIGINT, qPrintable(QString::number(code)));
    }
    void mistakesAreToldInWords_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const QString& arguments, int code, const char* words) {
            QTest::newRow(name) << arguments.split(QLatin1Char(' ')) << code << QString::fromUtf8(words);
        };
        const QString data = QStringLiteral(" --data DATA");
        row("directory", QStringLiteral("serve --data /proc/nowhere"), 4, "/proc/nowhere");
        row("file in its place", QStringLiteral("serve --data /etc/passwd"), 4, "/etc/passwd");
        row("address", QStringLiteral("serve --listen 192.0.2.1:1") + data, 5, "not an address of this machine");
        row("no address", QStringLiteral("serve --listen example.org") + data, 3, "ADDRESS:PORT");
        row("plain for all", QStringLiteral("serve --plain --listen 0.0.0.0:0") + data, 3, "loopback");
        row("name", QStringLiteral("serve --name a/b") + data, 3, "--name a/b");
        row("log level", QStringLiteral("serve --log-level loud") + data, 3, "loud");
        row("no config", QStringLiteral("serve --config /nowhere.toml") + data, 3, "/nowhere.toml");
        row("unknown command", QStringLiteral("server"), 2, "subcommand");
        row("no directory", QStringLiteral("user list --data "), 2, "names no directory");
        row("time", QStringLiteral("invite create --expires soon") + data, 2, "soon");
    }
    void mistakesAreToldInWords()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, words);
        QTemporaryDir dir;
        arguments.replaceInStrings(QStringLiteral("DATA"), dir.path());
        const Ran ran = runKithd(arguments);
        QCOMPARE(ran.code, code);
        QVERIFY2(ran.errors.contains(words), qPrintable(ran.errors));
    }
    void everyPathOfADataDirectoryWorks_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("relative") << QStringLiteral("data");
        QTest::newRow("relative, with dots") << QStringLiteral("../here/./data/");
        // 107 octets are the most that a socket's address holds; 255 are the most of a file name.
        QTest::newRow("long") << QString(200, QLatin1Char('l')) + QLatin1Char('/') + QString(255, QLatin1Char('m'));
        QTest::newRow("no letters") << QStringLiteral("d\u00e4t\u00e4 1");
    }
    void everyPathOfADataDirectoryWorks()
    {
        QFETCH(QString, path);
        QTemporaryDir dir;
        const QString before = QDir::currentPath();
        QVERIFY(QDir(dir.path()).mkdir(QStringLiteral("here")) &&
                QDir::setCurrent(dir.filePath(QStringLiteral("here"))));
        const QString whole = QDir::cleanPath(QDir::current().absoluteFilePath(path));
        KithdProcess kithd({}, path);
        QVERIFY(kithd.serves());
        QCOMPARE(kithd.serving()[QStringLiteral("data")].toString(), whole);
        // The running server answers: it holds the store's lock.
        const Ran here = kithd.command({QStringLiteral("user"), QStringLiteral("list")});
        QVERIFY(QDir::setCurrent(before));
        QVERIFY2(here.code == 0, qPrintable(here.errors));
        const Ran there = runKithd({QStringLiteral("invite"), QStringLiteral("create"), QStringLiteral("--json"),
                                    QStringLiteral("--data"), whole});
        QVERIFY2(there.code == 0, qPrintable(there.errors));
        const QFileInfo socket(whole + QStringLiteral("/admin.sock"));
        QVERIFY(socket.exists());
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(socket.permissions() & others));
        QCOMPARE(kithd.terminate(), 0);
        QVERIFY(!QFileInfo::exists(socket.filePath()));
    }
    void aMistypedDirectoryIsNoNewServer_data()
    {
        QTest::addColumn<QString>("arguments");
        for (const char* command :
             {"user list", "user add anna", "invite list", "invite create", "invite revoke x", "config check"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }
    void aMistypedDirectoryIsNoNewServer()
    {
        QFETCH(QString, arguments);
        QTemporaryDir dir;
        QFile theirs(dir.filePath(QStringLiteral("letter.txt")));
        QVERIFY(theirs.open(QIODevice::WriteOnly));
        QVERIFY(QDir(dir.path()).mkdir(QStringLiteral("empty")));
        for (const QString& data :
             {dir.filePath(QStringLiteral("missing")), dir.filePath(QStringLiteral("empty")), dir.path()}) {
            const Ran ran = runKithd(arguments.split(QLatin1Char(' ')) + QStringList{QStringLiteral("--data"), data});
            QCOMPARE(ran.code, 4);
            QVERIFY2(ran.errors.contains(data), qPrintable(ran.errors));
        }
        const auto all = QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot;
        QCOMPARE(QDir(dir.path()).entryList(all), QStringList({QStringLiteral("empty"), QStringLiteral("letter.txt")}));
        QVERIFY(QDir(dir.filePath(QStringLiteral("empty"))).entryList(all).isEmpty());
    }
    void serveAndInitLeaveOtherDirectoriesAlone()
    {
        QTemporaryDir dir;
        QFile theirs(dir.filePath(QStringLiteral("letter.txt")));
        QVERIFY(theirs.open(QIODevice::WriteOnly));
        for (const char* command : {"serve", "init"}) {
            const Ran ran = runKithd({QString::fromLatin1(command), QStringLiteral("--data"), dir.path()});
            QCOMPARE(ran.code, 4);
            QVERIFY2(ran.errors.contains(dir.path() + QStringLiteral(" holds other files")), qPrintable(ran.errors));
        }
        QCOMPARE(QDir(dir.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
    }
    /// Another identity would find nobody's conversations: a store without one is damaged, and nothing is made.
    void aLostIdentityIsNotReplaced()
    {
        KithdProcess server;
        QVERIFY(server.serves());
        const QString identity = server.data() + QStringLiteral("/identity");
        QCOMPARE(server.terminate(), 0);
        QVERIFY(QFile::remove(identity));
        for (const QStringList& command :
             {QStringList{QStringLiteral("serve")}, QStringList{QStringLiteral("invite"), QStringLiteral("create")}}) {
            const Ran ran = server.command(command);
            QCOMPARE(ran.code, 4);
            QVERIFY2(ran.errors.contains(QStringLiteral("is missing beside a store")), qPrintable(ran.errors));
            QVERIFY(!QFile::exists(identity));
        }
    }
    void aWrongConfigurationMakesNoDirectory()
    {
        QTemporaryDir dir;
        const QString data = dir.filePath(QStringLiteral("data"));
        QCOMPARE(runKithd({QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("nowhere"),
                           QStringLiteral("--data"), data})
                     .code,
                 3);
        QVERIFY(!QFileInfo::exists(data));
    }
    void aNewDirectoryIsTold()
    {
        QTemporaryDir dir;
        for (const bool first : {true, false}) {
            KithdProcess kithd({}, dir.path()); // an empty one becomes a server's too
            QVERIFY(kithd.serves());
            QCOMPARE(kithd.serving()[QStringLiteral("new")].toBool(), first);
            QCOMPARE(kithd.terminate(), 0);
            const QString words = QString::fromUtf8(kithd.process().readAllStandardError());
            QCOMPARE(words.contains(QStringLiteral("made the data directory ") + dir.path()), first);
        }
        const auto others = QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;
        QVERIFY(!(QFileInfo(dir.path()).permissions() & others));
        const Ran check = runKithd({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--json"),
                                    QStringLiteral("--data"), dir.path()});
        QCOMPARE(check.code, 0);
        QVERIFY(check.answer[QStringLiteral("defaults")].toBool());
    }
    void everyFailureIsAnObjectToo_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        const auto row = [](const char* arguments, int code) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << code;
        };
        row("serve --json --data DATA --prot 1", 2);
        row("invite --json", 2);
        row("invite create --json --data DATA --expires 7", 2);
        row("config check --json /nowhere.toml", 3);
        row("user list --json --data /nowhere", 4);
        row("serve --json --data DATA --listen 192.0.2.1:1", 5);
    }
    void everyFailureIsAnObjectToo()
    {
        QFETCH(QString, arguments);
        QFETCH(int, code);
        QTemporaryDir dir;
        const Ran ran = runKithd(arguments.replace(QStringLiteral("DATA"), dir.path()).split(QLatin1Char(' ')));
        QCOMPARE(ran.code, code);
        QCOMPARE(ran.answer[QStringLiteral("type")].toString(), QStringLiteral("error"));
        QVERIFY(!ran.answer[QStringLiteral("code")].toString().isEmpty());
        QVERIFY(!ran.answer[QStringLiteral("message")].toString().isEmpty());
    }
    void startInvitesDoNotPileUp()
    {
        QTemporaryDir dir;
        const QString data = dir.filePath(QStringLiteral("data"));
        const auto states = [&] {
            const Ran list = runKithd({QStringLiteral("invite"), QStringLiteral("list"), QStringLiteral("--json"),
                                       QStringLiteral("--data"), data});
            QStringList all;
            for (const QJsonValue& row : list.answer[QStringLiteral("invites")].toArray())
                all += row.toObject()[QStringLiteral("state")].toString();
            all.sort();
            return all.join(QLatin1Char(' '));
        };
        for (const char* wanted : {"open", "open revoked", "open revoked revoked"}) {
            KithdProcess kithd({}, data);
            QVERIFY(!kithd.invite.token.empty());
            QCOMPARE(states(), QString::fromLatin1(wanted));
            QCOMPARE(kithd.terminate(), 0);
        }
        // One that the operator made is the operator's to end.
        QCOMPARE(runKithd({QStringLiteral("invite"), QStringLiteral("create"), QStringLiteral("--data"), data}).code,
                 0);
        const KithdProcess kithd({}, data);
        QCOMPARE(states(), QStringLiteral("open open revoked revoked revoked"));
    }
    void takenPlacesAreToldInWords()
    {
        KithdProcess kithd;
        const Ran same = runKithd({QStringLiteral("serve"), QStringLiteral("--data"), kithd.data()});
        QCOMPARE(same.code, 4);
        QVERIFY2(same.errors.contains(QStringLiteral("Another server")), qPrintable(same.errors));
        QTemporaryDir dir;
        const Ran port = runKithd({QStringLiteral("serve"), QStringLiteral("--data"), dir.path(),
                                   QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(kithd.port())});
        QCOMPARE(port.code, 5);
        QVERIFY2(port.errors.contains(QStringLiteral("in use")), qPrintable(port.errors));
    }
    void configurationIsCheckedWithLine()
    {
        QTemporaryDir dir;
        const QString path = dir.path() + QStringLiteral("/kithd.toml");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[server]\nlog_level = \"info\"\n[retension]\nhard_age_days = 3\n");
        file.close();
        for (const QStringList& arguments :
             {QStringList{QStringLiteral("config"), QStringLiteral("check"), path},
              QStringList{QStringLiteral("serve"), QStringLiteral("--data"), dir.path()}}) {
            const Ran ran = runKithd(arguments);
            QCOMPARE(ran.code, 3);
            QVERIFY2(ran.errors.contains(path + QStringLiteral(":3: ")), qPrintable(ran.errors));
        }
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[retention]\nhard_age_days = 3\n");
        file.close();
        QCOMPARE(runKithd({QStringLiteral("config"), QStringLiteral("check"), path}).code, 0);
    }
    void initMakesWhatServeUses()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/new/deep");
        const Ran made = runKithd({QStringLiteral("init"), QStringLiteral("--json"), QStringLiteral("--data"), data,
                                   QStringLiteral("--name"), QStringLiteral("chat.example.org")});
        QVERIFY2(made.code == 0, qPrintable(made.errors));
        for (const char* name : {"identity", "server.key", "server.crt", "kithd.toml", "store"})
            QVERIFY2(QFile::exists(data + QLatin1Char('/') + QLatin1String(name)), name);
        KithdProcess kithd({}, data);
        QCOMPARE(kithd.invite.host, std::string("chat.example.org"));
        QCOMPARE(QString::fromStdString(toHex(kithd.invite.serverKey)), made.answer[QStringLiteral("key")].toString());
    }
    /// The disk is full: the writer stops, the reason is told, the exit code is not zero, and what was acknowledged is
    /// there after a restart.
    void aFullDiskEndsItAndKeepsWhatWasAcknowledged()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        QProcess kithd;
        kithd.start(
            QStringLiteral("bash"),
            {QStringLiteral("-c"),
             QStringLiteral("ulimit -f 64; exec \"$0\" serve --json --plain --listen 127.0.0.1:0 --data \"$1\""),
             kithdPath(), data}); // no file larger than 64 KiB
        while (kithd.state() != QProcess::NotRunning && !kithd.canReadLine())
            kithd.waitForReadyRead(30'000);
        const auto serving = QJsonDocument::fromJson(kithd.readLine()).object();
        const auto link = wire::parseInviteLink(serving[QStringLiteral("invite")].toString().toStdString());
        QVERIFY(link.ok());
        Client client(*link);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        int acknowledged = 1; // the one that serve printed
        QJsonObject answer;
        while (acknowledged < 5000) {
            QLocalSocket socket;
            socket.connectToServer(data + QStringLiteral("/admin.sock"));
            if (!socket.waitForConnected(5000))
                break;
            socket.write("{\"command\":\"invite create\"}\n");
            while (!socket.canReadLine() && socket.waitForReadyRead(5000)) {
            }
            answer = QJsonDocument::fromJson(socket.readLine()).object();
            if (answer[QStringLiteral("type")] != QStringLiteral("invite"))
                break;
            ++acknowledged;
        }
        QVERIFY(acknowledged > 10 && acknowledged < 5000);
        QCOMPARE(answer[QStringLiteral("type")].toString(), QStringLiteral("error"));
        QTRY_COMPARE_WITH_TIMEOUT(kithd.state(), QProcess::NotRunning, 20'000);
        QCOMPARE(kithd.exitCode(), 74);
        const QByteArray words = kithd.readAllStandardError();
        QVERIFY2(words.contains("cannot be written") && words.contains("kept"), words);
        QTRY_VERIFY(!client.frames.empty());
        QCOMPARE(client.frames.back().method(), wire::GOODBYE);
        const Ran list = runKithd({QStringLiteral("invite"), QStringLiteral("list"), QStringLiteral("--json"),
                                   QStringLiteral("--data"), data});
        QCOMPARE(list.answer[QStringLiteral("invites")].toArray().size(), acknowledged);
    }
    void tooManyOfOneAddressHearWhenToComeBack()
    {
        QTemporaryDir dir;
        QFile config(dir.filePath(QStringLiteral("kithd.toml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("[gateway]\nlimit_loopback = true\nunauthenticated_per_address = 2\n");
        config.close();
        KithdProcess kithd({}, dir.path());
        QVERIFY(kithd.serves());
        Client one(kithd.invite);
        Client two(kithd.invite);
        Client three(kithd.invite);
        for (Client* client : {&one, &two, &three}) // at once: whoever has no place is not waited for long
            connect(&client->socket, &QWebSocket::connected, &client->socket,
                    [client] { client->call(wire::HELLO, wire::HelloRequest()); });
        for (Client* client : {&one, &two, &three})
            QTRY_COMPARE(client->frames.size(), 1U);
        std::vector<wire::CallError> refusals;
        for (Client* client : {&one, &two, &three}) {
            wire::CallError error;
            if (client->frames[0].kind() == wire::ERROR && error.ParseFromString(client->frames[0].body()))
                refusals.push_back(error);
        }
        QCOMPARE(refusals.size(), 1U);
        QCOMPARE(refusals[0].code(), wire::RATE_LIMITED);
        QVERIFY(refusals[0].retry() && refusals[0].retry_after_ms() > 0);
    }
    void plainServesLoopback()
    {
        KithdProcess kithd({QStringLiteral("--plain")});
        QVERIFY(kithd.serves());
        QVERIFY(kithd.invite.plain);
        Client client(kithd.invite);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        client.call(wire::PING, wire::PingRequest());
        QTRY_COMPARE(client.frames.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(KithdTest)
#include "KithdTest.moc"
