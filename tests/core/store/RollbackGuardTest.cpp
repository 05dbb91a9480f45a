#include "core/store/RollbackGuard.h"

#include "tests/support/base/MemoryKeyVault.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class RollbackGuardTest : public QObject
{
    Q_OBJECT

    SeededRandom random_{11};

    StateVerdict start(TestStore& store, KeyVault& vault)
    {
        return RollbackGuard(store->account(), vault, "profile").check(random_).value();
    }

private Q_SLOTS:
    void anOrdinaryLifeContinues()
    {
        TestStore store;
        MemoryKeyVault vault;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        prepare(*store);
        for (int i = 0; i < 5; ++i) {
            store.crash();
            QCOMPARE(start(store, vault), StateVerdict::Continues);
        }
        QCOMPARE(store->account().stamp()->counter, 6U);
    }
    void anOldCopyIsNoticed()
    {
        TestStore store;
        MemoryKeyVault vault;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        prepare(*store);
        store.reopen(); // merged into the file
        store.reopen();
        const Bytes old = store.disk().contents(TestStore::path());
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        store.disk().crash();
        store.disk().setContents(TestStore::path(), old);
        store.disk().setContents(TestStore::path() + "-wal", {});
        store.reopen();
        QCOMPARE(start(store, vault), StateVerdict::RolledBack);
        QCOMPARE(start(store, vault), StateVerdict::RolledBack); // until somebody acts
        KITH_VERIFY_OK(RollbackGuard(store->account(), vault, "profile").startOver(random_));
        QCOMPARE(start(store, vault), StateVerdict::Continues);
    }
    void aCopyOnAnotherMachineIsForeign()
    {
        TestStore store;
        MemoryKeyVault vault;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        prepare(*store);
        MemoryKeyVault elsewhere;
        QCOMPARE(start(store, elsewhere), StateVerdict::Foreign);
        TestStore second;
        QCOMPARE(start(second, elsewhere), StateVerdict::Continues);
        QCOMPARE(start(store, elsewhere), StateVerdict::Foreign); // another incarnation
    }
    void aStopBetweenDatabaseAndVaultIsNoRollBack()
    {
        TestStore store;
        MemoryKeyVault vault;
        vault.failure = Error::make(KeyVaultError::Unavailable, "locked");
        RollbackGuard guard(store->account(), vault, "profile");
        KITH_VERIFY_FAILS(guard.check(random_), KeyVaultError::Unavailable);
        vault.failure.reset();
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        const auto before = vault.keys;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        vault.keys = before; // the vault did not get the last one
        QCOMPARE(start(store, vault), StateVerdict::Continues);
    }
    void aStopAtTheVeryFirstStampIsNoRollBack()
    {
        TestStore store;
        MemoryKeyVault vault;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        vault.keys.clear();
        QCOMPARE(start(store, vault), StateVerdict::Continues);
    }
    void aDamagedStampIsSaid()
    {
        TestStore store;
        MemoryKeyVault vault;
        QCOMPARE(start(store, vault), StateVerdict::Continues);
        vault.keys["profile.state"] = "short";
        KITH_VERIFY_FAILS(RollbackGuard(store->account(), vault, "profile").check(random_), KeyVaultError::Damaged);
    }
};

QTEST_APPLESS_MAIN(RollbackGuardTest)
#include "RollbackGuardTest.moc"
