// How far an investigation looks. `deep` is asked for by a person, costs more calls and time, and is bounded per
// incident.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace convops {

enum class Depth : std::uint8_t { usual, deep };

constexpr std::string_view to_string(Depth depth) {
    return depth == Depth::deep ? "deep" : "usual";
}
constexpr Depth depth_from(std::string_view name) { // what is not known to this version is the usual look
    return name == "deep" ? Depth::deep : Depth::usual;
}

} // namespace convops
