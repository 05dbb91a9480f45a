#pragma once
/// Domain values <-> wire messages, for the values that several calls share. Reading is strict: ids have 16 octets.
/// Thread: pure, any.

#include "core/base/Result.h"
#include "core/protocol/wire/WireError.h"
#include "core/protocol/wire/rpc.pb.h"
#include "core/protocol/wire/sync.pb.h"
#include "server/chat/messages/LogReader.h"
#include "server/chat/people/People.h"
#include "server/domain/Entry.h"
#include "server/domain/Manifest.h"
#include "server/domain/Marks.h"
#include "server/domain/PreKeys.h"
#include "server/domain/Presence.h"

namespace kith::server
{

/// An error of chat as the peer is told it: same code, its sentence, its typed conflict. Others as wire::toWire does.
[[nodiscard]] wire::CallError callError(const Error& error);

/// Invalid, naming `field`, unless `bytes` has exactly 16 octets.
template <class Id> [[nodiscard]] Result<Id> readId(const Bytes& bytes, std::string_view field)
{
    const auto id = Id::fromBytes(bytes);
    if (!id)
        return Error::make(wire::WireCode::Invalid, std::string(field) + " must have 16 octets");
    return *id;
}
template <class Id, class Repeated>
[[nodiscard]] Result<std::vector<Id>> readIds(const Repeated& all, std::string_view field)
{
    std::vector<Id> ids;
    ids.reserve(static_cast<std::size_t>(all.size()));
    for (const auto& bytes : all) {
        KITH_TRY(const Id id, readId<Id>(bytes, field));
        ids.push_back(id);
    }
    return ids;
}

void write(const Entry& entry, LogId log, wire::Entry* out);
void write(const LogMarks& marks, LogId log, Generation generation, wire::Marks* out);
void write(const SignedManifest& manifest, wire::SignedDeviceManifest* out);
void write(const PreKeyBundle& bundle, wire::PreKeyBundle* out);
void write(const FoundPerson& person, wire::FindPeopleResponse* out);
void write(const PresenceView& presence, wire::Presence* out);

/// Parses the signed octets; Invalid where they do not parse. What they mean is checked by chat.
[[nodiscard]] Result<DeviceManifest> readManifest(const wire::SignedDeviceManifest& message);
[[nodiscard]] PreKeyUpload readUpload(const wire::PreKeyUpload& message);

} // namespace kith::server
