#include "app/shell/AppWindow.h"

#include <QAccessible>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTest>

namespace
{

constexpr int least = 32; ///< Of a target, with a pointer.

/// The first node below `node` with that role and name.
QAccessibleInterface* find(QAccessibleInterface* node, QAccessible::Role role, const QString& name)
{
    if (node == nullptr || node->state().invisible)
        return nullptr;
    if (node->role() == role && node->text(QAccessible::Name) == name)
        return node;
    for (int child = 0; child < node->childCount(); ++child) {
        if (auto* found = find(node->child(child), role, name))
            return found;
    }
    return nullptr;
}

} // namespace

/// Controls by keyboard and as a screen reader finds them: each works without a pointer and says what it is.
class ControlsTest : public QObject
{
    Q_OBJECT

    QQmlEngine engine_;
    std::unique_ptr<QQuickWindow> window_;

    void show(const QByteArray& content)
    {
        QQmlComponent component(&engine_);
        component.setData("import QtQuick\nimport Kith.Controls\nWindow { width: 480; height: 480; visible: true\n" +
                              content + "}",
                          QUrl());
        window_.reset(qobject_cast<QQuickWindow*>(component.create()));
        QVERIFY2(window_, qPrintable(component.errorString()));
        window_->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    [[nodiscard]] QVariant read(const char* property) const { return window_->property(property); }
    [[nodiscard]] QAccessibleInterface* node(QAccessible::Role role, const char* name) const
    {
        return find(QAccessible::queryAccessibleInterface(window_.get()), role, QString::fromUtf8(name));
    }
    void press(Qt::Key key) const { QTest::keyClick(window_.get(), key); }

private Q_SLOTS:
    void initTestCase()
    {
        QAccessible::setActive(true);
        engine_.addImportPath(QStringLiteral(":/qt/qml"));
    }
    void cleanup() { window_.reset(); }

    void aMenuIsWalkedAndChosenByKeys()
    {
        show(R"(
            property string chosen
            property alias menu: menu
            ActionMenu { id: menu; focus: true
                ActionMenuItem { text: "Copy"; iconName: "copy"; onTriggered: chosen += "copy " }
                ActionMenuItem { text: "Block"; iconName: "block"; danger: true; onTriggered: chosen += "block " }
            })");
        auto* menu = read("menu").value<QObject*>();
        QVERIFY(QMetaObject::invokeMethod(menu, "open"));
        QTRY_VERIFY(menu->property("opened").toBool());
        auto* block = node(QAccessible::MenuItem, "Block");
        QVERIFY(block != nullptr);
        QVERIFY(block->rect().height() >= least);
        press(Qt::Key_Down);
        press(Qt::Key_Down);
        press(Qt::Key_Return);
        QTRY_COMPARE(read("chosen").toString(), QStringLiteral("block "));
        QTRY_VERIFY(!menu->property("opened").toBool());
    }
    void escapeLeavesAMenuWithoutChoosing()
    {
        show(R"(
            property string chosen
            property alias menu: menu
            ActionMenu { id: menu; focus: true
                ActionMenuItem { text: "Copy"; iconName: "copy"; onTriggered: chosen += "copy " }
            })");
        auto* menu = read("menu").value<QObject*>();
        QVERIFY(QMetaObject::invokeMethod(menu, "open"));
        QTRY_VERIFY(menu->property("opened").toBool());
        press(Qt::Key_Down);
        press(Qt::Key_Escape);
        QTRY_VERIFY(!menu->property("opened").toBool());
        QCOMPARE(read("chosen").toString(), QString());
    }
    void aDialogAnswersOnlyWhatWasChosen_data()
    {
        QTest::addColumn<QList<int>>("keys");
        QTest::addColumn<QString>("answer");
        QTest::newRow("escape is no") << QList<int>{Qt::Key_Escape} << QStringLiteral("no");
        QTest::newRow("the quiet answer has the focus") << QList<int>{Qt::Key_Space} << QStringLiteral("no");
        QTest::newRow("tab goes to yes") << QList<int>{Qt::Key_Tab, Qt::Key_Space} << QStringLiteral("yes");
    }
    void aDialogAnswersOnlyWhatWasChosen()
    {
        QFETCH(QList<int>, keys);
        QFETCH(QString, answer);
        show(R"(
            property string answer
            property alias dialog: dialog
            ConfirmDialog { id: dialog; heading: "Block Ana?"; words: "She is not told."; yes: "Block"
                onAccepted: answer = "yes"
                onRejected: answer = "no" })");
        auto* dialog = read("dialog").value<QObject*>();
        QVERIFY(QMetaObject::invokeMethod(dialog, "open"));
        QTRY_VERIFY(dialog->property("opened").toBool());
        QVERIFY(node(QAccessible::Dialog, "Block Ana?") != nullptr);
        QVERIFY(node(QAccessible::Button, "Cancel")->rect().height() >= least);
        for (const int key : keys)
            press(static_cast<Qt::Key>(key));
        QTRY_COMPARE(read("answer").toString(), answer);
        QTRY_VERIFY(!dialog->property("opened").toBool());
    }
    void aSwitchTellsItsState()
    {
        show(R"(Toggle { focus: true; label: "Read receipts" })");
        auto* toggle = node(QAccessible::CheckBox, "Read receipts");
        QVERIFY(toggle != nullptr);
        QVERIFY(!toggle->state().checked);
        press(Qt::Key_Space);
        QVERIFY(toggle->state().checked);
        QVERIFY(toggle->actionInterface() != nullptr);
        toggle->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QVERIFY(!toggle->state().checked);
    }
    void aProblemOfAFieldIsSpoken()
    {
        show(R"(TextEntry { width: 240; label: "Name"; problem: "That name is taken." })");
        auto* field = node(QAccessible::EditableText, "Name");
        QVERIFY(field != nullptr);
        QCOMPARE(field->text(QAccessible::Description), QStringLiteral("That name is taken."));
        QVERIFY(field->rect().height() >= least);
    }
};

QTEST_MAIN(ControlsTest)
#include "ControlsTest.moc"
