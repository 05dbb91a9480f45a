#pragma once
/// Tells when this machine gains, changes or loses its network: the hints that Connection acts on at once. Asks the
/// operating system through QNetworkInformation and compares the interfaces' addresses every second, which also
/// works where no backend of it is installed. Thread: an event-loop thread; not used by simulation.

#include <QObject>
#include <QSet>
#include <QTimer>

#include <functional>

namespace kith::net
{

class NetworkWatch final : public QObject
{
public:
    struct Receiver {
        std::function<void()> up; ///< A network appeared, or its addresses changed.
        std::function<void()> down;
    };
    explicit NetworkWatch(Receiver receiver, QObject* parent = nullptr);

private:
    void look();

    Receiver receiver_;
    QTimer timer_;
    QSet<QString> addresses_; ///< Of all interfaces that are up, loopback excluded.
};

} // namespace kith::net
