#pragma once
/// Conformance of a SessionStore. Thread: one.

#include "core/e2ee/ports/SessionStore.h"

#include <string>

namespace kith::test
{

/// Empty, or which promise `store` (fresh and empty) breaks.
[[nodiscard]] std::string sessionStoreFault(SessionStore& store);

} // namespace kith::test
