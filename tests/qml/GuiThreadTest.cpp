#include "app/offline/Scenes.h"
#include "tests/support/app/WatchedApplication.h"

#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

using namespace kith;
using namespace kith::offline;

namespace
{

test::WatchedApplication* application = nullptr;

QByteArray slowest()
{
    QByteArray words;
    for (const std::string& line : application->slow())
        words += QByteArray::fromStdString(line) + "; ";
    return words;
}

/// A delivery, not a keystroke: several frames pass.
void draw(const Stage& stage)
{
    stage.app->settle();
    (void)stage.app->window()->grabWindow();
}

} // namespace

/// No event of the GUI thread takes longer than a person notices.
class GuiThreadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Without this the others would prove nothing.
    void theWatchdogBarks()
    {
        application->watch(true);
        bool ran = false;
        QMetaObject::invokeMethod(
            this,
            [&ran] {
                volatile double sum = 0;
                for (int i = 0; i < 100'000'000; ++i)
                    sum = sum + i;
                ran = true;
            },
            Qt::QueuedConnection);
        QTRY_VERIFY(ran);
        QCOMPARE(application->slow().size(), 1U);
        application->watch(false);
    }
    void switchingChatsTypingAndReceiving()
    {
        const Stage stage = open(*findScene("chat"), {{}, {}, QLocale(QStringLiteral("en_GB"))});
        draw(stage);
        application->watch(true);
        for (int turn = 0; turn < 6; ++turn) {
            stage.app->conversations().selectBeside(turn < 3 ? 1 : -1);
            stage.app->settle();
        }
        for (const char key : std::string("a line that is typed while others write"))
            QTest::keyClick(stage.app->window(), key);
        stage.app->settle();
        QVERIFY2(application->slow().empty(), slowest());
        application->watch(false);
    }
    /// The store is filled outside the watch (here it lives on this thread); what the window does with it is watched.
    void tenThousandMessagesArrive()
    {
        const Stage stage = open(*findScene("chat"), {{}, {}, QLocale(QStringLiteral("en_GB"))});
        draw(stage);
        Person& busy = stage.world->add("busy", "A busy chat");
        stage.world->flood(busy, 10'000, "message");
        application->watch(true);
        stage.app->settle();
        stage.app->open(busy);
        QTRY_VERIFY(stage.app->chat().timeline()->isReady());
        for (int page = 0; page < 5; ++page) {
            auto* timeline = stage.app->chat().timeline();
            stage.app->chat().setVisible(timeline->rowCount() - 10, timeline->rowCount() - 1);
            stage.app->settle();
        }
        QVERIFY2(application->slow().empty(), slowest());
        application->watch(false);
    }
};

int main(int argc, char** argv)
{
    test::WatchedApplication watched(argc, argv);
    application = &watched;
    GuiThreadTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "GuiThreadTest.moc"
