// Faults planted into normal periods of the PetShop data set: what a ranking does with root causes that the issues at
// hand do not have. A fault begins at one node; its callers lose what they wait for, each by its share of the calls.
// The shares, what a caller feels of it and which callers do not wait at all are drawn anew for each fault.
#pragma once

#include "app/petshop_files.h"

#include <array>
#include <optional>
#include <string_view>

namespace convops {

enum class PlantedKind : unsigned char {
    slow, // every request takes longer
    some_slow, // a few requests take much longer
    ramp, // slower and slower: a leak
    overload, // more requests, and slower
    errors, // some requests fail
    outage, // most requests fail
    throttled, // some fail, are tried again, and reach the callers in part
};

constexpr std::array<std::string_view, 7> planted_kind_names { "slow", "some slow", "ramp", "overload", "errors",
    "outage", "throttled" };

// How far the calls are from what the ranking assumes: that a callee's loss is felt by each caller in its share.
enum class PlantedWorld : unsigned char {
    plain,
    rough, // shares are hardly known, callers feel from a third to one and a half of it, a third of them does not
           // wait
};

struct Planted {
    std::string node;
    std::string target; // where the trouble shows
    std::size_t from = 0; // point of the normal period
    // The node leaves its normal values by five spreads, and the target by one: somebody would open an incident.
    bool evident = false;
    // The target is a front and suffers about as much as those of the issues do: its worst point is 15 to 100 %
    // slower, or 2 to 9 % of its requests fail.
    bool like_issues = false;
    Measured now;
};

constexpr std::string_view measure_of(PlantedKind kind) {
    return kind < PlantedKind::errors ? "latency" : "availability";
}

// One fault of the kind at a node that the seed chooses. Nothing when it would reach no caller.
std::optional<Planted> plant_fault(
    Edges const& calls, Measured const& normal, PlantedKind kind, PlantedWorld world, std::uint64_t seed);

} // namespace convops
