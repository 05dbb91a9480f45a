#include "server/AdminCall.h"

#include "server/Output.h"
#include "server/ServerCore.h"
#include "server/Settings.h"
#include "server/admin/AdminServer.h"
#include "server/chat/ChatError.h"
#include "server/config/Names.h"
#include "server/gateway/ServerCertificate.h"

#include <QJsonArray>

#include <future>

namespace kith::server
{
namespace
{

constexpr int socketTimeoutMs = 30'000;

/// Opens the store for this one command.
Result<QJsonObject> runHere(const Settings& settings, const QJsonObject& request)
{
    KITH_TRY(const auto core, ServerCore::open(settings.data, settings.config, [](const Error&) {}));
    wire::InviteLink link;
    link.host = reachableHost(settings.config);
    link.port = settings.config.listenPort != 0 ? settings.config.listenPort : wire::defaultPort;
    link.plain = settings.config.plain;
    if (!link.plain) {
        KITH_TRY(
            const auto certificate,
            loadOrCreateCertificate(settings.data.path(), certificateNames(settings.config), core->clock().wall()));
        link.serverKey = certificate.keyFingerprint;
    }
    std::promise<QJsonObject> answered;
    auto ready = answered.get_future();
    AdminCommands commands(core->chat(), core->jobs(), [&link](const std::string& token) {
        wire::InviteLink made = link;
        made.token = token;
        return wire::formatInviteLink(made);
    });
    commands.run(request, [&answered](const QJsonObject& answer) { answered.set_value(answer); });
    const QJsonObject answer = ready.get();
    core->stop();
    return answer;
}

std::string text(const QJsonObject& object, const char* key)
{
    const QJsonValue value = object[QLatin1String(key)];
    return value.isDouble() ? std::to_string(value.toInteger()) : value.toString().toStdString();
}

void printForPeople(const QJsonObject& answer)
{
    const std::string type = text(answer, "type");
    if (type == "invite") {
        printLine(text(answer, "invite"));
        printLine("expires " + text(answer, "expires"));
    } else if (type == "invites") {
        for (const QJsonValue& value : answer[QStringLiteral("invites")].toArray()) {
            const QJsonObject row = value.toObject();
            printLine(text(row, "id") + "  " + text(row, "state") + "  " + text(row, "used") + "/" + text(row, "uses") +
                      "  until " + text(row, "expires") + "  " + text(row, "name"));
        }
    } else if (type == "users") {
        for (const QJsonValue& value : answer[QStringLiteral("users")].toArray()) {
            const QJsonObject row = value.toObject();
            printLine(text(row, "name") + "  " + text(row, "id") + "  since " + text(row, "created"));
        }
    } else {
        printLine(type);
    }
}

} // namespace

int adminCall(const CommonOptions& options, const QJsonObject& request)
{
    const auto settings = readSettings(options);
    if (!settings.ok())
        return fail(settings.error(), options.json);
    const auto asked = askServer(settings->data.path(), request, socketTimeoutMs);
    if (!asked.ok())
        return fail(asked.error(), options.json);
    const auto answer = *asked ? Result(**asked) : runHere(*settings, request);
    if (!answer.ok())
        return fail(answer.error(), options.json);
    if (text(*answer, "type") == "error")
        return fail(Exit::Refused, *answer, options.json);
    if (options.json)
        printJson(*answer);
    else
        printForPeople(*answer);
    return static_cast<int>(Exit::Ok);
}

} // namespace kith::server
