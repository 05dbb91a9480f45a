#pragma once
/// A window as a person with a screen reader finds things in it: by what they are and what they are called. Waits until
/// what is asked for is there; acts with real key presses and clicks. Owned by the test. Thread: the GUI thread.

#include <QAccessible>
#include <QImage>
#include <QPoint>
#include <QString>

#include <functional>

class QQuickWindow;

namespace kith::test
{

class Screen
{
public:
    static constexpr int patienceMs = 15'000;

    explicit Screen(QQuickWindow* window);

    /// Something of that role whose name begins with, or is, `name` is shown, now or soon.
    [[nodiscard]] bool shows(QAccessible::Role role, const QString& name, int withinMs = patienceMs) const;
    /// Words anywhere: a line, a heading, a row of a list.
    [[nodiscard]] bool says(const QString& words, int withinMs = patienceMs) const;
    [[nodiscard]] bool isGone(const QString& words, int withinMs = patienceMs) const;
    /// Clicks the enabled button of that name.
    [[nodiscard]] bool press(const QString& name, int withinMs = patienceMs) const;
    /// Clicks the row of a list that says `words`.
    [[nodiscard]] bool choose(const QString& words, int withinMs = patienceMs) const;
    /// Clicks the field and types over what stands there.
    [[nodiscard]] bool type(const QString& field, const QString& text, int withinMs = patienceMs) const;
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const;
    /// In front of the person, as the only window.
    void activate() const;

    /// All that is shown, one line each: what a failure prints.
    [[nodiscard]] QString everything() const;
    /// Into the folder that KITH_PICTURES names, if it does.
    void picture(const QString& name) const;

private:
    struct Place {
        bool found = false;
        QPoint centre;
    };
    using Wanted = std::function<bool(QAccessibleInterface*)>;

    [[nodiscard]] QAccessibleInterface* find(QAccessibleInterface* from, const Wanted& wanted) const;
    [[nodiscard]] bool await(const Wanted& wanted, int withinMs, Place* place = nullptr) const;
    [[nodiscard]] bool click(const Wanted& wanted, int withinMs) const;

    QQuickWindow* window_;
};

} // namespace kith::test
