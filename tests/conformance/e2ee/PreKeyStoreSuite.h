#pragma once
/// Conformance of a PreKeyStore. Thread: one.

#include "core/e2ee/ports/PreKeyStore.h"

#include <string>

namespace kith::test
{

/// Empty, or which promise `store` (fresh and empty) breaks.
[[nodiscard]] std::string preKeyStoreFault(PreKeyStore& store);

} // namespace kith::test
