#include "base/result.h"

#include <array>

namespace convops {

namespace {
constexpr std::array<std::string_view, 8> names { "invalid_input", "not_found", "access_denied", "throttled",
    "timeout", "unavailable", "conflict", "corrupt" };
}

std::string_view to_string(ErrorKind kind) {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<ErrorKind> error_kind_from(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<ErrorKind>(i);
    return std::nullopt;
}

} // namespace convops
