#include "server/config/ConfigFile.h"

#include "server/config/Names.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

class ConfigFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emptyIsTheDefault()
    {
        const auto config = parseConfig("", "kithd.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->listenHost, std::string("127.0.0.1"));
        QCOMPARE(config->listenPort, wire::defaultPort);
        QVERIFY(!config->registrationOpen);
        QCOMPARE(config->hardAgeDays, 30U);
    }
    void everySectionIsRead()
    {
        const auto config = parseConfig(R"(
            [server]
            listen = "[::]:7000" # Größe: Щ
            names = ["Chat.example.org", "192.0.2.7"]
            log_level = "warning"
            [registration]
            open = true
            users_invite = false
            [gateway]
            loops = 3
            strands = 4
            max_connections = 100
            delivery_budget_mib = 64
            [storage]
            block_cache_mib = 16
            [retention]
            hard_age_days = 7
            [limits]
            body = 32768
            invite_hours = 12
            [rates]
            find_per_account = { burst = 5, refill_ms = 60000 }
        )",
                                        "kithd.toml");
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().detail.c_str());
        QCOMPARE(config->listenHost, std::string("::"));
        QCOMPARE(config->listenPort, 7000);
        QCOMPARE(config->names, (std::vector<std::string>{"chat.example.org", "192.0.2.7"}));
        QCOMPARE(config->logLevel, LogLevel::Warning);
        QVERIFY(config->registrationOpen && !config->usersInvite);
        QCOMPARE(config->loops, 3);
        QCOMPARE(config->limits.body, 32768U);
        QCOMPARE(config->limits.inviteLifetime, Millis{12 * 3'600'000});
        QCOMPARE(config->limits.rate(Rate::FindPerAccount).burst, 5U);
        QCOMPARE(config->hardAgeDays, 7U);
    }
    void errorsNameTheLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* name, const char* text, const char* error) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(error);
        };
        row("unknown key", "[server]\nlisten = \"127.0.0.1:1\"\nlissen = 3\n",
            "kithd.toml:3: there is no key server.lissen");
        row("unknown section", "\n[servers]\nx = 1\n", "kithd.toml:2: there is no section servers");
        row("key without section", "listen = \"a\"\n", "kithd.toml:1: there is no key listen");
        row("no table", "server = 3\n", "kithd.toml:1: there is no key server");
        row("wrong type", "[retention]\nhard_age_days = \"30\"\n",
            "kithd.toml:2: retention.hard_age_days must be a whole number from 1 to 3650");
        row("a float", "[gateway]\nloops = 1.5\n", "kithd.toml:2: gateway.loops must be a whole number from 1 to 64");
        row("out of range", "[limits]\nbody = 1000000\n",
            "kithd.toml:2: limits.body must be a whole number from 1 to 67584");
        row("not a boolean", "[registration]\nopen = 1\n", "kithd.toml:2: registration.open must be true or false");
        row("bad address", "[server]\nlisten = \"chat.example.org:1\"\n",
            "kithd.toml:2: server.listen must be \"ADDRESS:PORT\", such as \"0.0.0.0:8443\" or \"[::]:8443\"");
        row("bad name", "[server]\nnames = [\"a b\"]\n",
            "kithd.toml:2: server.names must hold host names or addresses, without ports");
        row("bad rate", "[rates]\nsend_per_device = { burst = 1 }\n",
            "kithd.toml:2: rates.send_per_device must be { burst = 1 to 1000000, refill_ms = 1 to 86400000 }");
        row("a list of sections", "[[server]]\n", "kithd.toml:1: there is no key server");
        row("a stray brace", "[server]\nplain = false\nnames = [ }\n[gateway]\n",
            "kithd.toml:3: this is no TOML: a bracket, brace or key stands where none can");
        row("plain for everybody", "[server]\nlisten = \"0.0.0.0:1\"\nplain = true\n",
            "kithd.toml: plain (no TLS) is for loopback addresses only, not for 0.0.0.0; leave TLS on or listen on "
            "127.0.0.1");
    }
    void errorsNameTheLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, error);
        const auto config = parseConfig(text.toStdString(), "kithd.toml");
        QVERIFY(!config.ok());
        QCOMPARE(QString::fromStdString(config.error().detail), error);
    }
    void syntaxErrorsNameTheLine()
    {
        const auto config = parseConfig("[server]\nlisten = \n", "kithd.toml");
        QVERIFY(!config.ok());
        QVERIFY(config.error().is(ConfigError::Syntax));
        QVERIFY(config.error().detail.starts_with("kithd.toml:2: "));
        QVERIFY(readConfig("/nowhere/kithd.toml").error().is(ConfigError::Unreadable));
    }
    void listenAddresses()
    {
        QCOMPARE(parseListen("0.0.0.0:0"), (wire::HostPort{"0.0.0.0", 0}));
        QCOMPARE(parseListen("[::1]:0"), (wire::HostPort{"::1", 0}));
        QCOMPARE(parseListen("127.0.0.1"), (wire::HostPort{"127.0.0.1", wire::defaultPort}));
        QVERIFY(!parseListen("example.org:1"));
        QVERIFY(!parseListen("127.0.0.1:70000"));
        QVERIFY(!parseListen(":0"));
    }
    void linksNameWhatOthersReach()
    {
        ServerConfig config;
        QCOMPARE(reachableHost(config), std::string("127.0.0.1"));
        config.listenHost = "0.0.0.0";
        QVERIFY(reachableHost(config) != "0.0.0.0");
        config.names = {"chat.example.org"};
        QCOMPARE(reachableHost(config), std::string("chat.example.org"));
        const auto names = certificateNames(config);
        for (const char* name : {"localhost", "127.0.0.1", "::1", "chat.example.org"})
            QVERIFY(std::find(names.begin(), names.end(), name) != names.end());
    }
};

QTEST_APPLESS_MAIN(ConfigFileTest)
#include "ConfigFileTest.moc"
