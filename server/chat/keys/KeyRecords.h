#pragma once
/// Pre-key rows as parts of other rules' transactions. Thread: the strand of the call.

#include "server/chat/records/Records.h"

namespace kith::server
{

/// Rows of a device that had none. Precondition: checkPreKeys(..., first = true).
void writeFirstKeys(Transaction& transaction, UserId user, DeviceId device, const PreKeyUpload& keys);
/// Deletes every key row of the device. A publication at the same time is noticed and makes the transaction conflict.
[[nodiscard]] Result<void> eraseKeys(const Storage& storage, Transaction& transaction, UserId user, DeviceId device);
/// One-time keys that the device has, counted up to `limit`.
[[nodiscard]] Result<std::uint32_t> countOneTimeKeys(const Storage& storage, UserId user, DeviceId device,
                                                     std::size_t limit);

} // namespace kith::server
