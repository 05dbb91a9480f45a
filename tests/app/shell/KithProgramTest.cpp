#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace
{

QString text(const char* words)
{
    return QString::fromLatin1(words);
}

} // namespace

/// The command line of kith, and that it starts and ends where there is nothing yet.
class KithProgramTest : public QObject
{
    Q_OBJECT

    QTemporaryDir home_;

    void start(QProcess& process, const QStringList& arguments) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(text("XDG_DATA_HOME"), home_.path());
        environment.insert(text("HOME"), home_.path());
        environment.insert(text("XDG_RUNTIME_DIR"), home_.path());
        environment.remove(text("DBUS_SESSION_BUS_ADDRESS"));
        process.setProcessEnvironment(environment);
        process.start(qEnvironmentVariable("KITH_BIN_DIR") + text("/kith"), arguments);
    }
    int run(const QStringList& arguments, QByteArray* out = nullptr, QByteArray* errors = nullptr) const
    {
        QProcess process;
        start(process, arguments);
        if (!process.waitForFinished())
            return -1;
        if (out != nullptr)
            *out = process.readAllStandardOutput();
        if (errors != nullptr)
            *errors = process.readAllStandardError();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

private Q_SLOTS:
    void saysWhatItIs()
    {
        QByteArray out;
        QCOMPARE(run({text("--version")}, &out), 0);
        QVERIFY2(out.startsWith("kith 0."), out);
        QCOMPARE(run({text("--help")}, &out), 0);
        QVERIFY2(out.contains("--profile <NAME>") && out.contains("kith://"), out);
    }
    void refusesWhatItCannotUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("a path") << QStringList{text("--profile"), text("../ana")} << QByteArray("a profile's name");
        QTest::newRow("no name") << QStringList{text("--profile"), QString()} << QByteArray("a profile's name");
        QTest::newRow("no link") << QStringList{text("https://kith.example")} << QByteArray("begins with kith://");
        QTest::newRow("two links") << QStringList{text("kith://a"), text("kith://b")} << QByteArray("only one");
    }
    void refusesWhatItCannotUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        QByteArray errors;
        QCOMPARE(run(arguments, nullptr, &errors), 2);
        QVERIFY2(errors.contains(words), errors);
    }
    /// First run makes nothing on disk before an account is made, and complains of nothing.
    void startsWithNothingThere()
    {
        QProcess process;
        start(process, {text("--profile"), text("ana")});
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(2000)); // it runs until it is ended
        process.terminate();
        QVERIFY(process.waitForFinished());
        const QByteArray errors = process.readAllStandardError();
        QVERIFY2(errors.isEmpty(), errors);
        QVERIFY(!QFile::exists(home_.filePath(text("kith/ana/kith.db"))));
    }
};

QTEST_GUILESS_MAIN(KithProgramTest)
#include "KithProgramTest.moc"
