// Which of an account's metrics are watched, and by which statistic. Pure.
#pragma once

#include "model/resource.h"

#include <functional>
#include <span>

namespace convops {

// Patterns over "AWS/RDS CPUUtilization {DBInstanceIdentifier=orders-db}"; '*' stands for any run of characters.
struct WatchRules {
    std::vector<std::string> include; // empty: everything that speaks of a resource
    std::vector<std::string> exclude; // wins over include
    std::function<bool(Resource const&)> admits; // by its tags; empty: every resource
    std::size_t most_metrics = 10'000;
};

struct WatchedMetric {
    MetricId metric;
    std::string statistic; // the one to judge by
    std::string unit; // as CloudWatch documents it; may be empty
    Resource resource;
};

struct WatchChoice {
    std::vector<WatchedMetric> watched; // those that users feel first; then by name, so that each pass is alike
    std::size_t listed = 0;
    std::size_t excluded = 0; // by a rule
    std::size_t untelling = 0; // duplicates of others, bills, one per zone
    std::size_t over_limit = 0; // would be watched if most_metrics were larger
};

WatchChoice choose_watched(std::span<MetricId const> listed, WatchRules const& rules);

} // namespace convops
