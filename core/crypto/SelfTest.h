#pragma once
/// Known answers checked at start: a program whose crypto library computes wrongly must refuse to run. Thread: any.

#include "core/base/Result.h"

namespace kith
{

/// Starts libsodium and compares each primitive with one published answer (about a millisecond). Programs call it
/// before anything else and stop on Unavailable.
[[nodiscard]] Result<void> cryptoSelfTest();

} // namespace kith
