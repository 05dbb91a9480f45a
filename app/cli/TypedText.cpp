#include "app/cli/TypedText.h"

#include <QSocketNotifier>

#include <unistd.h>

#include <array>
#include <cerrno>

namespace kith::cli
{
namespace
{

constexpr std::size_t longest = 1U << 20;
constexpr Millis typingEvery{3000}; ///< The server passes on no more.

} // namespace

Result<std::string> readTyped(Context& context, LogId log)
{
    Session& session = context.session();
    KITH_CHECK(session.start());
    context.holdDeadline();
    std::string text;
    bool ended = false;
    bool told = false;
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &input, [&] {
        std::array<char, 4096> piece{};
        const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (count > 0)
            text.append(piece.data(), static_cast<std::size_t>(count));
        ended = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) || text.size() > longest;
        input.setEnabled(!ended);
        context.wake();
    });
    QTimer again;
    QObject::connect(&again, &QTimer::timeout, &again, [&] {
        told = false;
        context.wake();
    });
    again.start(typingEvery);
    const auto outcome = context.waitUntil([&] {
        if (!ended && !told && session.connection().state == net::ConnectionState::Online) {
            told = true;
            session.setTyping(log, true);
        }
        return ended;
    });
    session.setTyping(log, false);
    context.restartDeadline();
    KITH_CHECK(outcome);
    return text;
}

} // namespace kith::cli
