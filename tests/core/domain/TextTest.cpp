#include "core/domain/Text.h"

#include <QTest>

#include <string>

using namespace kith;

class TextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void acceptsEveryLength()
    {
        for (const char* text :
             {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
            QVERIFY(isValidText(text));
        QVERIFY(isValidText(""));
    }
    void refusesMalformed()
    {
        using namespace std::string_view_literals;
        for (const auto text :
             {"\x80"sv, "\xc3"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x9f\xbf"sv, "\xed\xa0\x80"sv, "\xf0\x8f\xbf\xbf"sv,
              "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "a\0b"sv, "\xe2\x82"sv, "\xf0\x9f\x98"sv})
            QVERIFY(!isValidText(text));
    }
    void messagesHaveContentAndALimit()
    {
        QVERIFY(isValidMessageText(std::string(maxMessageText, 'x')));
        QVERIFY(!isValidMessageText(std::string(maxMessageText + 1, 'x')));
        QVERIFY(!isValidMessageText(""));
        QVERIFY(!isValidMessageText(" \n\t"));
    }
    void displayNamesAreOneLine()
    {
        QVERIFY(isValidDisplayName("Ana Müller"));
        QVERIFY(isValidDisplayName(""));
        QVERIFY(!isValidDisplayName("Ana\nBob"));
        QVERIFY(!isValidDisplayName(std::string(maxDisplayName + 1, 'x')));
    }
};

QTEST_APPLESS_MAIN(TextTest)
#include "TextTest.moc"
