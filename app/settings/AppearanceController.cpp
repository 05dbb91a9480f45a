#include "app/settings/AppearanceController.h"

#include <algorithm>

namespace kith
{
namespace
{

const QString modeKey = QStringLiteral("appearance/mode");
const QString textKey = QStringLiteral("appearance/text");
const QString motionKey = QStringLiteral("appearance/reducedMotion");
const QString contrastKey = QStringLiteral("appearance/highContrast");
const QString listKey = QStringLiteral("layout/list");
const QString dark = QStringLiteral("dark");
const QString light = QStringLiteral("light");

constexpr int plainText = 100;
constexpr std::array textSteps{85, 100, 115, 125, 150, 175, 200};

} // namespace

AppearanceController::AppearanceController(QSettings& settings, SystemLook look, QObject* parent)
    : QObject(parent), settings_(settings), look_(look)
{
}

void AppearanceController::setSystemLook(const SystemLook& look)
{
    look_ = look;
    Q_EMIT changed();
}

QString AppearanceController::mode() const
{
    const QString mode = settings_.value(modeKey).toString();
    return mode == dark || mode == light ? mode : QStringLiteral("system");
}

void AppearanceController::setMode(const QString& mode)
{
    keep(modeKey, mode);
}

int AppearanceController::textPercent() const
{
    return std::clamp(settings_.value(textKey, plainText).toInt(), leastText, mostText);
}

void AppearanceController::setTextPercent(int percent)
{
    keep(textKey, std::clamp(percent, leastText, mostText));
}

void AppearanceController::enlargeText()
{
    const auto next = std::upper_bound(textSteps.begin(), textSteps.end(), textPercent());
    setTextPercent(next == textSteps.end() ? mostText : *next);
}

void AppearanceController::shrinkText()
{
    const auto next = std::lower_bound(textSteps.begin(), textSteps.end(), textPercent());
    setTextPercent(next == textSteps.begin() ? leastText : *std::prev(next));
}

bool AppearanceController::reducedMotion() const
{
    return settings_.value(motionKey, look_.reducedMotion).toBool();
}

void AppearanceController::setReducedMotion(bool reduced)
{
    keep(motionKey, reduced);
}

bool AppearanceController::highContrast() const
{
    return settings_.value(contrastKey, look_.highContrast).toBool();
}

void AppearanceController::setHighContrast(bool high)
{
    keep(contrastKey, high);
}

bool AppearanceController::isDark() const
{
    const QString chosen = mode();
    return chosen == dark || (chosen != light && look_.dark);
}

int AppearanceController::listWidth() const
{
    return settings_.value(listKey).toInt();
}

void AppearanceController::setListWidth(int width)
{
    keep(listKey, width);
}

void AppearanceController::keep(const QString& key, const QVariant& value)
{
    if (settings_.value(key) == value)
        return;
    settings_.setValue(key, value);
    Q_EMIT changed();
}

} // namespace kith
