#include "app/cli/JsonRow.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>

namespace kith::cli
{
namespace
{

/// Escaping is the library's: a one-element array without its brackets.
std::string quoted(std::string_view text)
{
    const QJsonArray array{QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))};
    const QByteArray json = QJsonDocument(array).toJson(QJsonDocument::Compact);
    return json.mid(1, json.size() - 2).toStdString();
}

} // namespace

JsonRow::JsonRow(std::string_view type) : line_("{\"type\":" + quoted(type)) {}

JsonRow& JsonRow::raw(std::string_view key, std::string_view value)
{
    line_.append(",").append(quoted(key)).append(":").append(value);
    return *this;
}

JsonRow& JsonRow::add(std::string_view key, std::string_view text)
{
    return raw(key, quoted(text));
}

JsonRow& JsonRow::add(std::string_view key, std::uint64_t number)
{
    return raw(key, std::to_string(number));
}

JsonRow& JsonRow::add(std::string_view key, bool value)
{
    return raw(key, value ? "true" : "false");
}

JsonRow& JsonRow::addNull(std::string_view key)
{
    return raw(key, "null");
}

void JsonRow::print() const
{
    const std::string line = text() + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

} // namespace kith::cli
