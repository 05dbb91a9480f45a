#pragma once
/// Octets of the records that chat keeps in the storage: numbers as varints, strings with their length, fields in a
/// fixed order behind a format number. Reading is strict and bounded; a record that does not parse is Internal, never a
/// guess. Thread: plain values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>

namespace kith::server
{

class RecordWriter
{
public:
    RecordWriter& number(std::uint64_t value);
    RecordWriter& flag(bool value) { return number(value ? 1 : 0); }
    RecordWriter& bytes(ByteView value);
    RecordWriter& time(WallTime value) { return number(static_cast<std::uint64_t>(toMillis(value))); }
    template <class Tag> RecordWriter& id(const FixedId<Tag>& value)
    {
        out_.append(value.view());
        return *this;
    }

    [[nodiscard]] Bytes take() && { return std::move(out_); }

private:
    Bytes out_;
};

/// After the first failure every read gives zero and finished() is false.
class RecordReader
{
public:
    explicit RecordReader(ByteView bytes) : rest_(bytes) {}

    [[nodiscard]] std::uint64_t number();
    /// A number of elements that follow: never more than octets are left.
    [[nodiscard]] std::size_t count();
    [[nodiscard]] bool flag();
    [[nodiscard]] Bytes bytes();
    [[nodiscard]] WallTime time() { return wallFromMillis(static_cast<std::int64_t>(number())); }
    template <class Id> [[nodiscard]] Id id() { return Id::fromBytes(take(Id::size)).value_or(Id{}); }
    /// Whether everything was read, and nothing failed.
    [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }

private:
    [[nodiscard]] ByteView take(std::size_t size);

    ByteView rest_;
    bool failed_ = false;
};

} // namespace kith::server
