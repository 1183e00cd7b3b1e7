// One batch of datapoints of many series as the bytes of one item: what append() makes durable before chunks exist.
#pragma once

#include "points/datapoints.h"

namespace convops {

// So many points make an item of at most 400 KB, whatever their values.
inline constexpr std::size_t most_points_in_log_item = 18'000;

std::string encode_log_item(std::span<NewPoint const> points);
// corrupt: damaged, or of a newer version. Makes at most most_points_in_log_item points.
Result<std::vector<NewPoint>> decode_log_item(std::string_view bytes);

} // namespace convops
