// A value or an Error. Errors are values: they have a kind that a caller can act on, and gather context as they
// climb.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace convops {

// What a caller can act on. Anything finer belongs into the message.
enum class ErrorKind : std::uint8_t {
    invalid_input,
    not_found,
    access_denied,
    throttled,
    timeout,
    unavailable,
    conflict,
    corrupt,
};

std::string_view to_string(ErrorKind kind);
std::optional<ErrorKind> error_kind_from(std::string_view name);

struct Error {
    ErrorKind kind = ErrorKind::unavailable;
    std::string message; // One line. Never a secret.

    // "where: what": the same error seen from one floor up.
    [[nodiscard]] Error with_context(std::string_view where) const {
        return { kind, std::string(where) + ": " + message };
    }
    bool operator==(Error const&) const = default;
};

// A thin shell around std::expected, so that `return Error { ... };` reads as it means and dropping one is a warning.
template <class T = void> class [[nodiscard]] Result {
public:
    using value_type = T;

    Result()
        requires std::is_default_constructible_v<std::expected<T, Error>>
    = default;
    Result(Error error) // NOLINT(google-explicit-constructor)
        : inner_(std::unexpect, std::move(error)) { }
    template <class U = T>
        requires(!std::is_void_v<T> && std::is_convertible_v<U &&, T>
            && !std::is_same_v<std::remove_cvref_t<U>, Result> && !std::is_same_v<std::remove_cvref_t<U>, Error>)
    Result(U&& value) // NOLINT(google-explicit-constructor)
        : inner_(std::in_place, std::forward<U>(value)) { }

    [[nodiscard]] bool has_value() const { return inner_.has_value(); }
    explicit operator bool() const { return inner_.has_value(); }
    [[nodiscard]] Error const& error() const& { return inner_.error(); }
    [[nodiscard]] Error&& error() && { return std::move(inner_).error(); }
    decltype(auto) operator*() & { return *inner_; }
    decltype(auto) operator*() const& { return *inner_; }
    decltype(auto) operator*() && { return *std::move(inner_); }
    auto* operator->() { return inner_.operator->(); }
    auto const* operator->() const { return inner_.operator->(); }
    template <class U> [[nodiscard]] T value_or(U&& otherwise) const& {
        return inner_.value_or(std::forward<U>(otherwise));
    }

    // Adds "where: " in front of the message of an error; leaves a value alone.
    [[nodiscard]] Result with_context(std::string_view where) && {
        if (inner_.has_value())
            return std::move(*this);
        return inner_.error().with_context(where);
    }

    friend bool operator==(Result const& a, Result const& b) { return a.inner_ == b.inner_; }

private:
    std::expected<T, Error> inner_;
};

} // namespace convops

// The value of `expression`, or returns its error from the enclosing function.
#define TRY(expression)                                                                                              \
    ({                                                                                                               \
        auto try_result_ = (expression);                                                                             \
        if (!try_result_.has_value())                                                                                \
            return ::convops::Error(std::move(try_result_).error());                                                 \
        *std::move(try_result_);                                                                                     \
    })
