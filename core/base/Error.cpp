#include "core/base/Error.h"

namespace kith
{

std::string Error::describe() const
{
    std::string text{domain};
    text.append("/").append(name);
    if (!detail.empty())
        text.append(": ").append(detail);
    return text;
}

} // namespace kith
