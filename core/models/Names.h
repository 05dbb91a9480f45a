#pragma once
/// The words that rows carry to QML: a person's initials and one of eight hues, the names of kinds and states. Thread:
/// pure functions.

#include "core/base/StrongId.h"
#include "core/domain/DeliveryState.h"

#include <QString>

namespace kith
{

constexpr int avatarHues = 8;

/// The first letter (as people see letters) of the first and the last word, upper case; empty for an empty name.
[[nodiscard]] QString initialsOf(const QString& name);
/// 0 to avatarHues - 1, the same for the same person everywhere.
[[nodiscard]] int hueOf(const UserId& user);
/// "text", "system", "waiting", "lost", "deleted" or "unknown".
[[nodiscard]] QString kindName(MessageKind kind);
/// kith::name(state).
[[nodiscard]] QString stateName(DeliveryState state);

} // namespace kith
