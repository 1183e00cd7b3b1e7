// The sum of a metric over the last 30 days for each of many things: one GetMetricData call asks for hundreds. For
// counts whose total is the answer: failed deliveries, logged bytes.
#pragma once

#include "audit/estate.h"

#include <map>

namespace convops {

inline constexpr std::size_t sums_a_call = 400; // GetMetricData takes 500 queries
inline constexpr Days summed_days { 30 };

// The parameters of GetMetricData: the metrics by day, in the order of the parents that a reading asks for.
// nullopt: there is none to ask for.
std::optional<JsonObject> sum_queries(std::span<MetricId const> metrics, Time now);

// The reading of such sums, one for each item of `parent`; `params` makes them with sum_queries().
constexpr AuditReading sums_reading(
    std::string_view name, std::string_view parent, decltype(AuditReading::params) params) {
    AuditReading reading;
    reading.name = name;
    reading.service = "monitoring";
    reading.operation = "GetMetricData";
    reading.iam_action = "cloudwatch:GetMetricData";
    reading.list_path = "MetricDataResults";
    reading.token_in = "NextToken";
    reading.token_out = "NextToken";
    reading.parent = parent;
    reading.batch = sums_a_call;
    reading.params = params;
    return reading;
}

struct MetricSum {
    double sum = 0;
    std::size_t days = 0; // that had a datapoint
    Time newest {}; // start of the newest day with a sum above zero
};

// By the index of the parent; what has no datapoint at all is missing.
std::map<std::size_t, MetricSum> metric_sums(
    Estate const& estate, std::string_view reading, std::string const& region);

} // namespace convops
