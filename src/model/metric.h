// CloudWatch metrics: their identity and their datapoints.
#pragma once

#include "base/time.h"

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace convops {

struct MetricId {
    std::string metric_namespace; // "AWS/RDS"
    std::string name; // "DatabaseConnections"
    std::map<std::string, std::string> dimensions; // { "DBInstanceIdentifier": "orders-db" }
    auto operator<=>(MetricId const&) const = default;
};

// "AWS/RDS DatabaseConnections {DBInstanceIdentifier=orders-db}"
std::string to_text(MetricId const& metric);

// Datapoints in ascending time; missing ones are absent, never zero. at[i] is the start of its period.
struct Series {
    MetricId metric;
    std::string statistic; // "Average", "Sum", "Maximum", "p99", ...
    std::string unit; // CloudWatch's unit name; may be empty
    Seconds period { 60 };
    std::vector<Time> at;
    std::vector<double> values; // same length as `at`

    [[nodiscard]] bool empty() const { return at.empty(); }
    [[nodiscard]] Series within(Window window) const; // points whose start lies in the window
    bool operator==(Series const&) const = default;
};

} // namespace convops
