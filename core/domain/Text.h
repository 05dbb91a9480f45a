#pragma once
/// Text that people write, checked where it enters: from a keyboard and out of a ciphertext. Thread: pure functions.

#include <cstddef>
#include <string_view>

namespace kith
{

/// Octets of UTF-8. A sealed body has wire::maxApplicationBody, 66 KiB; core/sync/ContentMapping.cpp proves that text,
/// what stands around it, header, tag and padding fit into it.
constexpr std::size_t maxMessageText = 64U << 10;
constexpr std::size_t maxDisplayName = 256; ///< Octets of UTF-8.

/// Well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF) without NUL.
[[nodiscard]] bool isValidText(std::string_view text);
/// Valid, within `limit` octets, and neither empty nor only white space.
[[nodiscard]] bool isValidMessageText(std::string_view text);
/// Valid, one line, within maxDisplayName octets; empty is allowed.
[[nodiscard]] bool isValidDisplayName(std::string_view text);

} // namespace kith
