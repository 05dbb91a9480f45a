#pragma once
/// The body of a message: the application's content behind a fixed header, sealed once under a random content key that
/// the envelopes carry (crypto.md section 3.1), with its franking commitment (section 10). docs/protocol/e2ee.md gives
/// the layout. Pure; thread: any.

#include "core/base/Result.h"
#include "core/crypto/SecretBytes.h"
#include "core/e2ee/ChainClaim.h"
#include "core/e2ee/DeviceIdentity.h"

namespace kith
{

using ContentKey = FixedSecret<struct ContentKeyTag, 32>;   ///< Seals one body; deleted after use.
using FrankingKey = FixedSecret<struct FrankingKeyTag, 32>; ///< Opens the commitment to whoever judges a report.

constexpr std::size_t maxBodySize = 66U << 10; ///< wire::maxApplicationBody, padding and tag included; a padded size.
constexpr std::size_t contentHeaderSize = 8 + 1 + 16 + 16 + 16 + 16 + 1 + 8 + 8 + 32; ///< See encodePayload().
constexpr std::size_t maxContentSize = maxBodySize - 16 - 4 - FrankingKey::size - contentHeaderSize;

/// Which row a body belongs to; all of it is bound into the AEAD and repeated under the commitment.
struct RowBinding {
    LogId log;
    ClientMsgId clientMsgId;
    DeviceAddress sender;
    std::uint8_t kind = 0; ///< EntryKind's number.
    friend bool operator==(const RowBinding&, const RowBinding&) = default;
};

/// What an envelope carries: 96 octets.
struct ContentSecret {
    ContentKey key;
    Sha256Digest bodyHash; ///< A sender cannot show devices different texts.
    Sha256Digest commitment;

    static constexpr std::size_t size = 96;
    [[nodiscard]] SecretBytes encode() const;
    /// Malformed unless exactly 96 octets.
    [[nodiscard]] static Result<ContentSecret> decode(ByteView bytes);
    [[nodiscard]] ContentSecret clone() const { return {key.clone(), bodyHash, commitment}; }
};

struct SealedBody {
    Bytes body;
    ContentSecret secret;
    FrankingKey frankingKey;
};

/// TooLarge above maxContentSize.
[[nodiscard]] Result<SealedBody> sealBody(const RowBinding& row, const ChainClaim& claim, ByteView content,
                                          Random& random);

/// Why an authentic envelope's body is refused; stable names for logs.
enum class BodyFault {
    WrongBody,       ///< Not the body that the sender hashed.
    WrongCommitment, ///< The row's commitment is not the sender's, or does not cover the content: could not be
                     ///< reported.
    Damaged,         ///< Does not open or parse, or speaks of another row.
};

struct OpenedBody {
    std::optional<BodyFault> fault; ///< Set: nothing else is.
    SecretBytes content;
    ChainClaim claim;
    FrankingKey frankingKey;
};

[[nodiscard]] OpenedBody openBody(const RowBinding& row, ByteView body, ByteView rowCommitment,
                                  const ContentSecret& secret);

/// The canonical bytes P that the commitment covers: "kithmsg" 0x00 | version 1 | log 16 | client_msg_id 16 |
/// sender user 16 | sender device 16 | kind 1 | claim generation 8 | seq 8 | chain 32 | content. A report is P and kf.
[[nodiscard]] SecretBytes encodePayload(const RowBinding& row, const ChainClaim& claim, ByteView content);
/// HMAC-SHA256(kf, P).
[[nodiscard]] Sha256Digest commitmentOf(const FrankingKey& key, ByteView payload);

} // namespace kith
