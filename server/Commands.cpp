#include "server/Commands.h"

#include "core/crypto/SelfTest.h"
#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/InviteLink.h"
#include "server/AdminCall.h"
#include "server/Output.h"
#include "server/gateway/EpollDispatcher.h"

#include <QCoreApplication>
#include <QJsonObject>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace kith::server
{
namespace
{

QString toQt(const std::string& text)
{
    return QString::fromStdString(text);
}

/// "90m", "12h", "7d" in milliseconds.
std::optional<qint64> parseDuration(const std::string& text)
{
    constexpr std::pair<char, qint64> units[] = {{'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}};
    qint64 count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end + 1 != text.data() + text.size() || count < 1 || count > 100'000)
        return std::nullopt;
    for (const auto& [unit, length] : units) {
        if (*end == unit)
            return count * length;
    }
    return std::nullopt;
}

/// A link, a token or an id, as what the server looks up.
std::string inviteOf(const std::string& text)
{
    const auto link = wire::parseInviteLink(text);
    return link.ok() ? link->token : text;
}

struct CommandLine {
    CLI::App app{"kithd: the server of Kith, a private messenger"};
    CommonOptions options;
    std::string name;
    std::string invite;
    std::string expires;
    std::string configFile;
    std::int64_t uses = 0;
    std::function<int()> chosen;

    CommandLine()
    {
        app.require_subcommand(1);
        app.set_version_flag("--version", std::string("kithd " KITH_VERSION));
        addServe();
        addRecovery();
        addUser();
        addInvite();
        CLI::App* config = app.add_subcommand("config", "the configuration file")->require_subcommand(1);
        CLI::App* check = command(config, "check", "say whether a configuration file is right",
                                  [this] { return checkConfigFile(options, configFile); });
        check->add_option("file", configFile, "the file; default: kithd.toml in the data directory");
    }

    CLI::App* command(CLI::App* parent, const std::string& title, const std::string& help, std::function<int()> run)
    {
        CLI::App* sub = parent->add_subcommand(title, help);
        sub->add_option("--data", options.data, "data directory")->check([](const std::string& path) {
            return path.empty() ? std::string("names no directory") : std::string(); // an unset variable of a script
        });
        sub->add_option("--config", options.config, "configuration file; default: kithd.toml in the data directory");
        sub->add_flag("--json", options.json, "one JSON object a line");
        sub->callback([this, run = std::move(run)] { chosen = run; });
        return sub;
    }

    void addServe()
    {
        for (CLI::App* sub : {command(&app, "serve", "run the server", [this] { return serve(options); }),
                              command(&app, "init", "make data directory, keys, certificate and configuration",
                                      [this] { return initialise(options); })}) {
            sub->add_option("--listen", options.listen, "ADDRESS:PORT; default 127.0.0.1:8443; port 0: any free one");
            sub->add_option("--name", options.names, "host name or address under which people reach this server")
                ->allow_extra_args(false);
            sub->add_option("--log-level", options.logLevel, "debug, info, warning or error");
            sub->add_flag("--plain", options.plain, "no TLS; loopback addresses only");
        }
    }

    void addRecovery()
    {
        CLI::App* after = command(&app, "restored", "after a backup was put back: start a new generation of every log",
                                  [this] { return restored(options); });
        CLI::App* mend = command(&app, "repair", "go on without what a damaged store has lost; keeps its files aside",
                                 [this] { return repair(options); });
        for (CLI::App* sub : {after, mend, app.get_subcommand("serve")})
            sub->add_flag("--accept-clock", options.acceptClock, "this machine's clock is right, however far it went");
    }

    void addUser()
    {
        CLI::App* user = app.add_subcommand("user", "people")->require_subcommand(1);
        CLI::App* add = command(user, "add", "keep a name and print the invite link that registers it", [this] {
            return adminCall(options, {{QStringLiteral("command"), QStringLiteral("user add")},
                                       {QStringLiteral("name"), toQt(name)}});
        });
        add->add_option("name", name, "a-z 0-9 . _ -, 3 to 32 characters")->required();
        command(user, "list", "registered people", [this] {
            return adminCall(options, {{QStringLiteral("command"), QStringLiteral("user list")}});
        });
    }

    void addInvite()
    {
        CLI::App* parent = app.add_subcommand("invite", "invites")->require_subcommand(1);
        CLI::App* create = command(parent, "create", "print a new invite link", [this] { return createInvite(); });
        create->add_option("--uses", uses, "how many people it lets in; default 1")->check(CLI::Range(1, 100'000));
        create->add_option("--expires", expires, "after what time it ends: 90m, 12h, 7d");
        create->add_option("--for", name, "the only name that it registers");
        command(parent, "list", "all invites", [this] {
            return adminCall(options, {{QStringLiteral("command"), QStringLiteral("invite list")}});
        });
        CLI::App* revoke = command(parent, "revoke", "end an invite", [this] {
            return adminCall(options, {{QStringLiteral("command"), QStringLiteral("invite revoke")},
                                       {QStringLiteral("invite"), toQt(inviteOf(invite))}});
        });
        revoke->add_option("invite", invite, "its id, as invite list shows it, or the link")->required();
    }

    int createInvite()
    {
        QJsonObject request{{QStringLiteral("command"), QStringLiteral("invite create")}};
        if (!expires.empty()) {
            const auto lifetime = parseDuration(expires);
            if (!lifetime)
                return fail(
                    Exit::Usage,
                    {{QStringLiteral("type"), QStringLiteral("error")},
                     {QStringLiteral("code"), QStringLiteral("usage")},
                     {QStringLiteral("message"), toQt("--expires " + expires + " is no time such as 90m, 12h or 7d")}},
                    options.json);
            request[QStringLiteral("lifetime_ms")] = *lifetime;
        }
        request[QStringLiteral("uses")] = static_cast<qint64>(uses);
        request[QStringLiteral("name")] = toQt(name);
        return adminCall(options, request);
    }
};

} // namespace

int runCommandLine(int argc, char** argv)
{
    if (const auto sound = cryptoSelfTest(); !sound.ok())
        return fail(sound.error(), false);
    wire::silenceProtobuf();
    QCoreApplication::setEventDispatcher(new EpollDispatcher);
    const QCoreApplication application(argc, argv);
    CommandLine line;
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { // CLI11 knows no other way to say it
        if (line.app.exit(error) == 0)
            return static_cast<int>(Exit::Ok);
        if (std::find(argv, argv + argc, std::string_view("--json")) != argv + argc)
            printJson({{QStringLiteral("type"), QStringLiteral("error")},
                       {QStringLiteral("code"), QStringLiteral("usage")},
                       {QStringLiteral("message"), toQt(error.what())}});
        return static_cast<int>(Exit::Usage);
    }
    return line.chosen();
}

} // namespace kith::server
