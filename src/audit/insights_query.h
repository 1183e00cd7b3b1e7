// A Metrics Insights query of an alarm, as far as coverage asks: of which metric does it read which resources?
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace convops {

struct InsightsQuery {
    std::string statistic; // "AVG", "SUM", ...
    std::string metric;
    std::string metric_namespace;
    std::vector<std::string> schema; // dimension names; empty: FROM names the namespace alone
    std::map<std::string, std::string> equals; // WHERE name = value
    std::map<std::string, std::string> differs; // WHERE name != value
    std::vector<std::string> group_by;

    // Does a metric with these dimensions go into it? A condition on a tag is not known to hold.
    [[nodiscard]] bool reads(std::string const& of_namespace, std::string const& name,
        std::map<std::string, std::string> const& dimensions) const;
};

// nullopt: it is no such query, or one whose conditions this does not understand (OR, tags): then it covers nothing
// for certain.
std::optional<InsightsQuery> parse_insights_query(std::string_view text);

} // namespace convops
