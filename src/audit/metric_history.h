// The last 14 days of the metrics that alarms watch and that resources should have alarms on: which are asked, how
// finely, in how many calls; and reading them into the Estate.
#pragma once

#include "audit/estate.h"
#include "metrics/data.h"

namespace convops {

// 14 days less an hour: so 5 series by the minute, 25 by five minutes and 300 by the hour fit into the 100,800
// datapoints of one call.
inline constexpr Seconds history_window = Hours { 335 };
// Of all Regions together: three million datapoints, about 50 MB, and some cents.
inline constexpr std::size_t most_history_calls = 30;

struct HistoryWish {
    MetricId metric;
    std::string statistic;
    Seconds finest { 60 }; // more is of no use: the period of its alarm
    double priority = 0;
};

// Whose metrics: those that alarms watch, those that recommended alarms would watch.
enum class HistoryOf : std::uint8_t { nothing, alarms, recommendations, everything };

// What is worth asking in a Region, the most urgent first: metrics of alarms, then of recommended alarms.
std::vector<HistoryWish> history_wishes(
    Estate const& estate, std::string const& region, HistoryOf of = HistoryOf::everything);

struct HistoryPlan {
    std::vector<MetricRead> reads; // ids "m0", "m1", ...
    std::size_t left_out = 0;
};
// By the hour, then by five minutes and by the minute for as many as the bound allows, in the order of the wishes.
HistoryPlan plan_history(std::vector<HistoryWish> wishes, std::size_t most_calls);

// The same in two steps, for what needs more than a few calls: all by the hour, and then finer what had a datapoint
// at all. A metric without one by the hour has none by the minute either.
HistoryPlan plan_by_the_hour(std::vector<HistoryWish> wishes, std::size_t most_calls);
// Only those that are worth reading again, in the order of need.
HistoryPlan plan_finer(std::vector<HistoryWish> wishes, std::size_t most_calls);

// Fills estate.history of every Region. A call that fails leaves a shortfall there and costs the others nothing.
void read_history(
    Aws& aws, Estate& estate, HistoryOf of = HistoryOf::everything, std::size_t most_calls = most_history_calls);

// Which custom metrics have several points a minute: CloudWatch keeps those for three hours, so the last minutes are
// asked, of at most 500 metrics of a Region in one call.
void read_fine_metrics(Aws& aws, Estate& estate);

std::string history_key(MetricId const& metric, std::string_view statistic);
// nullptr: not read, or without a datapoint.
Series const* history_of(
    Estate const& estate, std::string const& region, MetricId const& metric, std::string_view statistic);
// Puts a series in, in the place of an earlier one of the same metric and statistic.
void keep_history(EstateHistory& history, Series series);

} // namespace convops
