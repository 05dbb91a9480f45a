#pragma once
/// Small files that are either what they were or what they shall be, whatever happens in between. Thread: any; blocks
/// on the disk.

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <cstddef>
#include <optional>
#include <string>

namespace kith
{

/// Writes beside `path` (readable by this user only), syncs, renames over it, syncs the folder. Io or Full: `path` is
/// as it was.
[[nodiscard]] Result<void> replaceFile(const std::string& path, ByteView bytes);
/// The whole file; nullopt where there is none; Damaged above `limit` octets.
[[nodiscard]] Result<std::optional<Bytes>> readFile(const std::string& path, std::size_t limit);
/// No error where there is none.
[[nodiscard]] Result<void> removeFile(const std::string& path);

} // namespace kith
