#include "core/models/Emoji.h"
#include "core/models/Names.h"

#include <QTest>

using namespace kith;

class RowTextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsTextsOfOnlyEmoji_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("count");
        QTest::newRow("empty") << QString() << 0;
        QTest::newRow("spaces") << QStringLiteral("  ") << 0;
        QTest::newRow("word") << QStringLiteral("yes") << 0;
        QTest::newRow("digit") << QStringLiteral("1") << 0;
        QTest::newRow("one") << QStringLiteral("\U0001F389") << 1;
        QTest::newRow("spaced") << QStringLiteral(" \U0001F389 \U0001F389 ") << 2;
        QTest::newRow("three") << QStringLiteral("\U0001F389\U0001F44D\U0001F600") << 3;
        QTest::newRow("four") << QStringLiteral("\U0001F389\U0001F44D\U0001F600\U0001F389") << 0;
        QTest::newRow("with a word") << QStringLiteral("\U0001F389 yes") << 0;
        QTest::newRow("skin tone") << QStringLiteral("\U0001F44D\U0001F3FD") << 1;
        QTest::newRow("family") << QStringLiteral("\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466") << 1;
        QTest::newRow("flag") << QStringLiteral("\U0001F1F5\U0001F1F9") << 1;
        QTest::newRow("heart with selector") << QStringLiteral("\u2764\uFE0F") << 1;
        QTest::newRow("heart as text") << QStringLiteral("\u2764") << 0;
        QTest::newRow("keycap") << QStringLiteral("1\uFE0F\u20E3") << 1;
        QTest::newRow("a long text") << QString(100000, QChar(u'a')) << 0;
    }
    void countsTextsOfOnlyEmoji()
    {
        QFETCH(QString, text);
        QTEST(countOfOnlyEmoji(text, 3), "count");
    }
    void initialsAreLettersAsPeopleSeeThem_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("initials");
        QTest::newRow("none") << QString() << QString();
        QTest::newRow("one") << QStringLiteral("theo") << QStringLiteral("T");
        QTest::newRow("two") << QStringLiteral(" mara  lindqvist ") << QStringLiteral("ML");
        QTest::newRow("three") << QStringLiteral("Ana de Sousa") << QStringLiteral("AS");
        QTest::newRow("combining") << QStringLiteral("e\u0301va") << QStringLiteral("E\u0301");
        QTest::newRow("arabic") << QStringLiteral("\u0633\u0627\u0631\u0629") << QStringLiteral("\u0633");
    }
    void initialsAreLettersAsPeopleSeeThem()
    {
        QFETCH(QString, name);
        QTEST(initialsOf(name), "initials");
    }
    void theSamePersonKeepsTheHue()
    {
        std::array<int, avatarHues> seen{};
        for (int octet = 0; octet < 64; ++octet) {
            const UserId user = *UserId::fromBytes(Bytes(UserId::size - 1, '\x11') + static_cast<char>(octet));
            QCOMPARE(hueOf(user), hueOf(user));
            ++seen.at(static_cast<std::size_t>(hueOf(user)));
        }
        for (const int count : seen)
            QVERIFY(count > 0); // all eight are used
    }
};

QTEST_APPLESS_MAIN(RowTextTest)
#include "RowTextTest.moc"
