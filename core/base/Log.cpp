#include "core/base/Log.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDateTime>

#include <atomic>
#include <cstdio>
#include <mutex>

namespace kith
{
namespace
{

std::atomic<LogLevel> currentLevel{LogLevel::Info};
std::mutex hashKeyMutex;
Bytes hashKey; // NOLINT: set once at start, read under the mutex

void appendJsonString(std::string& line, std::string_view text)
{
    line.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            line.push_back('\\');
            line.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            line.append("\\u00").append(toHex(ByteView(&c, 1)));
        } else {
            line.push_back(c);
        }
    }
    line.push_back('"');
}

std::string_view levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Error:
        return "error";
    }
    return "error";
}

} // namespace

std::string hashed(ByteView id)
{
    Bytes key;
    {
        const std::scoped_lock lock(hashKeyMutex);
        key = hashKey;
    }
    if (key.empty())
        return "-";
    key.append(id);
    const QByteArray digest = QCryptographicHash::hash(
        QByteArrayView(key.data(), static_cast<qsizetype>(key.size())).toByteArray(), QCryptographicHash::Sha256);
    return toHex(ByteView(digest.constData(), 6));
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    if (level < currentLevel.load(std::memory_order_relaxed))
        return;
    std::string line = "{\"time\":\"";
    line.append(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString()); // the log's own adapter
    line.append("\",\"level\":\"").append(levelName(level)).append("\",\"event\":");
    appendJsonString(line, event);
    for (const LogField& field : fields) {
        line.push_back(',');
        appendJsonString(line, field.key);
        line.push_back(':');
        if (const auto* text = std::get_if<std::string_view>(&field.value))
            appendJsonString(line, *text);
        else if (const auto* number = std::get_if<std::int64_t>(&field.value))
            line.append(std::to_string(*number));
        else
            line.append(std::get<bool>(field.value) ? "true" : "false");
    }
    line.append("}\n");
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void setLogLevel(LogLevel level)
{
    currentLevel.store(level, std::memory_order_relaxed);
}

void setLogHashKey(ByteView key)
{
    const std::scoped_lock lock(hashKeyMutex);
    hashKey = Bytes(key);
}

} // namespace kith
