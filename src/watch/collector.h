// Reads an account's metrics through the port Aws: which there are, and their datapoints.
#pragma once

#include "metrics/data.h"
#include "watch/choice.h"
#include "watch/polling.h"

#include <functional>

namespace convops {

// Something that could not be read, and what that means for the watch.
struct WatchGap {
    ErrorKind kind = ErrorKind::unavailable;
    std::string iam_action; // "cloudwatch:ListMetrics"
    std::string why; // one sentence
    std::size_t metrics = 0; // that are not watched because of it; 0: not known
};

struct Discovery {
    std::vector<MetricId> listed;
    std::vector<WatchGap> gaps;
    int calls = 0;
};

// Every metric with a datapoint within three hours, at most `most_pages` pages of 500.
inline constexpr int most_discovery_pages = 400;
Discovery discover_metrics(Aws& aws, int most_pages = most_discovery_pages);

// One poll: what came of each series that was asked, and who has to be asked again.
struct PolledSeries {
    std::size_t series = 0; // index of the watched metric
    std::vector<Time> at; // ascending
    std::vector<double> values;
};

struct Poll {
    std::vector<PolledSeries> points; // of those that were answered, also when there was no datapoint
    std::vector<WatchGap> gaps; // their series keep their progress: the next poll reads what is missing
    int calls = 0;
    std::size_t metrics_requested = 0; // what AWS bills
};

struct PollProgress {
    std::size_t batches_done = 0;
    std::size_t batches = 0;
};

// Sends what is planned, in calls of 500 metrics or 100,800 datapoints. A call that fails leaves a gap and costs the
// other calls nothing.
Poll poll_metrics(std::span<WatchedMetric const> watched, std::span<PollBatch const> batches, Seconds period,
    Aws& aws, std::function<void(PollProgress const&)> const& observer = {});

} // namespace convops
