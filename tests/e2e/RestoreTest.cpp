// What an operator does after damage and after a wrong clock, with the real programs.
#include "server/storage/embedded/EmbeddedStorage.h"
#include "tests/e2e/KithdProcess.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"

#include <QDir>
#include <QFile>

#include <future>

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

/// One person at kith-cli, with a profile of their own.
class Person
{
public:
    explicit Person(QString name) : name_(std::move(name))
    {
        QFile secret(home_.path() + QStringLiteral("/secret"));
        if (!secret.open(QIODevice::WriteOnly) || secret.write("a passphrase\n") < 0)
            qFatal("no place for the passphrase");
    }
    /// The rows of one run; an empty list with `failed` set where it did not end with 0.
    QList<QJsonObject> run(const QStringList& arguments)
    {
        QProcess process;
        process.start(qEnvironmentVariable("KITH_BIN_DIR") + QStringLiteral("/kith-cli"),
                      QStringList{QStringLiteral("--profile"), home_.path() + QStringLiteral("/profile"),
                                  QStringLiteral("--passphrase-file"), home_.path() + QStringLiteral("/secret")} +
                          arguments);
        QList<QJsonObject> rows;
        if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
            qWarning("%s: %s: %s", qPrintable(name_), qPrintable(arguments.join(QLatin1Char(' '))),
                     process.readAllStandardError().constData());
            failed = true;
            return rows;
        }
        for (const QByteArray& line : process.readAllStandardOutput().trimmed().split('\n'))
            rows.append(QJsonDocument::fromJson(line).object());
        return rows;
    }
    void join(const QString& invite)
    {
        run({QStringLiteral("register"), QStringLiteral("--invite"), invite, QStringLiteral("--name"), name_});
    }
    void send(const Person& to, const QString& text) { run({QStringLiteral("send"), to.name_, text}); }
    void receive() { run({QStringLiteral("receive")}); }
    void accept(const Person& whom) { run({QStringLiteral("accept"), whom.name_}); }
    /// "text" of every row, or "text/state", in order.
    QStringList history(const Person& with, bool states = false)
    {
        QStringList texts;
        for (const QJsonObject& row : run({QStringLiteral("history"), with.name_})) {
            if (row[QStringLiteral("type")] == QStringLiteral("message"))
                texts.append(row[QStringLiteral("text")].toString() +
                             (states ? QLatin1Char('/') + row[QStringLiteral("state")].toString() : QString()));
        }
        return texts;
    }

    bool failed = false;

private:
    QString name_;
    QTemporaryDir home_;
};

void copyAll(const QString& from, const QString& to)
{
    QProcess copy;
    copy.start(QStringLiteral("cp"), {QStringLiteral("-a"), from, to});
    QVERIFY(copy.waitForFinished() && copy.exitCode() == 0);
}

Ran kithd(const char* command, const QString& data, const QStringList& more = {})
{
    return runKithd(
        QStringList{QString::fromLatin1(command), QStringLiteral("--json"), QStringLiteral("--data"), data} + more);
}

const LogId theLog = *LogId::fromBytes(Bytes(16, 'l'));

/// The store of `data`, opened as a server would whose clock is `clock`.
std::unique_ptr<EmbeddedStorage> openStore(const QString& data, const Clock& clock)
{
    static SeededRandom random;
    EmbeddedStorage::Options options;
    options.rocks.directory = (data + QStringLiteral("/store")).toStdString();
    auto storage = EmbeddedStorage::open(std::move(options), clock, random);
    return storage.ok() ? std::move(*storage) : nullptr;
}

/// A server that was last used when `clock` said so: its identity, one entry, and the time that it saw.
void useStore(const QString& data, const Clock& clock)
{
    QFile identity(data + QStringLiteral("/identity"));
    QVERIFY(identity.open(QIODevice::WriteOnly));
    identity.write("kithd identity 1\n" + QByteArray(32, 'a') + "\n" + QByteArray(64, 'b') + "\n");
    identity.close();
    const auto storage = openStore(data, clock);
    QVERIFY(storage);
    NewEntry entry;
    entry.kind = EntryKind::System;
    entry.body = "body";
    Transaction append;
    append.bucket = bucketOf(theLog.view());
    append.appends.emplace_back().log = theLog;
    append.appends[0].entries.push_back(entry);
    Transaction seen;
    seen.writes.push_back({{Bucket{}, Table::Setting, "server.seen"}, std::to_string(toMillis(clock.wall()))});
    for (Transaction& each : std::array{append, seen}) {
        std::promise<bool> committed;
        storage->submit(std::move(each), [&](const auto& done) { committed.set_value(done.ok()); });
        QVERIFY(committed.get_future().get());
    }
}

