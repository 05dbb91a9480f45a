#pragma once
/// Reads a passphrase from a file or standard input; never from an argument or the environment. Main thread.

#include "core/base/Result.h"

#include <string>

namespace kith::cli
{

/// The first line, without its end. `file` "-": standard input. At most 4 KiB.
[[nodiscard]] Result<std::string> readPassphrase(const std::string& file);

} // namespace kith::cli
