#pragma once
/// What a run found broken: counted by kind, and told on stderr the moment it is found. Owned by CrashRun. Thread: one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kith::crash
{

enum class Kind {
    Lost,       ///< Acknowledged, or told to be on disk, and gone.
    Duplicated, ///< Once said, twice there.
    Hole,       ///< One side goes on behind something that it never had; or the order differs.
    Failure,    ///< A program that ends by itself, a refusal, a start that fails.
};

class Findings
{
public:
    /// `log` names the conversation, `number` the entry or message; 0 where there is none.
    void add(Kind kind, std::string_view promise, std::string_view log, std::uint64_t number, std::string_view what);
    [[nodiscard]] std::size_t count(Kind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] bool any() const;

private:
    std::array<std::size_t, 4> counts_{};
};

} // namespace kith::crash
