// JSON values, parsed with bounds, and lenient reading: a missing key, a null, "12" for 12 and "" for an empty list
// are what AWS sends, so each reader says what it makes of them.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <boost/json.hpp>

namespace convops {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

struct JsonLimits {
    std::size_t bytes = std::size_t { 8 } << 20; // Larger than any AWS answer: GetMetricData is at most 1 MB a page.
    std::size_t depth = 64;
};

Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

// Compact, keys in the order of insertion.
std::string to_text(Json const& json);
// Keys sorted at every level: equal values give equal bytes.
std::string to_canonical_text(Json const& json);

// The value at a dotted path ("state.reason"), or nullptr. A null value counts as absent.
Json const* find(Json const& json, std::string_view path);

std::string text_at(Json const& json, std::string_view path, std::string_view otherwise = "");
std::optional<double> number_at(Json const& json, std::string_view path); // also "12.5"
std::optional<std::int64_t> integer_at(Json const& json, std::string_view path);
std::optional<Time> time_at(Json const& json, std::string_view path); // RFC 3339 text or epoch seconds
bool flag_at(Json const& json, std::string_view path, bool otherwise = false); // also "true"
// The array at the path; absent, null and "" (an empty XML list) give an empty array.
JsonArray const& list_at(Json const& json, std::string_view path);

} // namespace convops
