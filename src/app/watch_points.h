// What the watch reads is kept for 30 days: each pass is appended to the datapoint store, which is folded and trimmed
// little by little.
#pragma once

#include "points/datapoints.h"
#include "watch/watcher.h"

namespace convops {

class WatchPoints {
public:
    // The store outlives the object.
    static Result<std::unique_ptr<WatchPoints>> open(Store& store, WorkspaceId workspace, Time now);

    void take(std::string const& account, std::string const& region, WatchedMetric const& metric, Seconds period,
        PolledSeries const& points);
    // Makes durable what was taken, and tidies up when it is time to. An error: what was taken is kept for the next
    // try, up to a bound.
    Result<> flush(Time now);

private:
    explicit WatchPoints(std::unique_ptr<Datapoints> points)
        : points_(std::move(points)) { }

    std::unique_ptr<Datapoints> points_;
    std::vector<SeriesKey> keys_; // of what was taken, in its order
    std::vector<std::pair<std::size_t, Point>> taken_; // by place in keys_
    Time folded_at_ {};
};

// The series that raises the watch's alarm of this name, as it went lately: up to `columns` values of equal spans,
// the one farthest from the middle of each span's values. Empty: not known, or two accounts have a series of this
// name.
Result<std::vector<double>> course_of(Store& store, WorkspaceId const& workspace, std::string const& alarm,
    Window window, std::size_t columns, Time now);

} // namespace convops
