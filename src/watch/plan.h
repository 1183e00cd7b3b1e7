// What watching costs, before it is switched on. Pure.
#pragma once

#include "base/time.h"

namespace convops {

// List prices of us-east-1 in USD; other Regions differ by a few per cent at most.
// https://aws.amazon.com/cloudwatch/pricing/ (read 2026-11): "$0.01 per 1,000 metrics requested using GetMetricData";
// ListMetrics counts among other requests, $0.01 per 1,000 after the first million a month.
inline constexpr double usd_per_metric_requested = 0.01 / 1'000;
inline constexpr double usd_per_request = 0.01 / 1'000;
inline constexpr Hours hours_a_month { 730 };

struct WatchBudget {
    double usd_a_month = 25;
    Seconds soonest { 60 }; // between two polls
    Seconds latest { 3'600 }; // rarer than this, watching is not worth its name
};

struct WatchPlan {
    std::size_t metrics = 0; // that the budget allows, the most urgent first
    Seconds every { 300 }; // between two polls
    double calls_a_month = 0; // GetMetricData
    double usd_a_month = 0;
    bool cut = false; // fewer metrics than were asked for: even at `latest` the budget does not reach
};

// Polls as often as the budget allows, within its bounds.
WatchPlan plan_watching(std::size_t metrics, WatchBudget const& budget);

} // namespace convops
