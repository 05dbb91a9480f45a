#pragma once
/// Keys and other octets of fixed size, each purpose its own type, so that one kind of key cannot be passed for
/// another. FixedSecret is move-only and wiped; FixedOctets is public (keys, signatures, digests). Thread: plain
/// values.

#include "core/base/Bytes.h"
#include "core/crypto/ConstantTime.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>

namespace kith
{

/// Public octets: copied, compared, sorted and printed (hex) freely.
template <class Tag, std::size_t Size> class FixedOctets
{
public:
    static constexpr std::size_t size = Size;

    constexpr FixedOctets() = default;
    /// Nullopt unless `bytes` has exactly `size` octets.
    [[nodiscard]] static std::optional<FixedOctets> fromBytes(ByteView bytes)
    {
        if (bytes.size() != Size)
            return std::nullopt;
        FixedOctets out;
        std::copy(bytes.begin(), bytes.end(), out.octets_.begin());
        return out;
    }

    [[nodiscard]] ByteView view() const { return {octets_.data(), Size}; }
    [[nodiscard]] Bytes bytes() const { return Bytes(view()); }
    [[nodiscard]] std::string hex() const { return toHex(view()); }
    [[nodiscard]] char* data() { return octets_.data(); }
    /// All octets zero: no key, no digest.
    [[nodiscard]] bool isNull() const { return *this == FixedOctets{}; }

    friend bool operator==(const FixedOctets&, const FixedOctets&) = default;
    friend auto operator<=>(const FixedOctets& a, const FixedOctets& b) { return a.view().compare(b.view()) <=> 0; }

private:
    std::array<char, Size> octets_{};
};

/// Secret octets, stored in place. Moving wipes the source; copying is spelled clone(); comparing takes constant time.
template <class Tag, std::size_t Size = 32> class FixedSecret
{
public:
    static constexpr std::size_t size = Size;

    FixedSecret() = default;
    /// Nullopt unless `bytes` has exactly `size` octets; the caller wipes the original where it can.
    [[nodiscard]] static std::optional<FixedSecret> copyOf(ByteView bytes)
    {
        if (bytes.size() != Size)
            return std::nullopt;
        FixedSecret out;
        std::copy(bytes.begin(), bytes.end(), out.octets_.begin());
        return out;
    }
    /// Octets [offset, offset + size) of a longer derivation. Precondition: they exist.
    [[nodiscard]] static FixedSecret sliceOf(ByteView bytes, std::size_t offset)
    {
        return std::move(*copyOf(bytes.substr(offset, Size)));
    }

    FixedSecret(FixedSecret&& other) noexcept : octets_(other.octets_) { other.clear(); }
    FixedSecret& operator=(FixedSecret&& other) noexcept
    {
        if (this != &other) {
            octets_ = other.octets_;
            other.clear();
        }
        return *this;
    }
    FixedSecret(const FixedSecret&) = delete;
    FixedSecret& operator=(const FixedSecret&) = delete;
    ~FixedSecret() { clear(); }

    [[nodiscard]] FixedSecret clone() const { return std::move(*copyOf(exposeSecret())); }
    /// The secret itself, valid while this object is neither moved from nor destroyed.
    [[nodiscard]] ByteView exposeSecret() const { return {octets_.data(), Size}; }
    [[nodiscard]] char* data() { return octets_.data(); }
    void clear() { wipe(octets_.data(), Size); }

    friend bool operator==(const FixedSecret& a, const FixedSecret& b)
    {
        return constantTimeEqual(a.exposeSecret(), b.exposeSecret());
    }

private:
    std::array<char, Size> octets_{};
};

} // namespace kith
