#include "server/gateway/EpollDispatcher.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using kith::server::EpollDispatcher;

namespace
{

/// Two connected descriptors.
struct Pair {
    Pair()
    {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) != 0)
            qFatal("socketpair");
    }
    ~Pair()
    {
        close(0);
        close(1);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    Pair(Pair&& other) noexcept { std::swap(fds[0], other.fds[0]), std::swap(fds[1], other.fds[1]); }
    void close(int end)
    {
        if (fds[end] >= 0)
            ::close(fds[end]);
        fds[end] = -1;
    }
    void put() const { QCOMPARE(::write(fds[1], "x", 1), 1); }
    void take() const
    {
        char byte = 0;
        QCOMPARE(::read(fds[0], &byte, 1), 1);
    }
    int fds[2] = {-1, -1};
};

EpollDispatcher* dispatcher()
{
    return qobject_cast<EpollDispatcher*>(QAbstractEventDispatcher::instance());
}

/// Called from other threads by name, as Qt queues it: nothing that the caller allocated is read here.
class Receiver : public QObject
{
    Q_OBJECT
public:
    std::atomic<int> received{0};
    std::atomic<bool> onEpoll{false};

public Q_SLOTS:
    void receive() { ++received; }
    void look()
    {
        onEpoll = qobject_cast<EpollDispatcher*>(QAbstractEventDispatcher::instance()) != nullptr;
        moveToThread(QCoreApplication::instance()->thread());
    }
};

bool turn(QEventLoop::ProcessEventsFlags flags = QEventLoop::AllEvents)
{
    return QAbstractEventDispatcher::instance()->processEvents(flags);
}

} // namespace

class EpollDispatcherTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheDispatcherOfThisThread() { QVERIFY(dispatcher() != nullptr); }

    void readNotifierIsLevelTriggered()
    {
        Pair pair;
        int told = 0;
        QSocketNotifier notifier(pair.fds[0], QSocketNotifier::Read);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { ++told; });
        turn();
        QCOMPARE(told, 0);
        pair.put();
        turn();
        turn();
        QCOMPARE(told, 2); // unread: told again
        pair.take();
        turn();
        QCOMPARE(told, 2);
    }
    void writeNotifierFollowsItsSwitch()
    {
        Pair pair;
        int told = 0;
        QSocketNotifier notifier(pair.fds[0], QSocketNotifier::Write);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { ++told; });
        turn();
        QCOMPARE(told, 1);
        notifier.setEnabled(false);
        turn();
        QCOMPARE(told, 1);
        notifier.setEnabled(true);
        turn();
        QCOMPARE(told, 2);
    }
    void exceptionNotifierHearsUrgentData()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.serverPort());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        QVERIFY(server.waitForNewConnection(5000));
        QTcpSocket* peer = server.nextPendingConnection();
        QCOMPARE(::send(static_cast<int>(peer->socketDescriptor()), "!", 1, MSG_OOB), 1);
        int told = 0;
        QSocketNotifier notifier(fd, QSocketNotifier::Exception);
        connect(&notifier, &QSocketNotifier::activated, this, [&] {
            ++told;
            notifier.setEnabled(false);
        });
        QTRY_COMPARE(told, 1);
        notifier.setEnabled(false);
        ::close(fd);
    }
    void hangUpIsNewsForReaders()
    {
        Pair pair;
        int told = 0;
        QSocketNotifier notifier(pair.fds[0], QSocketNotifier::Read);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { ++told; });
        pair.close(1);
        turn();
        QCOMPARE(told, 1);
    }
    void nothingIsReadWhileSwitchedOff()
    {
        Pair pair;
        int reads = 0;
        int writes = 0;
        QSocketNotifier reader(pair.fds[0], QSocketNotifier::Read);
        QSocketNotifier writer(pair.fds[0], QSocketNotifier::Write);
        connect(&reader, &QSocketNotifier::activated, this, [&] { ++reads; });
        connect(&writer, &QSocketNotifier::activated, this, [&] { ++writes; });
        pair.put();
        dispatcher()->setReading(pair.fds[0], false);
        turn();
        QCOMPARE(reads, 0);
        QCOMPARE(writes, 1);
        writer.setEnabled(false);
        reader.setEnabled(false); // Qt switches its notifiers as it likes: that changes nothing
        reader.setEnabled(true);
        turn();
        QCOMPARE(reads, 0);
        dispatcher()->setReading(pair.fds[0], true);
        turn();
        QCOMPARE(reads, 1);
    }
    void togglingWithinATurnCostsNoSystemCall()
    {
        Pair pair;
        QSocketNotifier reader(pair.fds[0], QSocketNotifier::Read);
        QSocketNotifier writer(pair.fds[0], QSocketNotifier::Write);
        writer.setEnabled(false);
        turn();
        const auto before = dispatcher()->work().controls;
        for (int i = 0; i < 100; ++i) {
            writer.setEnabled(true);
            writer.setEnabled(false);
        }
        turn();
        QCOMPARE(dispatcher()->work().controls, before);
    }
    /// Whoever is handled first removes the other: the other must hear nothing.
    void removedDuringDispatchHearsNothing()
    {
        Pair a;
        Pair b;
        std::unique_ptr<QSocketNotifier> first = std::make_unique<QSocketNotifier>(a.fds[0], QSocketNotifier::Read);
        std::unique_ptr<QSocketNotifier> second = std::make_unique<QSocketNotifier>(b.fds[0], QSocketNotifier::Read);
        int told = 0;
        connect(first.get(), &QSocketNotifier::activated, this, [&] { ++told, second.reset(); });
        connect(second.get(), &QSocketNotifier::activated, this, [&] { ++told, first.reset(); });
        a.put();
        b.put();
        turn();
        QCOMPARE(told, 1);
    }
    /// ... and neither must the notifier of another socket that took over its number.
    void reusedNumberHearsNothingOld()
    {
        Pair a;
        Pair b;
        Pair quiet;
        int stale = 0;
        std::unique_ptr<QSocketNotifier> late;
        QSocketNotifier first(a.fds[0], QSocketNotifier::Read);
        QSocketNotifier second(b.fds[0], QSocketNotifier::Read);
        const auto swap = [&](QSocketNotifier& other, Pair& pair) {
            if (late)
                return;
            other.setEnabled(false);
            QVERIFY(::dup2(quiet.fds[0], pair.fds[0]) >= 0); // same number, another socket, nothing to read
            late = std::make_unique<QSocketNotifier>(pair.fds[0], QSocketNotifier::Read);
            connect(late.get(), &QSocketNotifier::activated, this, [&] { ++stale; });
        };
        connect(&first, &QSocketNotifier::activated, this, [&] { swap(second, b); });
        connect(&second, &QSocketNotifier::activated, this, [&] { swap(first, a); });
        a.put();
        b.put();
        turn();
        QVERIFY(late != nullptr);
        first.setEnabled(false);
        second.setEnabled(false);
        QCOMPARE(stale, 0);
        quiet.put();
        turn();
        QCOMPARE(stale, 1);
        late.reset();
    }
    void nestedLoopServesTheRestOfTheTurn()
    {
        Pair a;
        Pair b;
        int outer = 0;
        int inner = 0;
        QSocketNotifier first(a.fds[0], QSocketNotifier::Read);
        QSocketNotifier second(b.fds[0], QSocketNotifier::Read);
        const auto handler = [&](Pair& pair) {
            pair.take();
            ++outer;
            if (outer == 1) {
                QEventLoop loop;
                QTimer::singleShot(5, Qt::PreciseTimer, &loop, &QEventLoop::quit);
                const int before = outer;
                loop.exec();
                inner = outer - before;
            }
        };
        connect(&first, &QSocketNotifier::activated, this, [&] { handler(a); });
        connect(&second, &QSocketNotifier::activated, this, [&] { handler(b); });
        a.put();
        b.put();
        turn();
        QCOMPARE(outer, 2); // each once: nothing lost, nothing stale
        QCOMPARE(inner, 1);
        turn();
        QCOMPARE(outer, 2);
    }
    void excludedNotifiersWait()
    {
        Pair pair;
        int told = 0;
        QSocketNotifier notifier(pair.fds[0], QSocketNotifier::Read);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { ++told, pair.take(); });
        pair.put();
        turn(QEventLoop::ExcludeSocketNotifiers);
        QCOMPARE(told, 0);
        int fired = 0;
        QTimer::singleShot(1, Qt::PreciseTimer, this, [&] { ++fired; });
        while (fired == 0)
            turn(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents);
        QCOMPARE(told, 0);
        turn();
        QCOMPARE(told, 1);
    }
    void timersFireInOrderAndCount()
    {
        QList<int> order;
        QTimer::singleShot(30, Qt::PreciseTimer, this, [&] { order.append(3); });
        QTimer::singleShot(10, Qt::PreciseTimer, this, [&] { order.append(1); });
        QTimer::singleShot(20, Qt::PreciseTimer, this, [&] { order.append(2); });
        QTRY_COMPARE(order.size(), 3);
        QCOMPARE(order, QList<int>({1, 2, 3}));
    }
    /// By count, not by clock: a fast and a slow timer keep their ratio however busy the machine is.
    void timersKeepTheirRatio()
    {
        int fast = 0;
        int slow = 0;
        QTimer fastTimer;
        QTimer slowTimer;
        fastTimer.setTimerType(Qt::PreciseTimer);
        slowTimer.setTimerType(Qt::PreciseTimer);
        connect(&fastTimer, &QTimer::timeout, this, [&] { ++fast; });
        connect(&slowTimer, &QTimer::timeout, this, [&] { ++slow; });
        fastTimer.start(2);
        slowTimer.start(20);
        QTRY_VERIFY(slow >= 10);
        QVERIFY2(fast <= 10 * (slow + 1), "missed ticks piled up");
        QVERIFY(fast >= slow);
        QVERIFY(fastTimer.remainingTime() <= 2);
    }
    void timerStoppedInItsHandlerIsSilent()
    {
        int fired = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] {
            ++fired;
            timer.stop();
        });
        timer.start(0);
        QTRY_COMPARE(fired, 1);
        turn();
        turn();
        QCOMPARE(fired, 1);
    }
    void everyWakeUpFromThreadsArrives()
    {
        constexpr int threads = 4;
        constexpr int each = 2000;
        Receiver receiver;
        std::vector<std::thread> posters;
        for (int t = 0; t < threads; ++t) {
            posters.emplace_back([&] {
                for (int i = 0; i < each; ++i)
                    QMetaObject::invokeMethod(&receiver, "receive", Qt::QueuedConnection);
            });
        }
        QTRY_COMPARE(receiver.received.load(), threads * each);
        for (auto& poster : posters)
            poster.join();
    }
    void quitFromAnotherThreadEndsABlockedLoop()
    {
        for (int i = 0; i < 200; ++i) {
            QEventLoop loop;
            std::atomic<bool> running{false};
            std::thread other([&] {
                while (!running)
                    std::this_thread::yield();
                loop.quit(); // while the loop blocks, or is about to
            });
            QTimer::singleShot(0, &loop, [&] { running = true; });
            QTimer::singleShot(10'000, &loop, [&] { loop.exit(1); });
            const int code = loop.exec();
            other.join();
            QCOMPARE(code, 0);
        }
    }
    void threadWithDispatcherStartsAndQuits()
    {
        QThread thread;
        thread.setEventDispatcher(new EpollDispatcher);
        thread.start();
        Receiver worker;
        worker.moveToThread(&thread);
        QMetaObject::invokeMethod(&worker, "look", Qt::BlockingQueuedConnection);
        QVERIFY(worker.onEpoll);
        thread.quit();
        QVERIFY(thread.wait(10'000));
    }
    /// O(active): with 2,000 idle sockets a turn reports and does exactly what it does with none.
    void idleSocketsCostNothing()
    {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
        setrlimit(RLIMIT_NOFILE, &limit);

        Pair active;
        QSocketNotifier notifier(active.fds[0], QSocketNotifier::Read);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { active.take(); });
        const auto workOf = [&] {
            turn();
            const auto before = dispatcher()->work();
            for (int i = 0; i < 50; ++i) {
                active.put();
                turn();
            }
            const auto after = dispatcher()->work();
            return std::array{after.readyFds - before.readyFds, after.activations - before.activations,
                              after.controls - before.controls, after.waits - before.waits};
        };
        const auto alone = workOf();
        QCOMPARE(alone[0], 50U);
        std::vector<Pair> idle(1000);
        std::vector<std::unique_ptr<QSocketNotifier>> watchers;
        for (const Pair& pair : idle) {
            for (const int fd : pair.fds)
                watchers.push_back(std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read));
        }
        QCOMPARE(watchers.size(), 2000U);
        QCOMPARE(workOf(), alone);
    }
    void carriesQtSockets()
    {
        QWebSocketServer server(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QWebSocketServer::newConnection, this, [&] {
            QWebSocket* socket = server.nextPendingConnection();
            socket->setParent(&server);
            connect(socket, &QWebSocket::binaryMessageReceived, socket, &QWebSocket::sendBinaryMessage);
        });
        QWebSocket client;
        QByteArray back;
        const QByteArray message(300'000, 'k'); // more than a socket buffer: needs write notifiers
        connect(&client, &QWebSocket::connected, this, [&] { client.sendBinaryMessage(message); });
        connect(&client, &QWebSocket::binaryMessageReceived, this, [&](const QByteArray& got) { back = got; });
        client.open(server.serverUrl());
        QTRY_COMPARE(back, message);
    }
};

int main(int argc, char** argv)
{
    QCoreApplication::setEventDispatcher(new EpollDispatcher);
    QCoreApplication app(argc, argv);
    EpollDispatcherTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "EpollDispatcherTest.moc"
