#pragma once
/// Octets of stored values: a format octet, then varints (LEB128, minimal), fixed octets and length-prefixed octets.
/// Strict: a decoder accepts exactly what the encoder writes. Thread: one owner.

#include "core/base/Bytes.h"

namespace kith::server
{

class ValueEncoder
{
public:
    /// `reserve`: expected size, octets.
    explicit ValueEncoder(std::uint8_t format, std::size_t reserve = 64);
    void number(std::uint64_t value);
    /// Length, then the octets.
    void octets(ByteView bytes);
    /// The octets alone.
    void raw(ByteView bytes) { out_.append(bytes); }
    [[nodiscard]] Bytes take() && { return std::move(out_); }

private:
    Bytes out_;
};

/// The first failure sticks: later reads give zeros and nothing is allocated; finish() tells.
class ValueDecoder
{
public:
    /// Fails where the format octet differs.
    ValueDecoder(ByteView bytes, std::uint8_t format);
    [[nodiscard]] std::uint64_t number();
    /// A number of things that each take at least `least` octets: fails when so many cannot follow.
    [[nodiscard]] std::size_t count(std::size_t least);
    [[nodiscard]] ByteView octets();
    [[nodiscard]] ByteView raw(std::size_t size);
    template <class Id> [[nodiscard]] Id id()
    {
        const auto id = Id::fromBytes(raw(Id::size));
        return id ? *id : Id{};
    }
    [[nodiscard]] ByteView rest();
    void fail() { ok_ = false; }
    /// True when nothing failed and nothing is left.
    [[nodiscard]] bool finish() const { return ok_ && left_.empty(); }

private:
    ByteView left_;
    bool ok_ = true;
};

} // namespace kith::server
