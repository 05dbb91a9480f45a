#pragma once
/// What makes a device list acceptable (mechanisms.md section 5): pure checks of what a device handed in against what
/// stands. Clients check the same again; the server refuses early what every peer would refuse. Thread: pure, any.

#include "server/chat/records/Records.h"
#include "server/domain/Limits.h"

#include <span>

namespace kith::server
{

enum class ManifestChange { Link, Revoke };

/// Version 1 of a new account: exactly one device, which signed it.
[[nodiscard]] Result<void> checkFirstManifest(const DeviceManifest& manifest, const Limits& limits);

/// The version after `previous` with one device more or less, authored by `author`. `devices` are the account's
/// present, unrevoked ones: whoever stays keeps its keys and incarnation.
[[nodiscard]] Result<void> checkNextManifest(const DeviceManifest& manifest, ManifestChange change, UserId user,
                                             DeviceId author, std::uint64_t previousVersion,
                                             const ManifestRecord& previous, std::span<const Device> devices,
                                             const Limits& limits);

/// Form and signature of an upload by a device with this signing key. `first`: the signed pre-key must be there.
[[nodiscard]] Result<void> checkPreKeys(const PreKeyUpload& keys, ByteView signingKey, bool first,
                                        const Limits& limits);

[[nodiscard]] ManifestRecord recordOf(const DeviceManifest& manifest, WallTime accepted);
[[nodiscard]] Device deviceOf(const DeviceCertificate& certificate, WallTime created);

} // namespace kith::server
