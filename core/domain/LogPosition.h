#pragma once
/// Where an entry stands in its log. Positions of one log are ordered; those of two logs mean nothing together.
/// Thread: plain values.

#include "core/base/StrongId.h"

namespace kith
{

/// (generation, seq) names at most one entry of a log for ever; generations only rise, numbering stays dense.
struct LogPosition {
    Generation generation;
    Seq seq;

    friend bool operator==(const LogPosition&, const LogPosition&) = default;
    friend auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

} // namespace kith
