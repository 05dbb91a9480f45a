#include "core/models/Names.h"

#include <QTextBoundaryFinder>

namespace kith
{
namespace
{

QString firstLetter(const QString& word)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, word);
    const qsizetype end = finder.toNextBoundary();
    return end > 0 ? word.left(end).toUpper() : QString();
}

} // namespace

QString initialsOf(const QString& name)
{
    const QString simple = name.simplified();
    if (simple.isEmpty())
        return {};
    const qsizetype space = simple.lastIndexOf(QLatin1Char(' '));
    return firstLetter(simple) + (space > 0 ? firstLetter(simple.sliced(space + 1)) : QString());
}

int hueOf(const UserId& user)
{
    // FNV-1a over all octets, then mixed: its low bits alone follow the last octet too closely.
    std::uint32_t hash = 2166136261U;
    for (const char octet : user.view())
        hash = (hash ^ static_cast<unsigned char>(octet)) * 16777619U;
    hash = (hash ^ (hash >> 15U)) * 0x2C1B3C6DU;
    return static_cast<int>((hash >> 12U) % avatarHues);
}

QString kindName(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Text:
        return QStringLiteral("text");
    case MessageKind::System:
        return QStringLiteral("system");
    case MessageKind::Waiting:
        return QStringLiteral("waiting");
    case MessageKind::Lost:
        return QStringLiteral("lost");
    case MessageKind::Tombstone:
        return QStringLiteral("deleted");
    case MessageKind::Unknown:
    case MessageKind::Control:
    case MessageKind::Duplicate:
        break;
    }
    return QStringLiteral("unknown");
}

QString stateName(DeliveryState state)
{
    const auto word = name(state);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

} // namespace kith
