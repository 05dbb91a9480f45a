#include "core/e2ee/SealedContent.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/crypto/Hmac.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/OctetCodec.h"
#include "core/e2ee/Padding.h"

namespace kith
{
namespace
{

using namespace std::string_view_literals;

constexpr ByteView payloadMagic = "kithmsg\0"sv;
constexpr std::uint8_t payloadVersion = 1;
constexpr ByteView bodyInfo = "kith body v1"sv;
constexpr ByteView bodyLabel = "kith body v1\0"sv;
constexpr std::size_t lengthSize = 4;

AeadKey bodyKey(const ContentKey& key)
{
    return hkdfSha256As<AeadKey>({}, key.exposeSecret(), bodyInfo);
}

Bytes associatedData(const RowBinding& row, ByteView commitment)
{
    OctetWriter out(128);
    out.raw(bodyLabel).raw(row.log.view()).raw(row.clientMsgId.view());
    out.raw(row.sender.user.view()).raw(row.sender.device.view()).u8(row.kind).raw(commitment);
    return out.takePublic();
}

/// length 4 | kf 32 | P | zeros, so that body and tag together have a padded size.
SecretBytes pad(const FrankingKey& key, ByteView payload)
{
    const std::size_t used = lengthSize + FrankingKey::size + payload.size();
    const std::size_t padded = paddedSize(used + ChaCha20Poly1305::overhead) - ChaCha20Poly1305::overhead;
    OctetWriter out(padded);
    out.u32(static_cast<std::uint32_t>(FrankingKey::size + payload.size())).raw(key.exposeSecret()).raw(payload);
    out.raw(Bytes(padded - used, '\0'));
    return out.takeSecret();
}

/// kf | P without the padding; empty when the form is wrong.
ByteView unpad(ByteView padded)
{
    OctetReader in(padded);
    const ByteView inner = in.raw(in.u32());
    const bool zeros = in.rest().find_first_not_of('\0') == ByteView::npos;
    return in.ok() && zeros ? inner : ByteView{};
}

bool parsePayload(ByteView payload, const RowBinding& row, OpenedBody& out)
{
    OctetReader in(payload);
    const bool known = in.raw(payloadMagic.size()) == payloadMagic && in.u8() == payloadVersion;
    RowBinding found;
    found.log = in.id<LogId>();
    found.clientMsgId = in.id<ClientMsgId>();
    found.sender.user = in.id<UserId>();
    found.sender.device = in.id<DeviceId>();
    found.kind = in.u8();
    out.claim.generation = Generation(in.u64());
    out.claim.seq = Seq(in.u64());
    out.claim.chain = in.octets<Sha256Digest>();
    if (!known || !in.ok() || found != row)
        return false;
    out.content = SecretBytes::copyOf(in.rest());
    return true;
}

OpenedBody refused(BodyFault fault)
{
    OpenedBody out;
    out.fault = fault;
    return out;
}

} // namespace

SecretBytes ContentSecret::encode() const
{
    OctetWriter out(size);
    out.raw(key.exposeSecret()).raw(bodyHash.view()).raw(commitment.view());
    return out.takeSecret();
}

Result<ContentSecret> ContentSecret::decode(ByteView bytes)
{
    OctetReader in(bytes);
    ContentSecret secret;
    secret.key = in.secret<ContentKey>();
    secret.bodyHash = in.octets<Sha256Digest>();
    secret.commitment = in.octets<Sha256Digest>();
    if (!in.finished())
        return Error::make(E2eeError::Malformed, "an envelope's content has the wrong size");
    return secret;
}

SecretBytes encodePayload(const RowBinding& row, const ChainClaim& claim, ByteView content)
{
    OctetWriter out(contentHeaderSize + content.size());
    out.raw(payloadMagic).u8(payloadVersion).raw(row.log.view()).raw(row.clientMsgId.view());
    out.raw(row.sender.user.view()).raw(row.sender.device.view()).u8(row.kind);
    out.u64(claim.generation.value()).u64(claim.seq.value()).raw(claim.chain.view()).raw(content);
    return out.takeSecret();
}

Sha256Digest commitmentOf(const FrankingKey& key, ByteView payload)
{
    return hmacSha256(key.exposeSecret(), payload);
}

Result<SealedBody> sealBody(const RowBinding& row, const ChainClaim& claim, ByteView content, Random& random)
{
    if (content.size() > maxContentSize)
        return Error::make(E2eeError::TooLarge, "the message is too long for one entry");
    SealedBody out;
    random.fill(out.secret.key.data(), ContentKey::size);
    random.fill(out.frankingKey.data(), FrankingKey::size);
    const SecretBytes payload = encodePayload(row, claim, content);
    out.secret.commitment = commitmentOf(out.frankingKey, payload.exposeSecret());
    const SecretBytes padded = pad(out.frankingKey, payload.exposeSecret());
    out.body = ChaCha20Poly1305::seal(bodyKey(out.secret.key), {}, associatedData(row, out.secret.commitment.view()),
                                      padded.exposeSecret());
    out.secret.bodyHash = sha256(out.body);
    return out;
}

OpenedBody openBody(const RowBinding& row, ByteView body, ByteView rowCommitment, const ContentSecret& secret)
{
    if (body.size() > maxBodySize || sha256(body) != secret.bodyHash)
        return refused(BodyFault::WrongBody);
    if (rowCommitment != secret.commitment.view())
        return refused(BodyFault::WrongCommitment);
    const auto padded = ChaCha20Poly1305::open(bodyKey(secret.key), {}, associatedData(row, rowCommitment), body);
    if (!padded)
        return refused(BodyFault::Damaged);
    OctetReader in(unpad(padded->exposeSecret()));
    OpenedBody out;
    out.frankingKey = in.secret<FrankingKey>();
    const ByteView payload = in.rest();
    if (!in.ok())
        return refused(BodyFault::Damaged);
    if (!constantTimeEqual(commitmentOf(out.frankingKey, payload).view(), rowCommitment))
        return refused(BodyFault::WrongCommitment);
    if (!parsePayload(payload, row, out))
        return refused(BodyFault::Damaged);
    return out;
}

} // namespace kith
