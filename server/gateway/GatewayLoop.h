#pragma once
/// One gateway thread: an event loop on epoll and the sockets that live on it. Owned by Gateway.
///
/// Thread: adopt(), drain() and stop() from any; the rest is the loop's own.

#include "core/base/Clock.h"
#include "server/gateway/ClientSocket.h"
#include "server/gateway/GatewayOptions.h"
#include "server/gateway/LoopExecutor.h"

#include <QTimer>

#include <atomic>
#include <functional>
#include <list>
#include <thread>
#include <unordered_map>

class QEventLoop;

namespace kith::server
{

class GatewayLoop
{
public:
    /// Makes the link of a connection whose WebSocket has opened; called on the loop.
    using LinkMaker = std::function<std::shared_ptr<SocketLink>(Executor& loop)>;

    GatewayLoop(const GatewayOptions& options, const Clock& clock, LinkMaker maker, std::atomic<std::size_t>& open);
    ~GatewayLoop();
    GatewayLoop(const GatewayLoop&) = delete;
    GatewayLoop& operator=(const GatewayLoop&) = delete;

    /// Takes over an accepted connection.
    void adopt(Arrival arrival);
    /// Closes what has not opened a WebSocket yet; the others are closed by their peers.
    void drain();
    /// Cuts what is still open and ends the thread. Called once, before destruction; links are told.
    void stop();

    [[nodiscard]] std::shared_ptr<SocketLink> newLink() { return maker_(*executor_); }
    void stageChanged(ClientSocket& socket);
    /// The socket is destroyed when control is back in the loop.
    void remove(ClientSocket& socket);

private:
    /// Sockets that must leave their stage in time, oldest first.
    struct Waiting {
        ClientSocket* socket;
        MonoTime since;
    };
    using Queue = std::list<Waiting>;
    struct Entry {
        Queue* queue = nullptr;
        Queue::iterator place;
    };

    void run();
    void leaveQueue(Entry& entry);
    void checkDeadlines();
    void expire(Queue& queue, Millis limit);

    const GatewayOptions& options_;
    const Clock& clock_;
    LinkMaker maker_;
    std::atomic<std::size_t>& open_; ///< Sockets of all loops.
    std::unique_ptr<LoopExecutor> executor_;
    QEventLoop* loop_ = nullptr;
    std::unique_ptr<QTimer> timer_; ///< Runs while a queue is not empty.
    std::unordered_map<ClientSocket*, Entry> sockets_;
    Queue arriving_;
    Queue closing_;
    std::thread thread_;
};

} // namespace kith::server
