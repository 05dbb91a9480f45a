#pragma once
/// SIGINT and SIGTERM as an event of the loop. One instance, made and destroyed on the main thread.

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace kith::cli
{

class Interrupt
{
public:
    explicit Interrupt(std::function<void(int signal)> handler);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

private:
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace kith::cli
