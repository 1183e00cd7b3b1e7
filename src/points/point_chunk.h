// The datapoints of one series within one window, as bytes: versioned, checked, exact to the last bit.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

struct PointColumns { // ascending in time, no time twice
    std::vector<Time> at;
    std::vector<double> values; // as many
    [[nodiscard]] std::size_t size() const { return at.size(); }
    bool operator==(PointColumns const&) const = default;
};

inline constexpr std::size_t most_points_in_chunk = 1U << 16U;

// `points` is not empty and has at most most_points_in_chunk.
std::string encode_chunk(PointColumns const& points);
// corrupt: damaged, or written by a newer version. Whatever the bytes are: no crash, and at most
// most_points_in_chunk points are made.
Result<PointColumns> decode_chunk(std::string_view bytes);

} // namespace convops
