#include "server/chat/accounts/Handle.h"

namespace kith::server
{

namespace
{

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

} // namespace

std::optional<Bytes> foldHandle(ByteView handle, const Limits& limits)
{
    if (handle.size() < limits.minHandle || handle.size() > limits.maxHandle)
        return std::nullopt;
    Bytes folded;
    for (char c : handle) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-')
            return std::nullopt;
        if (c == '.' && !folded.empty() && folded.back() == '.')
            return std::nullopt;
        folded.push_back(c);
    }
    if (!isLetterOrDigit(folded.front()) || !isLetterOrDigit(folded.back()))
        return std::nullopt;
    return folded;
}

std::string handleRule()
{
    return "A name has 3 to 32 letters a-z, digits, dots, hyphens or underscores, and begins and ends with a letter or "
           "digit.";
}

} // namespace kith::server
