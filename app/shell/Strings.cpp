#include "app/shell/Strings.h"

#include <QDateTime>

namespace kith
{
namespace
{

constexpr int daysOfWeek = 7;
constexpr int digitsOfGroup = 5;

} // namespace

Strings::Strings(const Clock& clock, QLocale locale, QTimeZone zone, QObject* parent)
    : QObject(parent), clock_(clock), locale_(std::move(locale)), zone_(std::move(zone))
{
}

QDate Strings::today() const
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(clock_.wall()), zone_).date();
}

QString Strings::listTime(qlonglong ms) const
{
    if (ms == 0)
        return {};
    const QDate day = QDateTime::fromMSecsSinceEpoch(ms, zone_).date();
    const qint64 age = day.daysTo(today());
    if (age <= 0)
        return clockTime(ms);
    if (age == 1)
        return tr("Yesterday");
    if (age < daysOfWeek)
        return locale_.standaloneDayName(day.dayOfWeek(), QLocale::ShortFormat);
    if (day.year() == today().year())
        return locale_.toString(day, tr("d MMM", "date without year"));
    return locale_.toString(day, tr("yyyy-MM-dd", "date with year, short"));
}

QString Strings::clockTime(qlonglong ms) const
{
    return ms == 0 ? QString()
                   : locale_.toString(QDateTime::fromMSecsSinceEpoch(ms, zone_).time(), QLocale::ShortFormat);
}

QString Strings::day(const QDate& day) const
{
    if (!day.isValid())
        return {};
    const qint64 age = day.daysTo(today());
    if (age == 0)
        return tr("Today");
    if (age == 1)
        return tr("Yesterday");
    if (age > 0 && age < daysOfWeek)
        return locale_.standaloneDayName(day.dayOfWeek(), QLocale::LongFormat);
    if (day.year() == today().year())
        return locale_.toString(day, tr("d MMMM", "date without year, long"));
    return locale_.toString(day, tr("d MMMM yyyy", "date with year, long"));
}

QString Strings::said(const QString& kind, const QString& text) const
{
    if (kind == QStringLiteral("deleted"))
        return tr("Message deleted");
    if (kind == QStringLiteral("waiting"))
        return tr("Waiting for this message");
    if (kind == QStringLiteral("lost"))
        return tr("This message could not be recovered");
    if (kind == QStringLiteral("unknown"))
        return tr("Update Kith to see this");
    if (kind == QStringLiteral("system"))
        return tr("Messages here are encrypted from end to end");
    if (kind == QStringLiteral("none"))
        return tr("No messages yet");
    return text;
}

QString Strings::newMessages(int count) const
{
    return count == 1 ? tr("1 new message") : tr("%1 new messages").arg(locale_.toString(count));
}

QString Strings::spoken(const QString& who, qlonglong ms, const QString& what, const QString& delivery) const
{
    const QString state = deliveryWord(delivery);
    QStringList parts{who, clockTime(ms), what, state};
    parts.removeAll(QString());
    return parts.join(tr(", ", "between the parts of a spoken sentence"));
}

QString Strings::deliveryWord(const QString& delivery) const
{
    if (delivery == QStringLiteral("queued") || delivery == QStringLiteral("sending"))
        return tr("waiting to be sent");
    if (delivery == QStringLiteral("accepted"))
        return tr("sent");
    if (delivery == QStringLiteral("delivered"))
        return tr("delivered");
    if (delivery == QStringLiteral("read"))
        return tr("read");
    if (delivery == QStringLiteral("failed"))
        return tr("not sent");
    if (delivery == QStringLiteral("unconfirmed"))
        return tr("not confirmed by the server");
    return {};
}

QString Strings::digitGroup(const QString& digits, int group) const
{
    return digits.mid(static_cast<qsizetype>(group) * digitsOfGroup, digitsOfGroup);
}

} // namespace kith