bool bodyIsThere(const QString& data)
{
    const SystemClock clock;
    const auto storage = openStore(data, clock);
    const auto page = storage ? storage->read(theLog, Seq{}, 10, 1000) : Result<Page>(Page{});
    return page.ok() && page->entries.size() == 1 && page->entries[0].body == "body";
}

FakeClock daysAway(int days)
{
    const SystemClock now;
    return FakeClock(toMillis(now.wall()) + std::int64_t{days} * 86'400'000);
}

} // namespace

class RestoreTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// P1's one exception, from the operator's command to both transcripts.
    void aRestoredServerGetsBackWhatItsCopyLacks()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        const QString backup = dir.path() + QStringLiteral("/backup");
        Person ana(QStringLiteral("ana"));
        Person ben(QStringLiteral("ben"));
        QString address;
        const auto serve = [&] {
            return std::make_unique<KithdProcess>(QStringList{QStringLiteral("--plain")}, data, address);
        };
        address = QStringLiteral("127.0.0.1:0");
        auto server = serve();
        QVERIFY(server->serves());
        address = QStringLiteral("127.0.0.1:%1").arg(server->port());
        ana.join(server->serving()[QStringLiteral("invite")].toString());
        ben.join(server->command({QStringLiteral("invite"), QStringLiteral("create")})
                     .answer[QStringLiteral("invite")]
                     .toString());
        ana.send(ben, QStringLiteral("one"));
        ben.receive();
        ben.accept(ana);
        ben.send(ana, QStringLiteral("two"));
        ana.receive();
        ben.receive();
        QCOMPARE(server->terminate(), 0);
        copyAll(data, backup);

        server = serve();
        QVERIFY(server->serves());
        ana.send(ben, QStringLiteral("three"));
        ben.receive();
        ben.send(ana, QStringLiteral("four"));
        ana.receive();
        ana.send(ben, QStringLiteral("five"));
        QVERIFY(!ana.failed && !ben.failed);
        QCOMPARE(kithd("restored", data).code, 4); // not while it runs
        server->process().kill();
        QVERIFY(server->process().waitForFinished());

        QVERIFY(QDir(data).removeRecursively());
        copyAll(backup, data);
        const Ran restored = kithd("restored", data);
        QVERIFY2(restored.code == 0, qPrintable(restored.errors));
        QCOMPARE(restored.answer[QStringLiteral("type")].toString(), QStringLiteral("restored"));
        QVERIFY(restored.answer[QStringLiteral("logs")].toInt() >= 2); // the conversation, and account logs
        QVERIFY(restored.answer[QStringLiteral("keys")].toInt() > 100);

        server = serve();
        QVERIFY(server->serves());
        ana.receive();
        // Ben's last one was cut; Ana's device has it and shows that the server has not, until Ben sends it again.
        const QString shown = ana.history(ben, true).join(QLatin1Char(' '));
        QVERIFY2(shown.contains(QStringLiteral("four/unconfirmed")), qPrintable(shown));
        const auto settled = [&] {
            const QString states = ana.history(ben, true).join(QLatin1Char(' '));
            return ana.history(ben) == ben.history(ana) && !states.contains(QStringLiteral("unconfirmed"));
        };
        for (int round = 0; round < 5 && !settled(); ++round) {
            ben.receive();
            ana.receive();
        }
        const QStringList hers = ana.history(ben);
        QCOMPARE(ben.history(ana), hers);
        QStringList sorted = hers;
        sorted.sort();
        QCOMPARE(sorted, (QStringList{QStringLiteral("five"), QStringLiteral("four"), QStringLiteral("one"),
                                      QStringLiteral("three"), QStringLiteral("two")}));
        QVERIFY(!ana.history(ben, true).join(QLatin1Char(' ')).contains(QStringLiteral("unconfirmed")));
        ana.send(ben, QStringLiteral("six"));
        ben.receive();
        QCOMPARE(ben.history(ana), hers + QStringList{QStringLiteral("six")});
        QVERIFY(!ana.failed && !ben.failed);
    }
    void damageIsRefusedAndRepairedInWords()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        {
            KithdProcess server({QStringLiteral("--plain")}, data);
            for (int i = 0; i < 5; ++i)
                QCOMPARE(server.command({QStringLiteral("invite"), QStringLiteral("create")}).code, 0);
            server.process().kill();
            QVERIFY(server.process().waitForFinished());
        }
        QCOMPARE(kithd("repair", data).answer[QStringLiteral("damaged")].toBool(true), false);
        const QDir store(data + QStringLiteral("/store"));
        QFile log(store.filePath(store.entryList({QStringLiteral("*.log")}, QDir::Files, QDir::Name).last()));
        QVERIFY(log.open(QIODevice::ReadWrite));
        QByteArray content = log.readAll();
        content[content.size() / 2] = static_cast<char>(~content[content.size() / 2]);
        QVERIFY(log.seek(0) && log.write(content) == content.size());
        log.close();

        for (const char* command : {"serve", "restored"}) {
            const Ran refused = kithd(command, data);
            QCOMPARE(refused.code, 4);
            QCOMPARE(refused.answer[QStringLiteral("code")].toString(), QStringLiteral("damaged"));
            QVERIFY2(refused.errors.contains(QStringLiteral("Nothing was changed")) &&
                         refused.errors.contains(QStringLiteral("kithd repair")),
                     qPrintable(refused.errors));
        }
        const Ran repaired = kithd("repair", data);
        QVERIFY2(repaired.code == 0, qPrintable(repaired.errors));
        QVERIFY(repaired.answer[QStringLiteral("damaged")].toBool());
        QVERIFY(repaired.answer[QStringLiteral("lost")].toInt() > 0);
        const QDir aside(repaired.answer[QStringLiteral("aside")].toString());
        QFile kept(aside.filePath(QFileInfo(log).fileName()));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), content);
        QVERIFY(KithdProcess({QStringLiteral("--plain")}, data).serves());
    }
    void aClockThatCannotBeRightIsRefused()
    {
        QTemporaryDir dir;
        for (const auto& [days, words] : {std::pair{-400, "ahead"}, std::pair{400, "went back"}}) {
            const QString data = dir.path() + QStringLiteral("/%1").arg(days);
            QVERIFY(QDir().mkpath(data));
            useStore(data, daysAway(days));
            const Ran refused = kithd("serve", data, {QStringLiteral("--plain")});
            QCOMPARE(refused.code, 4);
            QVERIFY2(refused.errors.contains(QLatin1String(words)) &&
                         refused.errors.contains(QStringLiteral("--accept-clock")),
                     qPrintable(refused.errors));
            QCOMPARE(kithd("restored", data).code, 4);
            QVERIFY(bodyIsThere(data));
            KithdProcess accepted({QStringLiteral("--plain"), QStringLiteral("--accept-clock")}, data);
            QVERIFY(accepted.serves());
            QCOMPARE(accepted.terminate(), 0);
            QVERIFY(KithdProcess({QStringLiteral("--plain")}, data).serves()); // once is enough
        }
    }
    void bodiesAreNotLetGoByAClockThatJumped()
    {
        QTemporaryDir dir;
        const QString data = dir.path() + QStringLiteral("/data");
        QVERIFY(QDir().mkpath(data));
        useStore(data, daysAway(-40)); // beyond the hard age of 30 days, and no more than a pause explains
        {
            KithdProcess server({QStringLiteral("--plain")}, data);
            QVERIFY(server.serves());
            QCOMPARE(server.terminate(), 0);
            QVERIFY(server.process().readAllStandardError().contains("clock_suspected"));
        }
        QVERIFY(bodyIsThere(data));
        {
            KithdProcess server({QStringLiteral("--plain"), QStringLiteral("--accept-clock")}, data);
            QVERIFY(server.serves());
            QCOMPARE(server.terminate(), 0);
        }
        QVERIFY(!bodyIsThere(data));
    }
};

QTEST_GUILESS_MAIN(RestoreTest)
#include "RestoreTest.moc"
