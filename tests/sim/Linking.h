#pragma once
/// One more device for an account, as far as linking is not a use case of the client yet: keys, certificate and the
/// next device list, signed with the first device's identity key, handed to the server's real LinkDevice rule. For
/// tests. Single-threaded.

#include "tests/sim/VirtualDevice.h"
#include "tests/sim/VirtualServer.h"

namespace kith::sim
{

struct Link {
    server::Caller caller; ///< The first device; without a strand.
    wire::SignedDeviceManifest list;
    wire::PreKeyUpload keys;
    std::uint64_t version = 0; ///< Of `list`.
};

/// Puts what linking gives on `added`'s disk, before its first start. `first` runs and has the newest list.
[[nodiscard]] Result<Link> composeLink(VirtualDevice& first, VirtualDevice& added, World& world);
/// Asks the running server. Asking again with the same link succeeds.
void callLink(VirtualServer& server, const Link& link, std::function<void(const Result<std::uint64_t>&)> done);

} // namespace kith::sim
