#include "app/cli/Interrupt.h"

#include <unistd.h>

#include <array>
#include <csignal>

namespace kith::cli
{
namespace
{

/// The signal handler may touch nothing but this: written there, read in the loop.
std::array<int, 2> pipeEnds{-1, -1};

void onSignal(int signal)
{
    const auto octet = static_cast<char>(signal);
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &octet, 1);
}

} // namespace

Interrupt::Interrupt(std::function<void(int signal)> handler)
{
    if (::pipe(pipeEnds.data()) != 0)
        return;
    notifier_ = std::make_unique<QSocketNotifier>(pipeEnds[0], QSocketNotifier::Read);
    QObject::connect(notifier_.get(), &QSocketNotifier::activated, notifier_.get(), [handler = std::move(handler)] {
        char octet = 0;
        if (::read(pipeEnds[0], &octet, 1) == 1)
            handler(octet);
    });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Interrupt::~Interrupt()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    notifier_.reset();
    for (int& end : pipeEnds) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

} // namespace kith::cli
