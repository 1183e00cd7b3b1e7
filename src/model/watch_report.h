// What one pass of the watch found, as it is printed.
#pragma once

#include "model/anomaly.h"

namespace convops {

struct WatchCost {
    std::size_t listed = 0; // metrics of the account that had a datapoint within three hours
    std::size_t excluded = 0; // by a pattern
    std::size_t untelling = 0; // duplicates of others, bills, one per zone
    std::size_t over_limit = 0; // more than the watch takes
    std::size_t metrics = 0; // that are watched
    bool cut = false; // fewer than could be watched: the budget does not reach
    Seconds every { 300 }; // between two polls, when watching goes on
    double calls_a_month = 0;
    double usd_a_month = 0;
    double budget_usd_a_month = 0;
};

struct WatchSpent {
    int list_calls = 0;
    int data_calls = 0; // GetMetricData
    int check_calls = 0; // of the nine checks
    std::size_t metrics_requested = 0;
    double usd = 0;
    double seconds = 0;
};

struct WatchFinding {
    Anomaly anomaly;
    Series recent; // for a sparkline
    std::optional<Time> over_at; // it is over already
    AnomalyDecision decision;
    std::vector<Finding> checks; // empty: not checked; the decision says why
    std::vector<Fact> facts; // that the checks cite
    std::vector<Gap> gaps; // of the checks
    std::string cause; // the first cause of the diagnosis, one sentence; may be empty
};

struct WatchReport {
    std::string account;
    std::string region;
    Time at {};
    Window history; // that was read
    Seconds period { 300 };
    WatchCost cost;
    WatchSpent spent;
    std::size_t read = 0; // series with datapoints
    std::size_t learning = 0; // too few datapoints to call anything unusual
    std::vector<WatchFinding> findings; // told first, then digest, then suppressed; the farthest off first
    std::vector<Gap> gaps; // of the pass itself
};

} // namespace convops
