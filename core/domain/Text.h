#pragma once
/// Text that people write, checked where it enters: from a keyboard and out of a ciphertext. Thread: pure functions.

#include <cstddef>
#include <string_view>

namespace kith
{

constexpr std::size_t maxMessageText = 56U << 10; ///< Octets of UTF-8; leaves room for framing and padding in 64 KiB.
constexpr std::size_t maxDisplayName = 256;       ///< Octets of UTF-8.

/// Well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF) without NUL.
[[nodiscard]] bool isValidText(std::string_view text);
/// Valid, within `limit` octets, and neither empty nor only white space.
[[nodiscard]] bool isValidMessageText(std::string_view text);
/// Valid, one line, within maxDisplayName octets; empty is allowed.
[[nodiscard]] bool isValidDisplayName(std::string_view text);

} // namespace kith
