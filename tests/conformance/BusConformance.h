#pragma once
/// The conformance suite of the bus port: what every implementation must do, invariant by invariant of Bus.h. Run by
/// each implementation's test program. Thread: the test's.

#include "server/bus/Bus.h"

#include <QObject>

namespace kith::test
{

/// What an implementation offers to the suite.
class BusFixture
{
public:
    virtual ~BusFixture() = default;
    /// Throws away what there was and makes an empty bus.
    virtual void startFresh() = 0;
    [[nodiscard]] virtual server::Bus& bus() = 0;
    /// Runs the gateways' executors until nothing moves any more.
    virtual void pump() = 0;
    /// The executor that gateways of this suite subscribe with.
    [[nodiscard]] virtual Executor& executor() = 0;
    /// Makes the bus lose the next message to this gateway, by whatever makes this implementation lose one.
    virtual void loseNext(server::GatewayId gateway) = 0;
};

class BusConformance : public QObject
{
    Q_OBJECT
public:
    explicit BusConformance(BusFixture& fixture) : fixture_(fixture) {}

private Q_SLOTS:
    void init() { fixture_.startFresh(); }

    void messagesArriveInOrderAndNumberedFromOne();
    void nothingRunsInsideTheCall();
    void eachGatewayIsNumberedApart();
    void aLossShowsAsAGap();
    void nobodySubscribedIsNobodyTold();
    void unsubscribedIsSilentAtOnce();
    void subscribingAgainStartsOver();
    void aReceiverMayPublish();
    void everyKindOfEventPasses();

private:
    BusFixture& fixture_;
};

} // namespace kith::test
