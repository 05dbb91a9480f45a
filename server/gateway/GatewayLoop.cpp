#include "server/gateway/GatewayLoop.h"

#include "server/gateway/EpollDispatcher.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>

#include <algorithm>
#include <future>

namespace kith::server
{

GatewayLoop::GatewayLoop(const GatewayOptions& options, const Clock& clock, LinkMaker maker,
                         std::atomic<std::size_t>& open)
    : options_(options), clock_(clock), maker_(std::move(maker)), open_(open)
{
    std::promise<void> ready;
    auto started = ready.get_future();
    thread_ = std::thread([this, &ready] {
        QThread::currentThread()->setEventDispatcher(new EpollDispatcher); // deleted by Qt when the thread ends
        executor_ = std::make_unique<LoopExecutor>();
        timer_ = std::make_unique<QTimer>();
        const Millis shortest = std::min(options_.headTimeout, options_.closeTimeout);
        timer_->setInterval(std::clamp(shortest / 8, Millis{10}, Millis{500}));
        QObject::connect(timer_.get(), &QTimer::timeout, timer_.get(), [this] { checkDeadlines(); });
        ready.set_value();
        run();
    });
    started.wait();
}

GatewayLoop::~GatewayLoop()
{
    stop();
}

void GatewayLoop::run()
{
    QEventLoop loop;
    loop_ = &loop;
    loop.exec(); // until stop()
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    timer_.reset();
    executor_->close();
}

void GatewayLoop::adopt(Arrival arrival)
{
    executor_->post([this, arrival = std::move(arrival)] {
        auto* socket = new ClientSocket(*this, options_, arrival);
        sockets_.emplace(socket, Entry{});
        socket->start();
    });
}

void GatewayLoop::drain()
{
    executor_->post([this] {
        Queue arriving;
        arriving.swap(arriving_);
        for (const Waiting& waiting : arriving) {
            sockets_[waiting.socket].queue = nullptr;
            remove(*waiting.socket);
        }
    });
}

void GatewayLoop::stop()
{
    if (!thread_.joinable())
        return;
    executor_->post([this] {
        while (!sockets_.empty())
            remove(*sockets_.begin()->first);
        loop_->quit();
    });
    thread_.join();
}

void GatewayLoop::leaveQueue(Entry& entry)
{
    if (entry.queue != nullptr)
        entry.queue->erase(entry.place);
    entry.queue = nullptr;
}

void GatewayLoop::stageChanged(ClientSocket& socket)
{
    const auto found = sockets_.find(&socket);
    if (found == sockets_.end())
        return;
    Entry& entry = found->second;
    Queue* queue = nullptr;
    if (socket.stage() == ClientSocket::Stage::Closing)
        queue = &closing_;
    else if (socket.stage() != ClientSocket::Stage::Open)
        queue = &arriving_;
    if (queue == entry.queue)
        return; // one limit for all of arriving, from its start
    leaveQueue(entry);
    if (queue != nullptr) {
        entry.queue = queue;
        entry.place = queue->insert(queue->end(), {&socket, clock_.mono()});
        if (!timer_->isActive())
            timer_->start();
    }
}

void GatewayLoop::remove(ClientSocket& socket)
{
    const auto found = sockets_.find(&socket);
    if (found == sockets_.end())
        return;
    leaveQueue(found->second);
    sockets_.erase(found);
    --open_;
    socket.deleteLater();
}

void GatewayLoop::expire(Queue& queue, Millis limit)
{
    const MonoTime now = clock_.mono();
    while (!queue.empty() && now - queue.front().since >= limit) {
        ClientSocket* socket = queue.front().socket;
        socket->timedOut();
        if (!queue.empty() && queue.front().socket == socket)
            remove(*socket); // it had nothing to say
    }
}

void GatewayLoop::checkDeadlines()
{
    expire(arriving_, options_.headTimeout);
    expire(closing_, options_.closeTimeout);
    if (arriving_.empty() && closing_.empty())
        timer_->stop();
}

} // namespace kith::server
