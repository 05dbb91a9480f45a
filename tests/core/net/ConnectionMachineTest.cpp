#include "core/net/ConnectionMachine.h"

#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace
{

using Kind = ConnectionEventKind;
using Phase = ConnectionPhase;
using Fault = TransportFailure;
using Reason = GoodbyeReason;

constexpr std::string_view phaseLetters = "SWOGACNH";  // in the order of ConnectionPhase; N is Online
constexpr std::string_view actionLetters = "oxdphaui"; // in the order of ConnectionAction; i is Ping
constexpr std::string_view troubleLetters = "-UNCVRP"; // in the order of ConnectionTrouble

/// "W/x/U": the phase after the event, the actions, the trouble.
std::string cell(const ConnectionStep& step)
{
    std::string out(1, phaseLetters[static_cast<std::size_t>(step.model.phase)]);
    out += '/';
    for (const ConnectionAction action : step.actions)
        out += actionLetters[static_cast<std::size_t>(action)];
    out += '/';
    out += troubleLetters[static_cast<std::size_t>(step.model.trouble)];
    return out;
}

ConnectionEvent event(Kind kind)
{
    ConnectionEvent out;
    out.kind = kind;
    out.minor = 1;
    out.oldestMinor = 1;
    return out;
}

ConnectionEvent fault(Fault kind)
{
    ConnectionEvent out = event(Kind::Failed);
    out.error.kind = kind;
    out.error.words = "words";
    return out;
}

ConnectionEvent hello(std::uint32_t minor, std::uint32_t oldest)
{
    ConnectionEvent out = event(Kind::HelloAnswered);
    out.minor = minor;
    out.oldestMinor = oldest;
    return out;
}

ConnectionEvent goodbye(Reason reason)
{
    ConnectionEvent out = event(Kind::Goodbye);
    out.reason = reason;
    return out;
}

/// An event and what it does in each phase: Stopped, Waiting (after a refused try, hence U), Opening, Greeting,
/// Authenticating, CatchingUp, oNline, Halted.
struct Row {
    ConnectionEvent event;
    const char* cells;
};

const std::vector<Row>& table()
{
    static const std::vector<Row> rows = {
        {event(Kind::Start), /*          */ "O/o/- W//U  O//-   G//-   A//-   C//-  N//-  O/o/-"},
        {event(Kind::Stop), /*           */ "S//-  S//-  S/x/-  S/x/-  S/x/-  S/x/- S/x/- S//-"},
        {event(Kind::Opened), /*         */ "S//-  W//U  G/h/-  G//-   A//-   C//-  N//-  H//-"},
        {event(Kind::Closed), /*         */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::Refused), /*       */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::Dns), /*           */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::Timeout), /*       */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::HttpStatus), /*    */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::Protocol), /*      */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::Lost), /*          */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/- W/x/- H//-"},
        {fault(Fault::TlsUntrusted), /*  */ "S//-  W//U  W/x/C  W/x/C  W/x/C  W/x/C W/x/C H//-"},
        {fault(Fault::PinMismatch), /*   */ "S//-  W//U  W/x/C  W/x/C  W/x/C  W/x/C W/x/C H//-"},
        {fault(Fault::NoNetwork), /*     */ "S//-  W//U  W/x/N  W/x/N  W/x/N  W/x/N W/x/N H//-"},
        {hello(1, 1), /*                 */ "S//-  W//U  O//-   A/a/-  A//-   C//-  N//-  H//-"},
        {hello(9, 1), /*                 */ "S//-  W//U  O//-   A/a/-  A//-   C//-  N//-  H//-"},
        {hello(9, 9), /* too new         */ "S//-  W//U  O//-   W/x/V  A//-   C//-  N//-  H//-"},
        {hello(0, 0), /* too old         */ "S//-  W//U  O//-   W/x/V  A//-   C//-  N//-  H//-"},
        {event(Kind::HandshakeFailed), /**/ "S//-  W//U  O//-   W/x/U  W/x/U  W/x/U W/x/U H//-"},
        {event(Kind::Authenticated), /*  */ "S//-  W//U  O//-   G//-   C/u/-  C//-  N//-  H//-"},
        {event(Kind::Denied), /*         */ "S//-  W//U  O//-   G//-   H/x/-  H/x/- H/x/- H//-"},
        {event(Kind::CaughtUp), /*       */ "S//-  W//U  O//-   G//-   A//-   N//-  N//-  H//-"},
        {goodbye(Reason::Restarting), /* */ "S//-  W//U  W/x/R  W/x/R  W/x/R  W/x/R W/x/R H//-"},
        {goodbye(Reason::Replaced), /*   */ "S//-  W//U  W/x/P  W/x/P  W/x/P  W/x/P W/x/P H//-"},
        {goodbye(Reason::Revoked), /*    */ "S//-  W//U  H/x/-  H/x/-  H/x/-  H/x/- H/x/- H//-"},
        {goodbye(Reason::TooSlow), /*    */ "S//-  W//U  W/x/-  W/x/-  W/x/-  W/x/- W/x/- H//-"},
        {goodbye(Reason::Idle), /*       */ "S//-  W//U  W/x/-  W/x/-  W/x/-  W/x/- W/x/- H//-"},
        {goodbye(Reason::Unspecified), /**/ "S//-  W//U  W/x/-  W/x/-  W/x/-  W/x/- W/x/- H//-"},
        {goodbye(Reason::Protocol), /*   */ "S//-  W//U  W/x/U  W/x/U  W/x/U  W/x/U W/x/U H//-"},
        {event(Kind::Heard), /*          */ "S//-  W//U  O//-   G//-   A//-   C//-  N//-  H//-"},
        {event(Kind::PingAnswered), /*   */ "S//-  W//U  O//-   G//-   A//-   C//-  N//-  H//-"},
        {event(Kind::Spoke), /*          */ "S//-  W//U  O//-   G//-   A//-   C//-  N//-  H//-"},
        {event(Kind::NetworkUp), /*      */ "S//-  O/o/U O/xo/- O/xo/- O/xo/- C/i/- N/i/- H//-"},
        {event(Kind::NetworkDown), /*    */ "S//-  W//N  O//N   G//N   A//N   C/i/- N/i/- H//-"},
        {event(Kind::LookedAt), /*       */ "S//-  O/o/U O//-   G//-   A//-   C//-  N//-  H//-"},
        {event(Kind::Woke), /*           */ "S//-  O/o/U O/xo/- O/xo/- O/xo/- C/i/- N/i/- H//-"},
        {event(Kind::ProtocolBroken), /* */ "S//-  W//U  W/p/U  W/p/U  W/p/U  W/p/U W/p/U H//-"},
        {event(Kind::Tick), /*           */ "S//-  W//U  O//-   G//-   A//-   C//-  N//-  H//-"},
    };
    return rows;
}

