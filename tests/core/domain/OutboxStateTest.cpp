#include "core/domain/OutboxState.h"

#include <QTest>

#include <array>

using namespace kith;

namespace
{

constexpr std::array allStates{OutboxState::Queued, OutboxState::Sealed, OutboxState::Sent, OutboxState::Accepted,
                               OutboxState::Failed};
constexpr std::array allEvents{OutboxEvent::Seal,   OutboxEvent::HandOver, OutboxEvent::Disconnect,
                               OutboxEvent::Reseal, OutboxEvent::Accept,   OutboxEvent::Reject,
                               OutboxEvent::Retry,  OutboxEvent::Requeue};

struct Cell {
    OutboxState from;
    OutboxEvent event;
    OutboxState to;
};

// Every cell that leads somewhere; every other cell must refuse.
constexpr std::array cells{
    Cell{OutboxState::Queued, OutboxEvent::Seal, OutboxState::Sealed},
    Cell{OutboxState::Queued, OutboxEvent::Accept, OutboxState::Accepted},
    Cell{OutboxState::Queued, OutboxEvent::Reject, OutboxState::Failed},
    Cell{OutboxState::Sealed, OutboxEvent::HandOver, OutboxState::Sent},
    Cell{OutboxState::Sealed, OutboxEvent::Disconnect, OutboxState::Sealed},
    Cell{OutboxState::Sealed, OutboxEvent::Reseal, OutboxState::Sealed},
    Cell{OutboxState::Sealed, OutboxEvent::Accept, OutboxState::Accepted},
    Cell{OutboxState::Sealed, OutboxEvent::Reject, OutboxState::Failed},
    Cell{OutboxState::Sealed, OutboxEvent::Requeue, OutboxState::Queued},
    Cell{OutboxState::Sent, OutboxEvent::Disconnect, OutboxState::Sealed},
    Cell{OutboxState::Sent, OutboxEvent::Reseal, OutboxState::Sealed},
    Cell{OutboxState::Sent, OutboxEvent::Accept, OutboxState::Accepted},
    Cell{OutboxState::Sent, OutboxEvent::Reject, OutboxState::Failed},
    Cell{OutboxState::Sent, OutboxEvent::Requeue, OutboxState::Queued},
    Cell{OutboxState::Accepted, OutboxEvent::Accept, OutboxState::Accepted},
    Cell{OutboxState::Accepted, OutboxEvent::Requeue, OutboxState::Queued},
    Cell{OutboxState::Failed, OutboxEvent::Accept, OutboxState::Accepted},
    Cell{OutboxState::Failed, OutboxEvent::Retry, OutboxState::Queued},
};

} // namespace

class OutboxStateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCell()
    {
        for (const OutboxState state : allStates) {
            for (const OutboxEvent event : allEvents) {
                std::optional<OutboxState> expected;
                for (const Cell& cell : cells)
                    if (cell.from == state && cell.event == event)
                        expected = cell.to;
                QVERIFY2(next(state, event) == expected,
                         (std::string(name(state)) + " " + std::string(name(event))).c_str());
            }
        }
    }
    void numbersOutsideTheTableAreRefused()
    {
        QVERIFY(!next(static_cast<OutboxState>(0), OutboxEvent::Seal));
        QVERIFY(!next(static_cast<OutboxState>(6), OutboxEvent::Seal));
        QVERIFY(!next(OutboxState::Queued, static_cast<OutboxEvent>(8)));
    }
    void nothingSealedIsEverSealedAgain()
    {
        for (const OutboxState state : allStates)
            if (state != OutboxState::Queued)
                QVERIFY(!next(state, OutboxEvent::Seal));
    }
    void storedNumbersAreFrozen()
    {
        int number = 1;
        for (const OutboxState state : allStates)
            QCOMPARE(static_cast<int>(state), number++);
    }
};

QTEST_APPLESS_MAIN(OutboxStateTest)
#include "OutboxStateTest.moc"
