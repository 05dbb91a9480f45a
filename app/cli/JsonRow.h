#pragma once
/// One line of output: a JSON object whose first field is its type and whose fields keep their order. Owned by whoever
/// prints it; main thread.

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::cli
{

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
    /// null where there is no value.
    template <class T> JsonRow& addOptional(std::string_view key, const std::optional<T>& value)
    {
        return value ? add(key, *value) : addNull(key);
    }

    [[nodiscard]] std::string text() const { return line_ + "}"; }
    /// Writes the line to standard output and flushes: a reader sees it at once.
    void print() const;

private:
    JsonRow& raw(std::string_view key, std::string_view value);

    std::string line_;
};

} // namespace kith::cli
