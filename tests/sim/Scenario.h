#pragma once
/// One seed's story: people register, befriend each other, link second devices, write, lose connections and power,
/// while the server crashes, its bus loses hints, and in some seeds the network loses, doubles and reorders single
/// frames. Then everything heals and the promises are checked. Single-threaded.

#include "tests/sim/VirtualDevice.h"
#include "tests/sim/VirtualServer.h"

#include <map>
#include <optional>

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

    /// Nothing where every promise held. Once.
    [[nodiscard]] std::optional<Broken> run();
    [[nodiscard]] std::size_t messages() const { return written_.size(); }
    [[nodiscard]] std::size_t devices() const { return devices_.size(); }
    [[nodiscard]] const World& world() const { return world_; }

private:
    /// What somebody wrote.
    struct Written {
        std::string from; ///< Handles.
        std::string to;
        Millis at{0};
    };

    // Scenario.cpp
    void note(const std::string& what);
    /// Runs in slices until `done` or `most` virtual time has passed.
    bool wait(Millis most, const std::function<bool()>& done);
    [[nodiscard]] std::optional<Broken> story();
    [[nodiscard]] std::optional<Broken> setUp();
    [[nodiscard]] bool befriend(VirtualDevice& one, VirtualDevice& other);
    /// A second device for `first`'s account, which takes part from then on.
    [[nodiscard]] bool linkFor(VirtualDevice& first);
    void say(VirtualDevice& from, const std::string& to, const std::string& text);
    void heal();
    [[nodiscard]] std::optional<Conversation> between(VirtualDevice& one, const std::string& other);

    // Disturb.cpp
    void disturb();
    void disturbServer();
    void disturbPower(VirtualDevice& device);
    void disturbConnection(VirtualDevice& device);
    void write();

    // Checks.cpp
    /// What has not converged yet; empty: everything has.
    [[nodiscard]] std::string unsettled();
    [[nodiscard]] std::string unsettled(VirtualDevice& device);
    [[nodiscard]] std::optional<Broken> check();
    [[nodiscard]] std::optional<Broken> checkPair(const std::string& one, const std::string& other);
    [[nodiscard]] std::optional<Broken> checkCopy(VirtualDevice& device, const std::string& peer,
                                                  const std::vector<Message>& whole);
    [[nodiscard]] std::optional<Broken> checkTexts(VirtualDevice& device, const std::string& peer);
    [[nodiscard]] std::vector<Message> rows(VirtualDevice& one, const std::string& other);

    World world_;
    VirtualNetwork network_;
    VirtualServer server_;
    std::vector<std::unique_ptr<VirtualDevice>> devices_; ///< Each person's first one, then second ones.
    std::size_t people_;
    std::map<std::string, UserId> users_;           ///< By handle.
    std::map<const VirtualDevice*, Millis> joined_; ///< Second devices: since when everything must reach them.
    std::map<std::string, Written> written_;        ///< By text, once a device has taken it: never to be lost.
    std::uint64_t nextText_ = 0;
    bool trace_;
};

} // namespace kith::sim
