#include "core/domain/Text.h"

#include <algorithm>

namespace kith
{
namespace
{

bool isContinuation(unsigned char octet)
{
    return (octet & 0xc0U) == 0x80U;
}

/// Length of the well-formed sequence that `text` starts with; 0 for none. Table 3-7 of the Unicode standard.
std::size_t sequenceLength(std::string_view text)
{
    const auto at = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : static_cast<unsigned char>(0);
    };
    const unsigned char first = at(0);
    const unsigned char second = at(1);
    if (first < 0x80)
        return first == 0 ? 0 : 1;
    if (first >= 0xc2 && first <= 0xdf)
        return isContinuation(second) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool lowOk = first != 0xe0 || second >= 0xa0;  // overlong
        const bool highOk = first != 0xed || second <= 0x9f; // surrogates
        return lowOk && highOk && isContinuation(second) && isContinuation(at(2)) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool lowOk = first != 0xf0 || second >= 0x90;
        const bool highOk = first != 0xf4 || second <= 0x8f;
        return lowOk && highOk && isContinuation(second) && isContinuation(at(2)) && isContinuation(at(3)) ? 4 : 0;
    }
    return 0;
}

} // namespace

bool isValidText(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool isValidMessageText(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    return text.size() <= maxMessageText && !std::all_of(text.begin(), text.end(), isSpace) && isValidText(text);
}

bool isValidDisplayName(std::string_view text)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return text.size() <= maxDisplayName && std::none_of(text.begin(), text.end(), isControl) && isValidText(text);
}

} // namespace kith
