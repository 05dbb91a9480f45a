#include "tests/conformance/e2ee/IdentityStoreSuite.h"
#include "tests/conformance/e2ee/PreKeyStoreSuite.h"
#include "tests/conformance/e2ee/SessionStoreSuite.h"
#include "tests/support/e2ee/MemoryIdentityStore.h"
#include "tests/support/e2ee/MemoryPreKeyStore.h"
#include "tests/support/e2ee/MemorySessionStore.h"

#include <QTest>

using namespace kith::test;

class MemoryE2eeStoresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sessions()
    {
        MemorySessionStore store;
        QCOMPARE(sessionStoreFault(store), std::string());
    }
    void preKeys()
    {
        MemoryPreKeyStore store;
        QCOMPARE(preKeyStoreFault(store), std::string());
    }
    void identities()
    {
        MemoryIdentityStore store;
        QCOMPARE(identityStoreFault(store), std::string());
    }
};

QTEST_APPLESS_MAIN(MemoryE2eeStoresTest)
#include "MemoryE2eeStoresTest.moc"
