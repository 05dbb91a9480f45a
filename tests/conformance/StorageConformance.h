#pragma once
/// The conformance suite of the storage port: what every implementation must do, invariant by invariant of Storage.h.
/// Run by each implementation's test program. Thread: the test's.

#include "tests/conformance/StorageCalls.h"

#include <QObject>

namespace kith::test
{

class StorageConformance : public QObject
{
    Q_OBJECT
public:
    explicit StorageConformance(StorageFixture& fixture) : fixture_(fixture), calls_(fixture) {}

private Q_SLOTS:
    void init() { fixture_.startFresh(); }

    // Records
    void recordsComeBackWithRisingVersions();
    void deletedRecordsAreGoneAndTheirVersionNeverReturns();
    void scanIsOrderedBoundedAndPaged();
    void expectationsHoldOrNothingIsWritten();
    void expectationsSeeTheSameGroup();
    void twoBucketsInOneTransactionAreRefused();

    // Logs: invariants 1-3
    void entriesAreNumberedWithoutHoles();
    void everyFieldOfAnEntryIsStored();
    void theChainRecomputes();
    void rowTimeNeverFalls();
    void entryIdsSortByTime();
    void pagesEndAtTheirLimits();
    void unknownLogsAreNotFound();
    void generationIsCompared();
    void epochIsCompareAndSet();
    void dropsLeaveTombstones();
    void dropsOfWhatIsNotThereAreRefused();

    // Deduplication: invariant 4
    void aRepeatedSendReturnsTheFirstResult();
    void repeatsAreAnsweredBeforeExpectations();
    void theWindowHoldsExactlySixtyFour();
    void aGapNamesTheExpectedNumber();
    void aSecondMessageUnderOneNumberIsAClone();
    void serverEntriesAreNotDeduplicated();
    void severalSendsOfOneTransaction();
    void repeatedAndNewSendsDoNotMix();

    // Activity marks: invariant 5
    void activityNamesLogsSinceAnHour();
    void activityHourNeverFalls();

    // Marks and cursors
    void marksMoveForwardOnlyAndNotPastTheHead();
    void marksRideOnTheNextCommit();
    void marksRevisionRisesOverRestarts();
    void changedMarksTellMembersWithTheCommit();
    void aLowerStatementIsAClone();
    void marksOfUnknownLogsAreRefused();

    // Trim
    void trimTakesBodiesOfWholeHours();
    void trimIsBoundedAndSaysWhatWaits();
    void trimKeepsDedupe();
    void trimExpiresActivity();

    // Generations
    void aNewGenerationCutsEveryLog();
    void aNewGenerationWithdrawsOneTimeKeys();
    void aLogAfterARestoreNeverRepeatsNumbers();

    // Ends: invariants 1 and 6
    void whatWasAcknowledgedSurvivesAKill();
    void aFailedWriteStopsTheWriter_data();
    void aFailedWriteStopsTheWriter();
    void aNewerStoreIsRefusedInWords();
    void manySubmittersShareTheWriter();

private:
    StorageFixture& fixture_;
    StorageCalls calls_;
};

} // namespace kith::test
