#pragma once
/// Times and counts as people read them, by the locale's rules: QML asks here and formats nothing itself. One per
/// window, made by the composition root and handed to QML as the singleton Strings. Thread: the GUI thread.

#include "core/base/Clock.h"

#include <QDate>
#include <QLocale>
#include <QObject>
#include <QTimeZone>

namespace kith
{

class Strings : public QObject
{
    Q_OBJECT

public:
    /// `clock` outlives it.
    Strings(const Clock& clock, QLocale locale, QTimeZone zone, QObject* parent = nullptr);

    /// 14:05 today, Yesterday, Tue within a week, 12 Mar this year, 2024-03-12 before; empty for 0.
    Q_INVOKABLE [[nodiscard]] QString listTime(qlonglong ms) const;
    /// 14:05.
    Q_INVOKABLE [[nodiscard]] QString clockTime(qlonglong ms) const;
    /// Today, Yesterday, Tuesday, 12 March, 12 March 2024.
    Q_INVOKABLE [[nodiscard]] QString day(const QDate& day) const;
    /// What a row of that kind says: its own text, or words about why there is none.
    Q_INVOKABLE [[nodiscard]] QString said(const QString& kind, const QString& text) const;
    Q_INVOKABLE [[nodiscard]] QString newMessages(int count) const;
    /// One sentence for speech: who, when, what, how far.
    Q_INVOKABLE [[nodiscard]] QString spoken(const QString& who, qlonglong ms, const QString& what,
                                             const QString& delivery) const;
    /// 12 groups of 5 digits.
    Q_INVOKABLE [[nodiscard]] QString digitGroup(const QString& digits, int group) const;

private:
    [[nodiscard]] QDate today() const;
    [[nodiscard]] QString deliveryWord(const QString& delivery) const;

    const Clock& clock_;
    QLocale locale_;
    QTimeZone zone_;
};

} // namespace kith
