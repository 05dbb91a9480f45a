#pragma once
/// Conformance of an IdentityStore. Thread: one.

#include "core/e2ee/ports/IdentityStore.h"

#include <string>

namespace kith::test
{

/// Empty, or which promise `store` (fresh and empty) breaks.
[[nodiscard]] std::string identityStoreFault(IdentityStore& store);

} // namespace kith::test
