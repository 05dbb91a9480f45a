#pragma once
/// What went wrong, as a value. Every module has one enum of codes and a specialisation of ErrorTraits for it; every
/// error says what to do next. Thread: plain value, any. Details are for people and logs: never a secret, never
/// content.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace kith
{

/// What the one who receives the error should do.
enum class Remedy {
    Retry,   ///< The same call may succeed later (after Error::retryAfter where that is set).
    AskUser, ///< A person must change something; repeating the call is useless.
    Bug,     ///< Cannot happen in correct programs; worth a report.
};

/// Specialise for each module's enum: `static constexpr std::string_view domain; static std::string_view name(E);
/// static Remedy remedy(E);`
template <class Code> struct ErrorTraits;

struct [[nodiscard]] Error {
    std::string_view domain; ///< Static storage: the module's name.
    std::string_view name;   ///< Static storage: the code's stable name, as documented.
    int code = 0;
    Remedy remedy = Remedy::Bug;
    std::string detail; ///< One sentence.
    std::chrono::milliseconds retryAfter{0};
    std::string payload; ///< Serialised typed detail where the code has one (a conflict's device list), else empty.

    template <class Code> static Error make(Code code, std::string detail)
    {
        using Traits = ErrorTraits<Code>;
        Error error;
        error.domain = Traits::domain;
        error.name = Traits::name(code);
        error.code = static_cast<int>(code);
        error.remedy = Traits::remedy(code);
        error.detail = std::move(detail);
        return error;
    }

    template <class Code> [[nodiscard]] bool is(Code other) const
    {
        return domain == ErrorTraits<Code>::domain && code == static_cast<int>(other);
    }

    /// "domain/name: detail", for logs and the command line.
    [[nodiscard]] std::string describe() const;
};

} // namespace kith
