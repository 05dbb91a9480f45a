#pragma once
/// Raw octets. One alias for the whole program, chosen because Protobuf's `bytes` fields and RocksDB's slices are
/// std::string and std::string_view: no copy stands between the wire and the disk. Text that people read is QString.
/// Secrets never live in Bytes; they live in core/crypto's SecretBytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith
{

using Bytes = std::string;
using ByteView = std::string_view;

/// Lower-case hexadecimal, two digits an octet.
[[nodiscard]] std::string toHex(ByteView bytes);
/// Strict inverse of toHex (either case); nullopt for odd length or a foreign character.
[[nodiscard]] std::optional<Bytes> fromHex(std::string_view text);
/// base64url without padding (RFC 4648 section 5): what links and tokens carry.
[[nodiscard]] std::string toBase64Url(ByteView bytes);
/// Strict inverse: no padding, no foreign character, unused trailing bits zero.
[[nodiscard]] std::optional<Bytes> fromBase64Url(std::string_view text);

/// Appends `value` in big-endian order, so that byte order is number order in a sorted store.
void appendBigEndian(Bytes& out, std::uint64_t value);
void appendBigEndian32(Bytes& out, std::uint32_t value);
void appendBigEndian16(Bytes& out, std::uint16_t value);
/// Reads what appendBigEndian wrote; `bytes` must hold at least 8 (4, 2) octets.
[[nodiscard]] std::uint64_t readBigEndian(ByteView bytes);
[[nodiscard]] std::uint32_t readBigEndian32(ByteView bytes);
[[nodiscard]] std::uint16_t readBigEndian16(ByteView bytes);

} // namespace kith
