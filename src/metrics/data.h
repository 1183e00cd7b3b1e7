// Reading CloudWatch's metrics: what GetMetricData is asked, and what its answers hold. Pure; who sends the calls
// decides what a failed one means.
#pragma once

#include "model/metric.h"
#include "ports/aws.h"

namespace convops {

// One query of GetMetricData: a metric with a statistic, or an expression that is passed through as it is.
struct MetricRead {
    std::string id; // "m1": a lower-case letter first; unique within one read
    std::optional<MetricId> metric;
    std::string expression;
    std::string statistic;
    Seconds period { 60 };
    std::string label;
    bool returns_data = true;
};

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html: "as many as 500 different
// metrics", at most 100,800 datapoints.
inline constexpr std::size_t most_metric_queries = 500;
inline constexpr std::size_t most_datapoints = 100'800;

// As many calls as the limits ask for. The window holds whole periods only when its ends are multiples of them.
std::vector<AwsCall> metric_data_calls(std::span<MetricRead const> reads, Window window);

// One MetricDataResults entry. An id occurs twice for an anomaly band: its lower and its upper edge.
struct MetricResult {
    std::string id;
    std::string label;
    std::vector<Time> at; // ascending
    std::vector<double> values; // finite
};
std::vector<MetricResult> metric_results_from(Json const& answer);
// Adds the next page: the points of one id and label belong together.
void merge_results(std::vector<MetricResult>& all, std::vector<MetricResult> page);

// The result as a Series with the period that its datapoints really have: a metric that is stored once a minute
// answers a query by ten seconds with one datapoint a minute.
Series series_of(MetricRead const& read, MetricResult result, std::string_view unit);

// The unit that CloudWatch documents for a metric of its own; empty when not known. GetMetricData does not tell it.
std::string_view known_unit(MetricId const& metric);

// [from, to) widened to whole periods at its start and cut to whole periods at its end: the running period would look
// like a drop.
Window whole_periods(Window window, Seconds period);

} // namespace convops
