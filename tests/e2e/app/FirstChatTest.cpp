#include "tests/e2e/KithdProcess.h"
#include "tests/e2e/app/AppPerson.h"
#include "tests/support/app/WatchedApplication.h"

#include <QFont>
#include <QQuickWindow>

using namespace kith;
using namespace kith::test;

namespace
{

test::WatchedApplication* application = nullptr;

QString text(const char* words)
{
    return QString::fromLatin1(words);
}

QByteArray slowest()
{
    QByteArray words;
    for (const std::string& line : application->slow())
        words += QByteArray::fromStdString(line) + "; ";
    return words;
}

QString inviteOf(const KithdProcess& kithd)
{
    return kithd.command({text("invite"), text("create")}).answer[text("invite")].toString();
}

const QString anasPassphrase = text("corner lamp velvet nine");
const QString bensPassphrase = text("river stone paper four");

} // namespace

/// Two people at the real window, over a real server: nothing is scripted, everything is found by what is shown.
class FirstChatTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoPeopleFromNothingToReadMarks()
    {
        KithdProcess kithd;
        QVERIFY(kithd.serves());
        AppPerson ana(text("ana"));
        AppPerson ben(text("ben"));
        QVERIFY(ana.starts() && ana.registersBy(inviteOf(kithd), anasPassphrase));
        QVERIFY(ben.starts() && ben.registersBy(inviteOf(kithd), bensPassphrase));

        QVERIFY(ana.begins(text("ben")) && ana.writes(text("Hello Ben")));
        QVERIFY(ana.sees(text("Hello Ben"), text("sent")));
        ana.screen().picture(text("ana-6-sent"));
        ben.screen().activate();
        QVERIFY(ben.accepts(text("ana")) && ben.hears(text("Hello Ben")));
        application->watch(true);
        // It was on Ben's screen for a second, in the window in front of him.
        QVERIFY(ana.sees(text("Hello Ben"), text("read")));
        QVERIFY(ben.writes(text("Hello Ana")));
        QVERIFY(ana.hears(text("Hello Ana")));
        // Ana's window is not the one in front: it arrived, and nobody has read it.
        QVERIFY(ben.sees(text("Hello Ana"), text("delivered")));
        ben.screen().picture(text("ben-6-delivered"));
        ana.screen().activate();
        QVERIFY(ben.sees(text("Hello Ana"), text("read")));
        ana.screen().picture(text("ana-7-chat"));
        ben.screen().picture(text("ben-7-chat"));
        QVERIFY2(application->slow().empty(), slowest());
        application->watch(false);
    }

    void aRestartKeepsThePlace()
    {
        KithdProcess kithd;
        AppPerson ana(text("ana"));
        AppPerson ben(text("ben"));
        QVERIFY(ana.starts() && ana.registersBy(inviteOf(kithd), anasPassphrase));
        QVERIFY(ben.starts() && ben.registersBy(inviteOf(kithd), bensPassphrase));
        QVERIFY(ana.begins(text("ben")) && ana.writes(text("Where were we?")));

        QVERIFY(ana.starts());
        QVERIFY(ana.screen().type(text("Passphrase"), text("not this one")));
        QVERIFY(ana.screen().press(text("Open")));
        QVERIFY(ana.screen().says(text("This passphrase does not open your messages.")));
        ana.screen().picture(text("ana-8-wrong-passphrase"));
        QVERIFY(ana.opensWith(anasPassphrase));
        // The chat that was open is, without a click.
        QVERIFY(ana.screen().shows(QAccessible::EditableText, text("Message ben")));
        QVERIFY(ana.hears(text("Where were we?")));
        QVERIFY(ana.writes(text("Right here")) && ana.sees(text("Right here"), text("sent")));
    }

    void theServerDiesAndComesBack()
    {
        QTemporaryDir folder;
        const QString data = folder.path() + text("/data");
        auto kithd = std::make_unique<KithdProcess>(QStringList{}, data);
        QVERIFY(kithd->serves());
        const QString place = text("127.0.0.1:%1").arg(kithd->port());
        AppPerson ana(text("ana"));
        AppPerson ben(text("ben"));
        QVERIFY(ana.starts() && ana.registersBy(inviteOf(*kithd), anasPassphrase));
        QVERIFY(ben.starts() && ben.registersBy(inviteOf(*kithd), bensPassphrase));
        QVERIFY(ana.begins(text("ben")) && ana.writes(text("Before")) && ana.sees(text("Before"), text("sent")));

        kithd.reset(); // SIGKILL
        QVERIFY(ana.screen().says(text("Your messages are kept and will be sent."), 40'000));
        QVERIFY(ana.writes(text("Meanwhile")));
        QVERIFY(ana.sees(text("Meanwhile"), text("waiting to be sent")));
        ana.screen().picture(text("ana-9-server-gone"));

        kithd = std::make_unique<KithdProcess>(QStringList{}, data, place);
        QVERIFY(kithd->serves());
        QVERIFY(ana.sees(text("Meanwhile"), text("sent")));
        QVERIFY(ana.screen().isGone(text("Your messages are kept and will be sent.")));
    }

    /// A name that is taken costs nothing but another one: what was typed stays, and the key is asked for once.
    void aTakenNameIsSaidInWords()
    {
        KithdProcess kithd;
        AppPerson ana(text("ana"));
        QVERIFY(ana.starts() && ana.registersBy(inviteOf(kithd), anasPassphrase));
        AppPerson other(text("ana"));
        QVERIFY(other.starts(inviteOf(kithd)));
        QVERIFY(other.screen().type(text("Your name on this server"), text("ana")));
        other.screen().picture(text("other-1-link"));
        QVERIFY(other.screen().press(text("Continue")));
        QVERIFY(other.screen().type(text("Passphrase"), bensPassphrase));
        QVERIFY(other.screen().press(text("Create account")));
        QVERIFY(other.screen().shows(QAccessible::AlertMessage, text("This name is taken")));
        other.screen().picture(text("other-2-taken"));
        QVERIFY(other.screen().type(text("Your name on this server"), text("ana2")));
        QVERIFY(other.screen().press(text("Create account")));
        QVERIFY(other.screen().says(text("you are @ana2")));
    }
};

int main(int argc, char** argv)
{
    test::WatchedApplication watched(argc, argv);
    QGuiApplication::setFont(QFont(QStringLiteral("Inter")));
    application = &watched;
    FirstChatTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "FirstChatTest.moc"
