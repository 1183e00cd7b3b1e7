#include "audit/error_lines.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

constexpr std::array<std::string_view, 9> error_words { "ERROR", "Error", "Exception", "FATAL", "Fatal", "CRITICAL",
    "panic", "Traceback", "OutOfMemory" };

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

bool is_searched(Json const& group) {
    // Infrequent Access and Delivery groups take no metric filter.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
    auto const log_class = text_at(group, "logGroupClass", "STANDARD");
    return integer_at(group, "metricFilterCount").value_or(0) == 0 && integer_at(group, "storedBytes").value_or(0) > 0
        && log_class == "STANDARD";
}

std::vector<std::size_t> groups_to_search(JsonArray const& groups) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (is_searched(groups[i]))
            chosen.push_back(i);
    std::stable_sort(chosen.begin(), chosen.end(), [&](auto a, auto b) {
        return integer_at(groups[a], "storedBytes").value_or(0) > integer_at(groups[b], "storedBytes").value_or(0);
    });
    if (chosen.size() > most_searched_groups)
        chosen.resize(most_searched_groups);
    return chosen;
}

JsonObject error_line_query(Json const& group, Time now) {
    // "?a ?b": any of the terms.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    std::string pattern;
    for (auto const word : error_words)
        pattern += (pattern.empty() ? "?" : " ?") + std::string(word);
    return { { "logGroupName", text_at(group, "logGroupName") },
        { "startTime", (now - Days { 7 }).time_since_epoch().count() }, { "endTime", now.time_since_epoch().count() },
        { "filterPattern", pattern }, { "limit", lines_a_page } };
}

std::string_view error_word_in(std::string_view line) {
    for (auto const word : error_words)
        for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
            // "NullPointerException" and "ERROR:" are errors; "Errors: 0" and "ErrorCount" are not.
            auto const after = at + word.size();
            if (after == line.size() || !is_letter(line[after]) || word == "OutOfMemory")
                return word;
        }
    return {};
}

} // namespace convops
