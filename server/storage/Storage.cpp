#include "server/storage/Storage.h"

#include "core/crypto/Hash.h"

namespace kith::server
{

Bucket bucketOf(ByteView id)
{
    return Bucket{static_cast<std::uint16_t>(readBigEndian16(sha256(id).view()) % bucketCount)};
}

} // namespace kith::server

namespace kith
{

using server::StorageError;

std::string_view ErrorTraits<StorageError>::name(StorageError code)
{
    switch (code) {
    case StorageError::Conflict:
        return "conflict";
    case StorageError::SendGap:
        return "send_gap";
    case StorageError::CloneSend:
        return "clone_send";
    case StorageError::Generation:
        return "generation";
    case StorageError::NotFound:
        return "not_found";
    case StorageError::WrongBucket:
        return "wrong_bucket";
    case StorageError::Stopped:
        return "stopped";
    case StorageError::Damaged:
        return "damaged";
    case StorageError::Full:
        return "full";
    case StorageError::Busy:
        return "busy";
    case StorageError::Locked:
        return "locked";
    case StorageError::TooNew:
        return "too_new";
    case StorageError::Unopened:
        return "unopened";
    }
    return "unknown";
}

Remedy ErrorTraits<StorageError>::remedy(StorageError code)
{
    switch (code) {
    case StorageError::Conflict:
    case StorageError::SendGap:
    case StorageError::Generation:
    case StorageError::Busy:
        return Remedy::Retry;
    case StorageError::CloneSend:
    case StorageError::NotFound:
    case StorageError::Stopped:
    case StorageError::Damaged:
    case StorageError::Full:
    case StorageError::Locked:
    case StorageError::TooNew:
    case StorageError::Unopened:
        return Remedy::AskUser;
    case StorageError::WrongBucket:
        return Remedy::Bug;
    }
    return Remedy::Bug;
}

} // namespace kith
