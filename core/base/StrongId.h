#pragma once
/// Identifiers that cannot be mistaken for each other. FixedId<Tag> is 16 random or derived octets; StrongNumber<Tag>
/// is a number that does not convert to another kind of number. Thread: plain values, any.

#include "core/base/Bytes.h"

#include <array>
#include <compare>
#include <cstring>
#include <functional>
#include <optional>

namespace kith
{

template <class Tag> class FixedId
{
public:
    static constexpr std::size_t size = 16;

    constexpr FixedId() = default;
    /// Nullopt unless `bytes` is exactly 16 octets.
    static std::optional<FixedId> fromBytes(ByteView bytes)
    {
        if (bytes.size() != size)
            return std::nullopt;
        FixedId id;
        std::memcpy(id.octets_.data(), bytes.data(), size);
        return id;
    }
    static std::optional<FixedId> fromHex(std::string_view text)
    {
        const auto bytes = kith::fromHex(text);
        return bytes ? fromBytes(*bytes) : std::nullopt;
    }

    [[nodiscard]] ByteView view() const { return {octets_.data(), size}; }
    [[nodiscard]] Bytes bytes() const { return Bytes(view()); }
    [[nodiscard]] std::string hex() const { return toHex(view()); }
    /// All zero: the id of nothing.
    [[nodiscard]] bool isNull() const { return *this == FixedId{}; }

    friend bool operator==(const FixedId&, const FixedId&) = default;
    friend auto operator<=>(const FixedId& a, const FixedId& b) { return a.view().compare(b.view()) <=> 0; }

private:
    std::array<char, size> octets_{};
};

template <class Tag, class Number = std::uint64_t> class StrongNumber
{
public:
    constexpr StrongNumber() = default;
    constexpr explicit StrongNumber(Number value) : value_(value) {}
    template <class Other> explicit StrongNumber(Other) = delete;

    [[nodiscard]] constexpr Number value() const { return value_; }
    [[nodiscard]] constexpr StrongNumber next() const { return StrongNumber(static_cast<Number>(value_ + 1)); }

    friend constexpr bool operator==(StrongNumber, StrongNumber) = default;
    friend constexpr auto operator<=>(StrongNumber, StrongNumber) = default;

private:
    Number value_ = 0;
};

/// The binding words of the log (docs/glossary.md), shared by both programs.
using UserId = FixedId<struct UserIdTag>;
using DeviceId = FixedId<struct DeviceIdTag>;
using LogId = FixedId<struct LogIdTag>; ///< A conversation's log or an account log.
using EntryId = FixedId<struct EntryIdTag>;
using ClientMsgId = FixedId<struct ClientMsgIdTag>;
using Seq = StrongNumber<struct SeqTag>;               ///< 1, 2, 3 … within a log; 0 = before the first.
using Generation = StrongNumber<struct GenerationTag>; ///< (generation, seq) is never reused.
using SendNo = StrongNumber<struct SendNoTag>;         ///< +1 per (device, log); 0 = none yet.

} // namespace kith

template <class Tag> struct std::hash<kith::FixedId<Tag>> {
    std::size_t operator()(const kith::FixedId<Tag>& id) const noexcept
    {
        return std::hash<std::string_view>{}(id.view());
    }
};
template <class Tag, class Number> struct std::hash<kith::StrongNumber<Tag, Number>> {
    std::size_t operator()(kith::StrongNumber<Tag, Number> number) const noexcept
    {
        return std::hash<Number>{}(number.value());
    }
};
