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

    // A first look brings weeks of each series: what was taken is stored when it has grown large.
    void take(std::string const& account, std::string const& region, WatchedMetric const& metric, Seconds period,
        PolledSeries const& points, Time now);
    // What is stored of a series within the window; empty: nothing, or it could not be read.
    PolledSeries stored(std::string const& account, std::string const& region, WatchedMetric const& metric,
        Seconds period, Window window, Time now);
    // Makes durable what was taken, and tidies up when it is time to. An error says why it did not work and how many
    // datapoints were lost; the others are kept for the next try.
    Result<> flush(Time now);

private:
    explicit WatchPoints(std::unique_ptr<Datapoints> points)
        : points_(std::move(points)) { }

    Result<> store_taken(Time now);

    std::unique_ptr<Datapoints> points_;
    std::map<SeriesKey, SeriesNumber> numbers_; // of the whole catalogue, while many are read after each other
    std::size_t lost_ = 0; // datapoints, while the store could not be written
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
