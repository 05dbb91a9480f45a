#pragma once
/// One line of output: a JSON object whose first field is its type and whose fields keep their order. Owned by whoever
/// prints it; main thread.

#include "core/base/Result.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::cli
{

/// For people on a terminal: what would command it, or turn the line around, becomes a blank. Words may be a server's.
[[nodiscard]] std::string printable(std::string_view words);

class JsonRow
{
public:
    explicit JsonRow(std::string_view type);

    JsonRow& add(std::string_view key, std::string_view text);
    JsonRow& add(std::string_view key, const char* text) { return add(key, std::string_view(text)); }
    JsonRow& add(std::string_view key, const QString& text) { return add(key, std::string_view(text.toStdString())); }
    JsonRow& add(std::string_view key, std::uint64_t number);
    JsonRow& add(std::string_view key, bool value);
    JsonRow& addNull(std::string_view key);
    /// An object of two texts.
    JsonRow& addError(std::string_view key, std::string_view code, std::string_view message);
    /// null where there is no value.
    template <class T> JsonRow& addOptional(std::string_view key, const std::optional<T>& value)
    {
        return value ? add(key, *value) : addNull(key);
    }

    [[nodiscard]] std::string text() const { return line_ + "}"; }
    /// Writes the line to standard output and flushes: a reader sees it at once. Output where it is closed or full.
    [[nodiscard]] Result<void> print() const;

private:
    JsonRow& raw(std::string_view key, std::string_view value);

    std::string line_;
};

} // namespace kith::cli
