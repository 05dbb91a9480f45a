#pragma once
/// Result<T> = a value or an Error. No exception crosses a module's edge; whoever can fail returns one of these.
/// Thread: plain value, any.

#include "core/base/Error.h"

#include <utility>
#include <variant>

namespace kith
{

template <class T> class [[nodiscard]] Result
{
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}     // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {} // NOLINT: implicit by design

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// Precondition: ok().
    [[nodiscard]] T& value() & { return std::get<0>(state_); }
    [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    /// Precondition: !ok().
    [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

template <> class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {} // NOLINT: implicit by design

    [[nodiscard]] bool ok() const { return !failed_; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const& { return error_; }
    [[nodiscard]] Error&& error() && { return std::move(error_); }

private:
    Error error_;
    bool failed_ = false;
};

} // namespace kith

#define KITH_JOIN_INNER(a, b) a##b
#define KITH_JOIN(a, b) KITH_JOIN_INNER(a, b)

#define KITH_TRY_AS(name, declaration, expression)                                                                     \
    auto name = (expression);                                                                                          \
    if (!name.ok())                                                                                                    \
        return std::move(name).error();                                                                                \
    declaration = std::move(name).value()
#define KITH_CHECK_AS(name, expression)                                                                                \
    do {                                                                                                               \
        auto name = (expression);                                                                                      \
        if (!name.ok())                                                                                                \
            return std::move(name).error();                                                                            \
    } while (false)

/// `KITH_TRY(auto x, call());` declares x from the call's value or returns its error from the enclosing function. The
/// counter, not the line, names the hidden variable: either macro may stand in a lambda inside the other's argument.
#define KITH_TRY(declaration, expression) KITH_TRY_AS(KITH_JOIN(kithTried, __COUNTER__), declaration, expression)
/// The same for Result<void>, or where the value is not wanted.
#define KITH_CHECK(expression) KITH_CHECK_AS(KITH_JOIN(kithChecked, __COUNTER__), expression)
