#include "tests/crash/Findings.h"

#include <cstdio>
#include <numeric>
#include <string>

namespace kith::crash
{
namespace
{

constexpr std::size_t toldOfEach = 20; // one cause may have thousands of effects

} // namespace

void Findings::add(Kind kind, std::string_view promise, std::string_view log, std::uint64_t number,
                   std::string_view what)
{
    if (++counts_[static_cast<std::size_t>(kind)] > toldOfEach)
        return;
    std::string line = "kith-crash: " + std::string(promise) + " broken, " + std::string(log);
    if (number != 0)
        line += ", #" + std::to_string(number);
    std::fprintf(stderr, "%s: %s\n", line.c_str(), std::string(what).c_str());
}

bool Findings::any() const
{
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0}) != 0;
}

} // namespace kith::crash
