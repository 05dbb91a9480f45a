#pragma once
/// In a scripted world nothing fails but by the script: whatever does is a mistake in it. Thread: any.

#include "core/base/Result.h"

#include <cstdlib>
#include <iostream>

namespace kith::offline
{

inline void must(const Result<void>& result)
{
    if (result.ok())
        return;
    std::cerr << "kith-offline: the scripted world broke: " << result.error().describe() << std::endl;
    std::abort();
}

template <class T> T must(Result<T> result)
{
    must(result.ok() ? Result<void>{} : Result<void>(result.error()));
    return std::move(result).value();
}

} // namespace kith::offline
