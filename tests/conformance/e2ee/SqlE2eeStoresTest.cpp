#include "core/store/ClientStore.h"
#include "tests/conformance/e2ee/IdentityStoreSuite.h"
#include "tests/conformance/e2ee/PreKeyStoreSuite.h"
#include "tests/conformance/e2ee/SessionStoreSuite.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith::test;

/// core/e2ee's ports on SQLCipher, each in one transaction as core/sync uses them, and each call in its own.
class SqlE2eeStoresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sessions()
    {
        TestStore joined;
        const auto transaction = joined->begin();
        QVERIFY(transaction.ok());
        QCOMPARE(sessionStoreFault(joined->sessions()), std::string());
        TestStore single;
        QCOMPARE(sessionStoreFault(single->sessions()), std::string());
    }
    void preKeys()
    {
        TestStore joined;
        const auto transaction = joined->begin();
        QVERIFY(transaction.ok());
        QCOMPARE(preKeyStoreFault(joined->preKeys()), std::string());
    }
    void identities()
    {
        TestStore joined;
        const auto transaction = joined->begin();
        QVERIFY(transaction.ok());
        QCOMPARE(identityStoreFault(joined->identities()), std::string());
        TestStore single;
        QCOMPARE(identityStoreFault(single->identities()), std::string());
    }
};

QTEST_APPLESS_MAIN(SqlE2eeStoresTest)
#include "SqlE2eeStoresTest.moc"
