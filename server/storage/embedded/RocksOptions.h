#pragma once
/// How RocksDB is set up, and what its failures at opening mean in words. For this folder alone. Thread: pure, any.

#include "server/storage/embedded/RocksKv.h"

#include <rocksdb/options.h>

namespace kith::server
{

[[nodiscard]] rocksdb::Options rocksOptions(const RocksKv::Options& given);
/// `status` is not ok.
[[nodiscard]] Error openError(const rocksdb::Status& status, const std::string& directory);
/// The disk has no room.
[[nodiscard]] bool isFull(const rocksdb::Status& status);

} // namespace kith::server
