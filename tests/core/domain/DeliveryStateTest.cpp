#include "core/domain/DeliveryState.h"

#include <QTest>

using namespace kith;

class DeliveryStateTest : public QObject
{
    Q_OBJECT

    static Message own(std::optional<OutboxState> state, std::uint64_t seq)
    {
        Message message;
        message.own = true;
        message.outbox = state;
        if (seq != 0)
            message.position = LogPosition{Generation{std::uint64_t{1}}, Seq{seq}};
        return message;
    }
    static MemberMark mark(std::uint64_t delivered, std::uint64_t read)
    {
        return {UserId{}, Seq{delivered}, Seq{read}};
    }

private Q_SLOTS:
    void theirsIsReceived() { QCOMPARE(deliveryState(Message{}, {}), DeliveryState::Received); }
    void followsTheOutbox()
    {
        QCOMPARE(deliveryState(own(OutboxState::Queued, 0), {}), DeliveryState::Queued);
        QCOMPARE(deliveryState(own(OutboxState::Sealed, 0), {}), DeliveryState::Sending);
        QCOMPARE(deliveryState(own(OutboxState::Sent, 0), {}), DeliveryState::Sending);
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 4), {}), DeliveryState::Accepted);
        QCOMPARE(deliveryState(own(OutboxState::Failed, 0), {}), DeliveryState::Failed);
    }
    void marksTurnTicksOnlyFromTheirSeqOn()
    {
        const std::vector marks{mark(5, 4)};
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 4), marks), DeliveryState::Read);
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 5), marks), DeliveryState::Delivered);
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 6), marks), DeliveryState::Accepted);
    }
    void theSlowestMemberDecides()
    {
        const std::vector marks{mark(9, 9), mark(7, 2)};
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 7), marks), DeliveryState::Delivered);
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 8), marks), DeliveryState::Accepted);
    }
    void fromAnotherOwnDeviceIsAccepted() { QCOMPARE(deliveryState(own({}, 4), {}), DeliveryState::Accepted); }
    void marksNeverTurnWhatIsNotAccepted()
    {
        const std::vector marks{mark(100, 100)};
        QCOMPARE(deliveryState(own(OutboxState::Sent, 0), marks), DeliveryState::Sending);
        QCOMPARE(deliveryState(own(OutboxState::Accepted, 0), marks), DeliveryState::Accepted);
    }
    void whatAServerLostIsNotConfirmed()
    {
        Message message = own(OutboxState::Accepted, 4);
        message.confirmation = Confirmation::Unconfirmed;
        const std::vector marks{mark(5, 5)};
        QCOMPARE(deliveryState(message, marks), DeliveryState::Unconfirmed);
        message.own = false; // only this device has it, whoever wrote it
        QCOMPARE(deliveryState(message, marks), DeliveryState::Unconfirmed);
    }
};

QTEST_APPLESS_MAIN(DeliveryStateTest)
#include "DeliveryStateTest.moc"
