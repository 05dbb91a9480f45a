#pragma once
/// What the commands that send have in common: when nothing more will happen to a message in this run, and with which
/// words it was refused. Pure functions.

#include "core/domain/Message.h"
#include "core/session/SessionError.h"

#include <optional>

namespace kith::cli
{

/// Accepted or failed. A row that is gone is not.
[[nodiscard]] bool isSettled(const std::optional<Message>& message);
[[nodiscard]] bool hasFailed(const std::optional<Message>& message);
/// Why a failed message was not taken.
[[nodiscard]] Error refusalOf(const Message& message);

} // namespace kith::cli
