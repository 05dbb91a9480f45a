#include "server/gateway/calls/DomainCodec.h"

#include "core/protocol/wire/Limits.h"
#include "server/chat/ChatError.h"

namespace kith::server
{
namespace
{

void write(const ConflictDetail& detail, wire::Conflict* out)
{
    if (const auto* lists = std::get_if<StaleDeviceLists>(&detail)) {
        for (const SignedManifest& manifest : lists->manifests)
            write(manifest, out->mutable_device_list()->add_manifests());
    } else if (const auto* sendNo = std::get_if<ExpectedSendNo>(&detail)) {
        out->mutable_send_no()->set_expected(sendNo->expected.value());
    } else if (const auto* cut = std::get_if<LogWasCut>(&detail)) {
        out->mutable_cut()->set_generation(cut->generation.value());
    } else if (const auto* race = std::get_if<LostRace>(&detail)) {
        out->mutable_compare_and_set()->set_current(race->current);
    }
}

Result<DeviceCertificate> readCertificate(const wire::SignedDeviceCertificate& message)
{
    wire::DeviceCertificate parsed;
    if (!parsed.ParseFromString(message.certificate()))
        return Error::make(wire::WireCode::Invalid, "a device certificate cannot be read");
    DeviceCertificate out;
    out.certificate = message.certificate();
    out.signature = message.signature();
    KITH_TRY(out.user, readId<UserId>(parsed.user_id(), "user_id of a device certificate"));
    KITH_TRY(out.device, readId<DeviceId>(parsed.device_id(), "device_id of a device certificate"));
    out.signingKey = parsed.signing_key();
    out.agreementKey = parsed.agreement_key();
    out.incarnation = parsed.incarnation();
    return out;
}

} // namespace

wire::CallError callError(const Error& error)
{
    if (error.domain != ErrorTraits<ChatError>::domain)
        return wire::toWire(error);
    wire::CallError out;
    out.set_code(static_cast<wire::ErrorCode>(error.code));
    out.set_detail(error.detail);
    out.set_retry(error.remedy == Remedy::Retry);
    out.set_retry_after_ms(static_cast<std::uint32_t>(std::max<std::int64_t>(error.retryAfter.count(), 0)));
    if (const auto detail = conflictOf(error))
        write(*detail, out.mutable_conflict());
    return out;
}

void write(const Entry& entry, LogId log, wire::Entry* out)
{
    out->set_log_id(log.bytes());
    out->set_generation(entry.generation.value());
    out->set_seq(entry.seq.value());
    out->set_entry_id(entry.id.bytes());
    out->set_kind(static_cast<wire::EntryKind>(entry.kind));
    if (entry.kind == EntryKind::Tombstone)
        out->set_chained_kind(wire::APPLICATION); // nothing else becomes one
    if (!entry.senderUser.isNull())
        out->set_sender_user(entry.senderUser.bytes());
    if (!entry.senderDevice.isNull())
        out->set_sender_device(entry.senderDevice.bytes());
    out->set_server_time_ms(toMillis(entry.time));
    if (!entry.clientMsgId.isNull())
        out->set_client_msg_id(entry.clientMsgId.bytes());
    out->set_body(entry.body);
    out->set_body_hash(entry.bodyHash);
    out->set_commitment(entry.commitment);
    if (!entry.envelopes.empty())
        out->set_envelope(entry.envelopes.front().sealed);
    out->set_chain(entry.chain);
    out->set_epoch(entry.epoch);
    out->set_franking_tag(entry.frankingTag);
    out->set_expiry_class(entry.expiryClass);
    for (const Bytes& blob : entry.blobIds)
        out->add_blob_ids(blob);
    out->set_home_term(entry.homeTerm);
    out->set_wake(entry.wake);
    out->set_send_no(entry.sendNo.value());
}

void write(const LogMarks& marks, LogId log, Generation generation, wire::Marks* out)
{
    out->set_log_id(log.bytes());
    out->set_generation(generation.value());
    out->set_marks_rev(marks.revision);
    for (const Mark& mark : marks.members) {
        auto* member = out->add_members();
        member->set_user(mark.user.bytes());
        member->set_delivered(mark.delivered.value());
        member->set_read(mark.read.value());
    }
}

void write(const SignedManifest& manifest, wire::SignedDeviceManifest* out)
{
    out->set_manifest(manifest.manifest);
    out->set_identity_signature(manifest.identitySignature);
    out->set_device_signature(manifest.deviceSignature);
}

void write(const PreKeyBundle& bundle, wire::PreKeyBundle* out)
{
    out->set_device_id(bundle.device.bytes());
    auto* signedKey = out->mutable_signed_prekey();
    signedKey->set_id(bundle.signedPreKey.id);
    signedKey->set_public_key(bundle.signedPreKey.publicKey);
    signedKey->set_signature(bundle.signedPreKey.signature);
    if (bundle.oneTimePreKey) {
        out->mutable_one_time_prekey()->set_id(bundle.oneTimePreKey->id);
        out->mutable_one_time_prekey()->set_public_key(bundle.oneTimePreKey->publicKey);
    }
    if (bundle.kem) {
        out->mutable_kem()->set_algorithm(bundle.kem->algorithm);
        out->mutable_kem()->set_public_key(bundle.kem->publicKey);
        out->mutable_kem()->set_signature(bundle.kem->signature);
    }
}

void write(const FoundPerson& person, wire::FindPeopleResponse* out)
{
    out->set_user_id(person.user.bytes());
    out->set_handle(person.handle);
    write(person.manifest, out->mutable_manifest());
}

void write(const PresenceView& presence, wire::Presence* out)
{
    constexpr std::int64_t hourMs = 3'600'000;
    out->set_user(presence.user.bytes());
    out->set_state(static_cast<wire::PresenceState>(presence.state));
    out->set_last_seen_ms(static_cast<std::int64_t>(presence.lastSeenHour) * hourMs);
}

Result<DeviceManifest> readManifest(const wire::SignedDeviceManifest& message)
{
    wire::DeviceManifest parsed;
    if (message.manifest().size() > wire::maxManifest)
        return Error::make(wire::WireCode::TooLarge,
                           "a device manifest has more than " + std::to_string(wire::maxManifest) + " octets");
    if (!parsed.ParseFromString(message.manifest()))
        return Error::make(wire::WireCode::Invalid, "the device manifest cannot be read");
    DeviceManifest out;
    out.manifest = message.manifest();
    out.identitySignature = message.identity_signature();
    out.deviceSignature = message.device_signature();
    KITH_TRY(out.user, readId<UserId>(parsed.user_id(), "user_id of the manifest"));
    out.version = parsed.version();
    out.identityKey = parsed.identity_key();
    out.previousHash = parsed.previous_hash();
    for (const auto& device : parsed.devices()) {
        KITH_TRY(auto certificate, readCertificate(device));
        out.devices.push_back(std::move(certificate));
    }
    KITH_TRY(out.revoked, readIds<DeviceId>(parsed.revoked_device_ids(), "a revoked device id"));
    KITH_TRY(out.author, readId<DeviceId>(parsed.author_device(), "author_device of the manifest"));
    return out;
}

PreKeyUpload readUpload(const wire::PreKeyUpload& message)
{
    PreKeyUpload out;
    if (message.has_signed_prekey())
        out.signedPreKey = SignedPreKey{message.signed_prekey().id(), message.signed_prekey().public_key(),
                                        message.signed_prekey().signature()};
    for (const auto& key : message.one_time_prekeys())
        out.oneTimePreKeys.push_back({key.id(), key.public_key()});
    if (message.has_kem())
        out.kem = KemPreKey{message.kem().algorithm(), message.kem().public_key(), message.kem().signature()};
    return out;
}

} // namespace kith::server
