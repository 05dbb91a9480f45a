#pragma once
/// Structured logging: one JSON object a line, on stderr. Ids are written only through `hashed`, content and keys
/// never. Thread: any; a line is written whole.

#include "core/base/Bytes.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace kith
{

enum class LogLevel { Debug, Info, Warning, Error };

struct LogField {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, bool> value;
};

/// A short, keyed-by-process digest of an id: lines of one run can be joined, runs and people cannot.
[[nodiscard]] std::string hashed(ByteView id);

/// `event` is a fixed snake_case name. Below the current level nothing is formatted.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
void setLogLevel(LogLevel level);
/// Seeds `hashed`; called once at start with random bytes. Without it every id reads "-".
void setLogHashKey(ByteView key);

} // namespace kith
