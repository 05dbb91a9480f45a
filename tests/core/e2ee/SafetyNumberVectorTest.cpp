#include "core/e2ee/SafetyNumber.h"
#include "tests/support/vectors/VectorFolder.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class SafetyNumberVectorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyRecord()
    {
        VectorFolder folder(QStringLiteral("safety-number"), VectorFolder::OwnCopy::Yes);
        KITH_NEED_VECTORS(folder);
        for (const VectorFolder::File& file : folder.files()) {
            QVERIFY2(file.json.isArray(), qPrintable(file.name + QStringLiteral(": unknown kind")));
            for (const QJsonValue& value : file.json.array()) {
                const QJsonObject record = value.toObject();
                const auto text = [&](const char* name) { return record.value(QLatin1String(name)); };
                QVERIFY2(text("version").toInt() == 2 && text("iterations").toInt() == safetyNumberIterations,
                         qPrintable(file.name + QStringLiteral(": unknown kind")));
                const auto own = Fingerprint::of(hexOf(text("local_id")), hexOf(text("local_identity_key")));
                const auto peer = Fingerprint::of(hexOf(text("remote_id")), hexOf(text("remote_identity_key")));
                QCOMPARE(safetyNumber(own, peer), text("displayable").toString().toStdString());
                QCOMPARE(safetyNumber(peer, own), safetyNumber(own, peer));
                QCOMPARE(toHex(safetyNumberQr(own, peer)), text("scannable").toString().toStdString());
                QCOMPARE(checkSafetyNumberQr(hexOf(text("scannable")), peer, own), QrVerdict::Match);
                QCOMPARE(checkSafetyNumberQr(hexOf(text("scannable")), own, peer), QrVerdict::Mismatch);
                folder.countRecord();
            }
        }
        folder.report();
        QVERIFY(folder.records() > 0);
    }
    void anotherCodeIsNotASafetyNumber()
    {
        const auto own = Fingerprint::of("a", "b");
        Bytes code = safetyNumberQr(own, own);
        QCOMPARE(checkSafetyNumberQr("https://example.org", own, own), QrVerdict::NotACode);
        QCOMPARE(checkSafetyNumberQr(code + "x", own, own), QrVerdict::NotACode);
        code[1] = 3;
        QCOMPARE(checkSafetyNumberQr(code, own, own), QrVerdict::NotACode);
    }
};

QTEST_APPLESS_MAIN(SafetyNumberVectorTest)
#include "SafetyNumberVectorTest.moc"
