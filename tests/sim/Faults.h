#pragma once
/// What can go wrong in a simulation, by name, and how often it did: a fault that never fires checks nothing.
/// Plain values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kith::sim
{

enum class Fault : std::uint8_t {
    // What a carrier over TCP really does.
    FrameSlow,        ///< A frame took more than 200 ms.
    ConnectionBroken, ///< Both sides heard of it; what was on the way was lost from some frame on.
    FrameLostUp,      ///< On the way to the server when the connection broke.
    FrameLostDown,    ///< On the way to the client: an answer or an event.
    DeafUp,           ///< From some point on nothing reaches the server; nobody is told.
    DeafDown,         ///< The same towards the client.
    FrameLate,        ///< Reached the server after a newer connection of the same device had opened.
    Unreachable,      ///< The device had no network for a while.
    // A network that is no TCP: within a living connection.
    FrameLost,
    FrameDoubled,
    FrameOvertaken,
    // Between the server's strands.
    HintLost,
    HintDoubled,
    HintDelayed,
    // Machines.
    ServerCrashLost, ///< Its unsynced bytes were lost.
    ServerCrashKept, ///< They happened to reach the disk.
    DeviceCrash,
    DeviceCrashAtWrite, ///< In the middle of what it wrote or synced.
    ClockJump,
};

struct FaultName {
    Fault fault;
    std::string_view name;
};
constexpr std::array faultNames{
    FaultName{Fault::FrameSlow, "frame_slow"},
    FaultName{Fault::ConnectionBroken, "connection_broken"},
    FaultName{Fault::FrameLostUp, "frame_lost_up"},
    FaultName{Fault::FrameLostDown, "frame_lost_down"},
    FaultName{Fault::DeafUp, "deaf_up"},
    FaultName{Fault::DeafDown, "deaf_down"},
    FaultName{Fault::FrameLate, "frame_late"},
    FaultName{Fault::Unreachable, "unreachable"},
    FaultName{Fault::FrameLost, "frame_lost"},
    FaultName{Fault::FrameDoubled, "frame_doubled"},
    FaultName{Fault::FrameOvertaken, "frame_overtaken"},
    FaultName{Fault::HintLost, "hint_lost"},
    FaultName{Fault::HintDoubled, "hint_doubled"},
    FaultName{Fault::HintDelayed, "hint_delayed"},
    FaultName{Fault::ServerCrashLost, "server_crash_lost"},
    FaultName{Fault::ServerCrashKept, "server_crash_kept"},
    FaultName{Fault::DeviceCrash, "device_crash"},
    FaultName{Fault::DeviceCrashAtWrite, "device_crash_at_write"},
    FaultName{Fault::ClockJump, "clock_jump"},
};

class FaultCounts
{
public:
    void add(Fault fault, std::uint64_t times = 1) { counts_[static_cast<std::size_t>(fault)] += times; }
    [[nodiscard]] std::uint64_t of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
    void add(const FaultCounts& other)
    {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            counts_[i] += other.counts_[i];
    }

private:
    std::array<std::uint64_t, faultNames.size()> counts_{};
};

} // namespace kith::sim
