// Reading metrics through GetMetricData, and the console pages of metrics, alarms and CloudTrail events. What every
// source needs around its calls is in answering.h.
#pragma once

#include "evidence/answering.h"
#include "metrics/data.h"

namespace convops {

// Sends the calls at the same time, follows their pages, and merges the pages of one id and label. A failed call
// leaves its gap. Results in the order of the calls.
std::vector<std::vector<MetricResult>> read_metric_data(Answering& answering, std::span<AwsCall const> calls);

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
