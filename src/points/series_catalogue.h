// Which series have which numbers, in pages: a page is written once, when its series are first seen.
#pragma once

#include "points/datapoints.h"

namespace convops {

inline constexpr std::size_t most_series_in_page = 200;

std::string encode_catalogue_page(std::span<SeriesKey const> keys);
Result<std::vector<SeriesKey>> decode_catalogue_page(std::string_view body);

} // namespace convops
