#pragma once
/// One seed's story: people register, befriend each other, write, lose connections and power, while the server crashes
/// and its bus loses hints; then everything heals and the promises are checked. Single-threaded.

#include "tests/sim/VirtualDevice.h"
#include "tests/sim/VirtualServer.h"

#include <optional>
#include <set>

namespace kith::sim
{

/// A broken promise: its number in DESIGN.md and what was seen.
struct Broken {
    std::string promise;
    std::string what;
};

class Scenario
{
public:
    Scenario(std::uint64_t seed, bool trace);

    /// Nothing where every promise held.
    [[nodiscard]] std::optional<Broken> run();
    [[nodiscard]] std::size_t messages() const { return written_.size(); }
    [[nodiscard]] std::uint64_t steps() const { return world_.steps(); }

private:
    void note(const std::string& what);
    /// Runs in slices until `done` or `most` virtual time has passed.
    bool wait(Millis most, const std::function<bool()>& done);
    [[nodiscard]] bool befriend(VirtualDevice& one, VirtualDevice& other);
    void disturb();
    void write();
    void heal();
    /// What has not converged yet; empty: everything has.
    [[nodiscard]] std::string unsettled();
    [[nodiscard]] std::optional<Broken> check();
    [[nodiscard]] std::optional<Broken> checkPair(VirtualDevice& one, VirtualDevice& other);
    [[nodiscard]] std::optional<Conversation> between(VirtualDevice& one, const VirtualDevice& other);
    [[nodiscard]] std::vector<Message> rows(VirtualDevice& one, const VirtualDevice& other);

    World world_;
    VirtualNetwork network_;
    VirtualServer server_;
    std::vector<std::unique_ptr<VirtualDevice>> devices_;
    std::set<std::string> written_; ///< Texts that a device has taken: from then on they must not be lost.
    std::uint64_t nextText_ = 0;
    bool trace_;
};

} // namespace kith::sim
