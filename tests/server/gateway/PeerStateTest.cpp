#include "server/gateway/PeerState.h"

#include "server/gateway/calls/CallTable.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

class PeerStateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Every cell of the table: four states, every call and "no call".
    void everyCell()
    {
        for (const PeerState state : peerStates) {
            QCOMPARE(judge(state, nullptr), state == PeerState::Closed ? Verdict::Ignore : Verdict::NoSuchCall);
            for (const wire::Call& call : wire::calls()) {
                const bool signsIn =
                    call.method == wire::REGISTER || call.method == wire::AUTHENTICATE || call.method == wire::RESUME;
                Verdict expected = Verdict::Serve;
                if (state == PeerState::Closed)
                    expected = Verdict::Ignore;
                else if (state == PeerState::Draining)
                    expected = Verdict::GoingAway;
                else if (state == PeerState::Greeting && !call.beforeAuthentication)
                    expected = Verdict::SignInFirst;
                else if (state == PeerState::Authenticated && signsIn)
                    expected = Verdict::SignedInBefore;
                QCOMPARE(judge(state, &call), expected);
            }
        }
    }
    void onlyFiveCallsGoBeforeSigningIn()
    {
        int before = 0;
        for (const wire::Call& call : wire::calls())
            before += judge(PeerState::Greeting, &call) == Verdict::Serve ? 1 : 0;
        QCOMPARE(before, 5); // Hello, Register, Authenticate, Resume, Ping
    }
    void everyCallHasAHandler()
    {
        for (const wire::Call& call : wire::calls())
            QVERIFY2(handlerOf(call.method) != nullptr, std::string(call.name).c_str());
        QVERIFY(handlerOf(static_cast<wire::Method>(99)) == nullptr);
    }
    void refusalsSayWhetherToTryAgain()
    {
        QCOMPARE(refusalOf(Verdict::GoingAway).remedy, Remedy::Retry);
        QVERIFY(refusalOf(Verdict::SignInFirst).is(wire::WireCode::Unauthenticated));
        QVERIFY(refusalOf(Verdict::NoSuchCall).is(wire::WireCode::Invalid));
    }
};

QTEST_APPLESS_MAIN(PeerStateTest)
#include "PeerStateTest.moc"
