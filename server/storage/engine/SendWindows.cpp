#include "server/storage/engine/SendWindows.h"

#include "server/storage/engine/Keys.h"

#include <algorithm>

namespace kith::server
{
namespace
{

Bytes nameOf(LogId log, DeviceId device)
{
    Bytes name;
    name.reserve(2 * LogId::size);
    name.append(log.view()).append(device.view());
    return name;
}

} // namespace

Result<SendWindows::Window*> SendWindows::window(LogId log, DeviceId device)
{
    const Bytes name = nameOf(log, device);
    if (Window* known = windows_.find(name))
        return known;
    KITH_TRY(const auto rows, reader_.window(log, device));
    Window window;
    for (const SentResult& row : rows) {
        window.highest = std::max(window.highest, row.number);
        window.sent[row.number.value() % keys::sendWindow] = row;
    }
    return &windows_.insert(name, window);
}

Result<SendWindows::Place> SendWindows::place(LogId log, DeviceId device, SendNo number)
{
    KITH_TRY(const Window* window, window(log, device));
    if (number > window->highest)
        return Place{number == window->highest.next() ? Place::Kind::Next : Place::Kind::Gap, {}};
    if (window->highest.value() - number.value() >= keys::sendWindow)
        return Place{Place::Kind::Earlier, {}};
    const SentResult& sent = window->sent[number.value() % keys::sendWindow];
    if (sent.number != number)
        return damaged(keys::sentOf(bucketOf(log.view()), log, device));
    return Place{Place::Kind::Repeated, sent.seq};
}

Result<SendNo> SendWindows::next(LogId log, DeviceId device)
{
    KITH_TRY(const Window* window, window(log, device));
    return window->highest.next();
}

void SendWindows::accept(LogId log, DeviceId device, SendNo number, Seq seq)
{
    Window& window = *windows_.find(nameOf(log, device));
    window.highest = number;
    window.sent[number.value() % keys::sendWindow] = {number, seq};
    out_.put(keys::sent(bucketOf(log.view()), log, device, number), encodeSent({number, seq}));
}

} // namespace kith::server
