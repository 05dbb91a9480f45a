#pragma once
/// Bytes <-> Content, strictly: what passes decode() has a kind that this version knows and fields within bounds.
/// Thread: pure functions, any.

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/protocol/content/content.pb.h"

namespace kith::content
{

enum class ContentError {
    Malformed, ///< Not Content at all, or a known kind with fields that break its rules.
    Unknown,   ///< Of a kind that a later version writes: keep the bytes.
};

constexpr std::size_t maxContent = 66U << 10; ///< More than a body can carry.
constexpr std::size_t maxDisplayName = 256;

[[nodiscard]] Result<Content> decode(ByteView bytes);
[[nodiscard]] Bytes encode(const Content& content);

} // namespace kith::content

namespace kith
{

template <> struct ErrorTraits<content::ContentError> {
    static constexpr std::string_view domain = "content";
    static std::string_view name(content::ContentError code);
    static Remedy remedy(content::ContentError) { return Remedy::AskUser; }
};

} // namespace kith
