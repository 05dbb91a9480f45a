#include "tests/support/app/Screen.h"

#include <QQuickWindow>
#include <QTest>

#include <functional>

namespace kith::test
{
namespace
{

bool isShown(QAccessibleInterface* node)
{
    const auto state = node->state();
    return !state.invisible && !node->rect().isEmpty();
}

QString nameOf(QAccessibleInterface* node)
{
    return node->text(QAccessible::Name);
}

void describe(QAccessibleInterface* node, int depth, QString& out)
{
    if (node == nullptr || !isShown(node))
        return;
    if (!nameOf(node).isEmpty())
        out += QStringLiteral("%1%2 \"%3\"%4\n")
                   .arg(QString(2 * depth, QLatin1Char(' ')), QString::fromLatin1(qAccessibleRoleString(node->role())),
                        nameOf(node), node->state().disabled ? QStringLiteral(" (disabled)") : QString());
    for (int child = 0; child < node->childCount(); ++child)
        describe(node->child(child), depth + 1, out);
}

} // namespace

Screen::Screen(QQuickWindow* window) : window_(window)
{
    QAccessible::setActive(true);
}

QAccessibleInterface* Screen::find(QAccessibleInterface* from, const Wanted& wanted) const
{
    if (from == nullptr || !isShown(from))
        return nullptr;
    if (wanted(from))
        return from;
    for (int child = 0; child < from->childCount(); ++child)
        if (auto* found = find(from->child(child), wanted))
            return found;
    return nullptr;
}

bool Screen::await(const Wanted& wanted, int withinMs, Place* place) const
{
    const auto look = [&] {
        auto* found = find(QAccessible::queryAccessibleInterface(window_), wanted);
        if (found != nullptr && place != nullptr)
            *place = {true, window_->mapFromGlobal(found->rect().center())};
        return found != nullptr;
    };
    if (QTest::qWaitFor(look, withinMs))
        return true;
    qWarning("%s", qPrintable(everything()));
    return false;
}

bool Screen::click(const Wanted& wanted, int withinMs) const
{
    Place place;
    if (!await(wanted, withinMs, &place))
        return false;
    QTest::mouseClick(window_, Qt::LeftButton, {}, place.centre);
    return true;
}

bool Screen::shows(QAccessible::Role role, const QString& name, int withinMs) const
{
    return await([&](auto* node) { return node->role() == role && nameOf(node).startsWith(name); }, withinMs);
}

bool Screen::says(const QString& words, int withinMs) const
{
    return await([&](auto* node) { return nameOf(node).contains(words); }, withinMs);
}

bool Screen::isGone(const QString& words, int withinMs) const
{
    const bool gone = QTest::qWaitFor(
        [&] {
            return find(QAccessible::queryAccessibleInterface(window_),
                        [&](auto* node) { return nameOf(node).contains(words); }) == nullptr;
        },
        withinMs);
    if (!gone)
        qWarning("%s", qPrintable(everything()));
    return gone;
}

bool Screen::press(const QString& name, int withinMs) const
{
    return click(
        [&](auto* node) {
            return node->role() == QAccessible::Button && nameOf(node).startsWith(name) && !node->state().disabled;
        },
        withinMs);
}

bool Screen::choose(const QString& words, int withinMs) const
{
    return click([&](auto* node) { return node->role() == QAccessible::ListItem && nameOf(node).contains(words); },
                 withinMs);
}

bool Screen::type(const QString& field, const QString& text, int withinMs) const
{
    activate();
    if (!click([&](auto* node) { return node->role() == QAccessible::EditableText && nameOf(node) == field; },
               withinMs))
        return false;
    key(Qt::Key_A, Qt::ControlModifier);
    for (const QChar letter : text)
        QTest::keyClick(window_, letter.toLatin1());
    return true;
}

void Screen::key(Qt::Key key, Qt::KeyboardModifiers modifiers) const
{
    QTest::keyClick(window_, key, modifiers);
}

void Screen::activate() const
{
    window_->requestActivate();
    (void)QTest::qWaitForWindowActive(window_);
}

QString Screen::everything() const
{
    QString all;
    describe(QAccessible::queryAccessibleInterface(window_), 0, all);
    return all;
}

void Screen::picture(const QString& name) const
{
    const QString folder = qEnvironmentVariable("KITH_PICTURES");
    if (!folder.isEmpty())
        (void)window_->grabWindow().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
}

} // namespace kith::test
