#pragma once
/// The form of a handle: [a-z0-9._-]{3,32} after ASCII folding, beginning and ending with a letter or digit and without
/// two dots in a row, so that no two handles differ only in what people overlook. Thread: pure, any.

#include "core/base/Bytes.h"
#include "server/domain/Limits.h"

#include <optional>

namespace kith::server
{

/// Nullopt for what is no handle.
[[nodiscard]] std::optional<Bytes> foldHandle(ByteView handle, const Limits& limits);
/// The rule, as a person is told it.
[[nodiscard]] std::string handleRule();

} // namespace kith::server
