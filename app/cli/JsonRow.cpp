#include "app/cli/JsonRow.h"

#include "app/cli/CliError.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kith::cli
{
namespace
{

/// Control characters, and those that set or turn the direction of writing.
bool isUnprintable(char16_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/// Escaping is the library's: a one-element array without its brackets. What commands a terminal, or turns a line
/// around, is escaped as well: the text is the same, and somebody else's message draws nothing on a screen.
std::string quoted(std::string_view text)
{
    const QJsonArray array{QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))};
    const QByteArray json = QJsonDocument(array).toJson(QJsonDocument::Compact);
    QString line;
    for (const QChar c : QString::fromUtf8(json.mid(1, json.size() - 2))) {
        if (isUnprintable(c.unicode()))
            line += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            line += c;
    }
    return line.toStdString();
}

} // namespace

std::string printable(std::string_view words)
{
    QString line = QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
    for (QChar& c : line) {
        if (isUnprintable(c.unicode()))
            c = QLatin1Char(' ');
    }
    return line.toStdString();
}

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

JsonRow& JsonRow::addError(std::string_view key, std::string_view code, std::string_view message)
{
    return raw(key, "{\"code\":" + quoted(code) + ",\"message\":" + quoted(message) + "}");
}

Result<void> JsonRow::print() const
{
    const std::string line = text() + "\n";
    if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0)
        return {};
    return Error::make(CliError::Output, std::string("standard output takes no more: ") + std::strerror(errno));
}

} // namespace kith::cli
