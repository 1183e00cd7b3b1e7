// When which series is read next: as few calls as the API allows, late datapoints followed, an outage caught up.
// Pure; the collector sends what is planned here.
#pragma once

#include "base/time.h"

#include <span>
#include <vector>

namespace convops {

struct PollPolicy {
    Seconds period { 60 };
    // CloudWatch delivers most of its metrics within three minutes, some later; what was read once within this time
    // is read again, and the newer value counts.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
    Seconds late { 900 };
    // "Data points with a period of 60 seconds (1-minute) are available for 15 days."
    Seconds kept_by_source = Days { 15 };
    Seconds first_look = Days { 14 }; // of a series that was never read
};

struct SeriesProgress {
    Time read_until {}; // everything before it was asked for and answered; {}: never read
};

struct PollBatch {
    Window window;
    std::vector<std::size_t> series; // indices, ascending
};

// Series that need the same time are asked together: one batch in the ordinary case, one more for each group that
// fell behind. Nothing is due: empty.
std::vector<PollBatch> plan_polls(std::span<SeriesProgress const> progress, Time now, PollPolicy const& policy);

} // namespace convops
