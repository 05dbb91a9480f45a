#include "server/Output.h"

#include "server/ClockWatch.h"
#include "server/DataDirectory.h"
#include "server/admin/AdminCommands.h"
#include "server/chat/ChatError.h"
#include "server/config/ConfigFile.h"
#include "server/gateway/Gateway.h"
#include "server/gateway/ServerCertificate.h"
#include "server/storage/Storage.h"

#include <QJsonDocument>

#include <iostream>

namespace kith::server
{

void printJson(const QJsonObject& object)
{
    printLine(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
}

void printLine(const std::string& line)
{
    std::cout << line << std::endl; // flushed: whoever started us waits for it
}

void printNote(const std::string& line)
{
    std::cerr << "kithd: " << line << std::endl;
}

Exit exitOf(const Error& error)
{
    const auto from = [&](std::string_view domain) { return error.domain == domain; };
    if (error.is(StorageError::Full) || error.is(StorageError::Stopped))
        return Exit::StorageFailed;
    if (from(ErrorTraits<ConfigError>::domain))
        return Exit::Config;
    if (from(ErrorTraits<DataError>::domain) || from(ErrorTraits<StorageError>::domain) ||
        from(ErrorTraits<CertificateError>::domain) || from(ErrorTraits<ClockError>::domain))
        return Exit::Data;
    if (from(ErrorTraits<ListenError>::domain))
        return Exit::Listen;
    if (error.is(ChatError::Internal))
        return Exit::Internal;
    return Exit::Refused;
}

int fail(Exit exit, const QJsonObject& error, bool json)
{
    printNote(error[QStringLiteral("message")].toString().toStdString());
    if (json)
        printJson(error);
    return static_cast<int>(exit);
}

int fail(const Error& error, bool json)
{
    return fail(exitOf(error), errorAnswer(error), json);
}

} // namespace kith::server
