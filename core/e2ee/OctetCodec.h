#pragma once
/// The compact binary form of everything core/e2ee writes: big-endian numbers, fixed fields and blocks with a 2-octet
/// length. Strict: a reader that passed an end, a bound or a wrong flag stays failed. Thread: plain values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/crypto/FixedSecret.h"
#include "core/crypto/SecretBytes.h"

namespace kith
{

/// Appends; what it outgrows is wiped, so secrets may be written.
class OctetWriter
{
public:
    explicit OctetWriter(std::size_t expectedSize = 64) { out_.reserve(expectedSize); }
    OctetWriter(const OctetWriter&) = delete;
    OctetWriter& operator=(const OctetWriter&) = delete;
    ~OctetWriter() { wipe(out_); }

    OctetWriter& u8(std::uint8_t value);
    OctetWriter& u16(std::uint16_t value);
    OctetWriter& u32(std::uint32_t value);
    OctetWriter& u64(std::uint64_t value);
    OctetWriter& time(WallTime value) { return u64(static_cast<std::uint64_t>(toMillis(value))); }
    OctetWriter& flag(bool value) { return u8(value ? 1 : 0); }
    OctetWriter& raw(ByteView bytes);
    /// Precondition: at most 65,535 octets.
    OctetWriter& block16(ByteView bytes) { return u16(static_cast<std::uint16_t>(bytes.size())).raw(bytes); }

    [[nodiscard]] ByteView written() const { return out_; }
    [[nodiscard]] Bytes takePublic() { return std::move(out_); }
    [[nodiscard]] SecretBytes takeSecret() { return SecretBytes::takeFrom(std::move(out_)); }

private:
    Bytes out_;
};

/// Reads a view that must outlive it. After a failure every read gives zero or empty; check ok() or finished() once.
class OctetReader
{
public:
    explicit OctetReader(ByteView bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint64_t u64();
    /// Fails outside 1970 to about 37000, so that arithmetic with it cannot overflow.
    WallTime time();
    /// 0 or 1; anything else fails.
    bool flag();
    ByteView raw(std::size_t size);
    /// Fails when the block is longer than `most`.
    ByteView block16(std::size_t most);
    /// A count of items that are at least `itemSize` octets each: fails above `most` or what the rest can hold.
    std::size_t count16(std::size_t most, std::size_t itemSize);

    template <class Id> Id id() { return Id::fromBytes(raw(Id::size)).value_or(Id{}); }
    template <class Octets> Octets octets() { return Octets::fromBytes(raw(Octets::size)).value_or(Octets{}); }
    template <class Secret> Secret secret()
    {
        auto read = Secret::copyOf(raw(Secret::size));
        return read ? std::move(*read) : Secret{};
    }

    /// For callers whose own check found a value that may not stand there.
    void fail() { failed_ = true; }
    [[nodiscard]] bool ok() const { return !failed_; }
    [[nodiscard]] ByteView rest() const { return rest_; }
    /// Nothing failed and nothing is left.
    [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

private:
    ByteView rest_;
    bool failed_ = false;
};

} // namespace kith
