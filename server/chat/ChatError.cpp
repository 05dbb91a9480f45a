#include "server/chat/ChatError.h"

#include "server/chat/records/RecordCodec.h"
#include "server/storage/Storage.h"

#include <charconv>

namespace kith
{

using server::ChatError;

std::string_view ErrorTraits<ChatError>::name(ChatError code)
{
    switch (code) {
    case ChatError::Invalid:
        return "invalid";
    case ChatError::Unauthenticated:
        return "unauthenticated";
    case ChatError::Denied:
        return "denied";
    case ChatError::NotFound:
        return "not_found";
    case ChatError::Conflict:
        return "conflict";
    case ChatError::TooLarge:
        return "too_large";
    case ChatError::RateLimited:
        return "rate_limited";
    case ChatError::Unavailable:
        return "unavailable";
    case ChatError::Internal:
        return "internal";
    }
    return "unknown";
}

Remedy ErrorTraits<ChatError>::remedy(ChatError code)
{
    switch (code) {
    case ChatError::Conflict:
    case ChatError::RateLimited:
    case ChatError::Unavailable:
        return Remedy::Retry;
    case ChatError::Internal:
        return Remedy::Bug;
    default:
        return Remedy::AskUser;
    }
}

} // namespace kith

namespace kith::server
{

namespace
{

std::uint64_t decimal(const std::string& text)
{
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

Error conflictError(std::string detail, const ConflictDetail& conflict)
{
    Error error = Error::make(ChatError::Conflict, std::move(detail));
    RecordWriter writer;
    writer.number(conflict.index());
    if (const auto* lists = std::get_if<StaleDeviceLists>(&conflict)) {
        writer.number(lists->manifests.size());
        for (const SignedManifest& manifest : lists->manifests)
            writer.bytes(manifest.manifest).bytes(manifest.identitySignature).bytes(manifest.deviceSignature);
    } else if (const auto* send = std::get_if<ExpectedSendNo>(&conflict)) {
        writer.number(send->expected.value());
    } else if (const auto* cut = std::get_if<LogWasCut>(&conflict)) {
        writer.number(cut->generation.value());
    } else if (const auto* race = std::get_if<LostRace>(&conflict)) {
        writer.number(race->current);
    }
    error.payload = std::move(writer).take();
    return error;
}

std::optional<ConflictDetail> conflictOf(const Error& error)
{
    if (!error.is(ChatError::Conflict))
        return std::nullopt;
    RecordReader reader(error.payload);
    switch (reader.number()) {
    case 0: {
        StaleDeviceLists lists;
        const std::size_t count = reader.count();
        for (std::size_t i = 0; i < count; ++i) {
            SignedManifest manifest;
            manifest.manifest = reader.bytes();
            manifest.identitySignature = reader.bytes();
            manifest.deviceSignature = reader.bytes();
            lists.manifests.push_back(std::move(manifest));
        }
        if (reader.finished())
            return lists;
        break;
    }
    case 1:
        if (const SendNo expected{reader.number()}; reader.finished())
            return ExpectedSendNo{expected};
        break;
    case 2:
        if (const Generation generation{reader.number()}; reader.finished())
            return LogWasCut{generation};
        break;
    case 3:
        if (const std::uint64_t current = reader.number(); reader.finished())
            return LostRace{current};
        break;
    default:
        break;
    }
    return std::nullopt;
}

Error rateLimited(std::string detail, std::chrono::milliseconds wait)
{
    Error error = Error::make(ChatError::RateLimited, std::move(detail));
    error.retryAfter = wait;
    return error;
}

Error asChatError(const Error& error)
{
    if (error.domain != ErrorTraits<StorageError>::domain)
        return error;
    switch (static_cast<StorageError>(error.code)) {
    case StorageError::SendGap:
        return conflictError("An earlier message of this device is missing: send that one first.",
                             ExpectedSendNo{SendNo{decimal(error.payload)}});
    case StorageError::CloneSend:
        return Error::make(ChatError::Denied, "This device is behind what it stated before, so it was restored from a "
                                              "copy: link it again as a new device.");
    case StorageError::Generation:
        return conflictError("The server was restored: this conversation goes on in a new generation. Read it first.",
                             LogWasCut{Generation{decimal(error.payload)}});
    case StorageError::NotFound:
        return Error::make(ChatError::NotFound, "There is no such conversation.");
    case StorageError::Conflict:
    case StorageError::Busy: {
        Error busy = Error::make(ChatError::Unavailable, "Too much happens at once: try again.");
        busy.retryAfter = std::chrono::milliseconds(500);
        return busy;
    }
    case StorageError::Stopped:
    case StorageError::Full: {
        Error stopped = Error::make(ChatError::Unavailable, "The server cannot store anything at the moment.");
        stopped.retryAfter = std::chrono::milliseconds(5000);
        return stopped;
    }
    default:
        return Error::make(ChatError::Internal, "The server could not read its own data.");
    }
}

} // namespace kith::server
