#include "app/shell/AppWindow.h"

#include <QColor>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QTest>

#include <cmath>

namespace
{

constexpr double text = 4.5;
constexpr double edge = 3.0;

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// WCAG 2.1, relative luminance.
double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

QColor over(const QColor& upper, const QColor& lower)
{
    const double alpha = upper.alphaF();
    return QColor::fromRgbF(static_cast<float>(upper.redF() * alpha + lower.redF() * (1 - alpha)),
                            static_cast<float>(upper.greenF() * alpha + lower.greenF() * (1 - alpha)),
                            static_cast<float>(upper.blueF() * alpha + lower.blueF() * (1 - alpha)));
}

} // namespace

/// Every pair of text and ground that the design names, in light, dark, and both with high contrast.
class ThemeContrastTest : public QObject
{
    Q_OBJECT

    QQmlEngine engine_;
    QObject* theme_ = nullptr;

    [[nodiscard]] QColor color(const char* role) const { return theme_->property(role).value<QColor>(); }
    void compare(const QColor& a, const QColor& b, double least, const QByteArray& pair)
    {
        const double found = contrast(a, b);
        QVERIFY2(found >= least, pair + ": " + QByteArray::number(found) + " is under " + QByteArray::number(least));
    }

private Q_SLOTS:
    void initTestCase()
    {
        engine_.addImportPath(QStringLiteral(":/qt/qml"));
        theme_ = engine_.singletonInstance<QObject*>(qmlTypeId("Kith.Theme", 1, 0, "Theme"));
        if (theme_ == nullptr) { // registered when the module is first imported
            QQmlComponent component(&engine_);
            component.setData("import Kith.Theme\nimport QtQuick\nQtObject { property QtObject theme: Theme }", QUrl());
            const std::unique_ptr<QObject> holder(component.create());
            QVERIFY2(holder, qPrintable(component.errorString()));
            theme_ = holder->property("theme").value<QObject*>();
        }
        QVERIFY(theme_ != nullptr);
    }
    void pairs_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("high");
        QTest::newRow("light") << false << false;
        QTest::newRow("dark") << true << false;
        QTest::newRow("light, high contrast") << false << true;
        QTest::newRow("dark, high contrast") << true << true;
    }
    void pairs()
    {
        QFETCH(bool, dark);
        QFETCH(bool, high);
        theme_->setProperty("dark", dark);
        theme_->setProperty("highContrast", high);
        for (const char* ground : {"window", "panel", "raised", "accentSoft"})
            for (const char* ink : {"ink", "inkSoft", "accent", "danger", "warn", "ok"})
                compare(color(ink), color(ground), text, QByteArray(ink) + " on " + ground);
        for (const char* ink : {"ink", "inkSoft", "accent"})
            compare(color(ink), color("field"), text, QByteArray(ink) + " on field");
        compare(color("accentInk"), color("accent"), text, "accentInk on accent");
        for (const char* ground : {"window", "panel", "raised"})
            compare(color("outline"), color(ground), edge, QByteArray("outline on ") + ground);
        compare(color("scrimInk"), over(color("scrim"), Qt::white), text, "scrimInk on scrim over white");
        const auto fills = theme_->property("avatarFill").toList();
        const auto inks = theme_->property("avatarInk").toList();
        QCOMPARE(fills.size(), 8);
        QCOMPARE(inks.size(), 8);
        for (qsizetype hue = 0; hue < fills.size(); ++hue)
            compare(inks[hue].value<QColor>(), fills[hue].value<QColor>(), text, "avatar " + QByteArray::number(hue));
    }
    void motionEndsWithReducedMotion()
    {
        theme_->setProperty("reducedMotion", true);
        QCOMPARE(theme_->property("stateTime").toInt(), 0);
        QCOMPARE(theme_->property("paneTime").toInt(), 0);
        theme_->setProperty("reducedMotion", false);
        QCOMPARE(theme_->property("stateTime").toInt(), 120);
        QCOMPARE(theme_->property("paneTime").toInt(), 180);
    }
    void textSizeScalesAllOfTheType()
    {
        theme_->setProperty("textScale", 2.0);
        for (const auto& [role, size] : std::map<const char*, int>{
                 {"caption", 24}, {"meta", 26}, {"body", 30}, {"title", 34}, {"page", 44}, {"welcome", 56}})
            QCOMPARE(theme_->property(role).toInt(), size);
        theme_->setProperty("textScale", 1.0);
        QCOMPARE(theme_->property("body").toInt(), 15);
    }
    void targetsGrowForTouch()
    {
        theme_->setProperty("touch", false);
        QCOMPARE(theme_->property("target").toInt(), 32);
        theme_->setProperty("touch", true);
        QCOMPARE(theme_->property("target").toInt(), 44);
        for (const char* part : {"fieldHeight", "buttonHeight", "filterHeight", "composerHeight"})
            QVERIFY2(theme_->property(part).toInt() >= 44, part);
    }
};

QTEST_MAIN(ThemeContrastTest)
#include "ThemeContrastTest.moc"
