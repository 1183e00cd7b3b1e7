// Error lines in log groups that nobody counts. Logs are read only here, and sparingly: the largest groups without a
// metric filter, a few lines each, of which nothing but the number and the word that marks them is kept for the
// report.
#pragma once

#include "base/json.h"

#include <vector>

namespace convops {

inline constexpr std::size_t most_searched_groups = 20;
inline constexpr std::int64_t lines_a_page = 10;

// Groups that have no metric filter and hold something, the largest first.
std::vector<std::size_t> groups_to_search(JsonArray const& groups);
bool is_searched(Json const& group); // could groups_to_search choose it at all?

// The parameters of FilterLogEvents for the last seven days.
JsonObject error_line_query(Json const& group, Time now);

// The word that makes a line an error ("ERROR", "Exception"); empty: it is none. The filter of AWS is not trusted to
// have understood the pattern.
std::string_view error_word_in(std::string_view line);

} // namespace convops