class Driver
{
public:
    ConnectionStep at(ConnectionEvent next)
    {
        next.now = clock.mono();
        next.wall = clock.wall();
        ConnectionStep step = nextStep(model, next, random);
        model = step.model;
        return step;
    }
    ConnectionStep at(Kind kind) { return at(event(kind)); }
    void reach(Phase phase)
    {
        if (phase == Phase::Stopped)
            return;
        at(Kind::Start);
        if (phase == Phase::Waiting)
            at(fault(Fault::Refused));
        if (phase == Phase::Waiting || phase == Phase::Opening)
            return;
        at(Kind::Opened);
        if (phase == Phase::Greeting)
            return;
        at(Kind::HelloAnswered);
        if (phase == Phase::Authenticating)
            return;
        at(phase == Phase::Halted ? Kind::Denied : Kind::Authenticated);
        if (phase == Phase::Online)
            at(Kind::CaughtUp);
    }

    test::FakeClock clock;
    test::SeededRandom random{11};
    ConnectionModel model;
};

} // namespace

class ConnectionMachineTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCell()
    {
        std::array<bool, connectionEventKinds> covered{};
        for (std::size_t number = 0; number < table().size(); ++number) {
            const Row& row = table()[number];
            covered[static_cast<std::size_t>(row.event.kind)] = true;
            const QStringList cells = QString::fromLatin1(row.cells).simplified().split(QLatin1Char(' '));
            QCOMPARE(cells.size(), connectionPhases);
            for (int phase = 0; phase < connectionPhases; ++phase) {
                Driver driver;
                driver.reach(static_cast<Phase>(phase));
                QCOMPARE(driver.model.phase, static_cast<Phase>(phase));
                const QString found = QString::fromStdString(cell(driver.at(row.event)));
                QVERIFY2(found == cells[phase], qPrintable(QStringLiteral("row %1, phase %2: %3, expected %4")
                                                               .arg(number)
                                                               .arg(phase)
                                                               .arg(found, cells[phase])));
            }
        }
        for (int kind = 0; kind < connectionEventKinds; ++kind)
            QVERIFY2(covered[static_cast<std::size_t>(kind)],
                     qPrintable(QStringLiteral("no row for event %1").arg(kind)));
    }

    void withoutCredentialsHelloIsEnough()
    {
        Driver driver;
        driver.model.anonymous = true;
        driver.reach(Phase::Greeting);
        QCOMPARE(cell(driver.at(Kind::HelloAnswered)), std::string("N/u/-"));
    }

    void everyStateIsShown()
    {
        const std::pair<ConnectionEvent, ConnectionState> rows[] = {
            {fault(Fault::Refused), ConnectionState::Unreachable},
            {fault(Fault::NoNetwork), ConnectionState::Offline},
            {fault(Fault::TlsUntrusted), ConnectionState::CertificateProblem},
            {goodbye(Reason::Restarting), ConnectionState::Restarting},
            {goodbye(Reason::Replaced), ConnectionState::Offline},
            {goodbye(Reason::Revoked), ConnectionState::Revoked},
            {hello(9, 9), ConnectionState::NewerProtocol},
        };
        for (const auto& [cause, state] : rows) {
            Driver driver;
            driver.reach(Phase::Greeting);
            driver.at(cause);
            QCOMPARE(factOf(driver.model).state, state);
            QCOMPARE(factOf(driver.model).retryAt.has_value(), state != ConnectionState::Revoked);
            QVERIFY(!factOf(driver.model).words.empty());
        }
        const std::pair<Phase, ConnectionState> plain[] = {
            {Phase::Stopped, ConnectionState::Stopped},       {Phase::Opening, ConnectionState::Connecting},
            {Phase::Greeting, ConnectionState::Connecting},   {Phase::Authenticating, ConnectionState::Connecting},
            {Phase::CatchingUp, ConnectionState::CatchingUp}, {Phase::Online, ConnectionState::Online},
        };
        for (const auto& [phase, state] : plain) {
            Driver driver;
            driver.reach(phase);
            QCOMPARE(factOf(driver.model).state, state);
        }
    }

    void troubleStaysUntilTheServerGreets()
    {
        Driver driver;
        driver.reach(Phase::Waiting);
        driver.at(Kind::LookedAt);
        QCOMPARE(factOf(driver.model).state, ConnectionState::Unreachable);
        driver.at(Kind::Opened);
        QCOMPARE(factOf(driver.model).state, ConnectionState::Unreachable);
        driver.at(Kind::HelloAnswered);
        QCOMPARE(factOf(driver.model).state, ConnectionState::Connecting);
        QVERIFY(factOf(driver.model).words.empty());
    }

    void aPinMismatchShowsBothKeys()
    {
        Driver driver;
        driver.reach(Phase::Opening);
        ConnectionEvent cause = fault(Fault::PinMismatch);
        cause.error.pinned = Bytes(32, 'a');
        cause.error.presented = Bytes(32, 'b');
        driver.at(cause);
        QCOMPARE(factOf(driver.model).pinnedKey, Bytes(32, 'a'));
        QCOMPARE(factOf(driver.model).presentedKey, Bytes(32, 'b'));
        // A later trouble of another kind does not keep showing them.
        driver.at(Kind::LookedAt);
        driver.at(fault(Fault::Refused));
        QVERIFY(factOf(driver.model).pinnedKey.empty());
    }

    void namesAreTheDocumentedOnes()
    {
        QCOMPARE(stateName(ConnectionState::CatchingUp), std::string_view("catching_up"));
        QCOMPARE(stateName(ConnectionState::CertificateProblem), std::string_view("certificate_problem"));
        QCOMPARE(stateName(ConnectionState::NewerProtocol), std::string_view("newer_protocol"));
    }
};

QTEST_APPLESS_MAIN(ConnectionMachineTest)
#include "ConnectionMachineTest.moc"
