// Reading metrics through GetMetricData, and the console pages of metrics, alarms and CloudTrail events. What every
// source needs around its calls is in answering.h.
#pragma once

#include "evidence/answering.h"

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

// Sends the calls at the same time, follows their pages, and merges the pages of one id and label. A failed call
// leaves its gap. Results in the order of the calls.
std::vector<std::vector<MetricResult>> read_metric_data(Answering& answering, std::span<AwsCall const> calls);

// The result as a Series with the period that its datapoints really have: a metric that is stored once a minute
// answers a query by ten seconds with one datapoint a minute.
Series series_of(MetricRead const& read, MetricResult result, std::string_view unit);

// The unit that CloudWatch documents for a metric of its own; empty when not known. GetMetricData does not tell it.
std::string_view known_unit(MetricId const& metric);

// [from, to) widened to whole periods at its start and cut to whole periods at its end: the running period would look
// like a drop.
Window whole_periods(Window window, Seconds period);

// The hours that metrics are read for: six before the alarm up to now; fewer for a high-resolution alarm, whose
// datapoints exist for three hours only; more for one that looks at whole hours or days.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
Window window_around_alarm(Question const& question, Seconds period, int evaluation_periods);

// The middle value of the points in the window; nullopt without points.
std::optional<double> middle_of(Series const& series, Window window);

// "Sum over 10 s", "p99 over 1 min".
std::string statistic_words(Series const& series);

// Console pages; empty when the region is not known.
std::string metric_page(Series const& series, Window window, std::string_view region);
std::string alarm_page(std::string_view alarm_name, std::string_view region);
std::string trail_event_page(std::string_view event_id, std::string_view region);

} // namespace convops
