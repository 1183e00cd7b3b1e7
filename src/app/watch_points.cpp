#include "app/watch_points.h"

#include "model/anomaly.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr Minutes folds_every { 15 }; // what waits in memory is small, and each chunk is rewritten four times an hour
constexpr std::size_t trimmed_at_once = 200; // series; all of 10,000 within half a day
constexpr std::size_t stored_from = 200'000; // points: some megabytes
constexpr std::size_t most_taken = 500'000; // while the store can not be written

} // namespace

Result<std::unique_ptr<WatchPoints>> WatchPoints::open(Store& store, WorkspaceId workspace, Time now) {
    auto points = TRY(Datapoints::open(store, std::move(workspace), now));
    auto opened = std::unique_ptr<WatchPoints>(new WatchPoints(std::move(points)));
    opened->folded_at_ = now;
    return opened;
}

void WatchPoints::take(std::string const& account, std::string const& region, WatchedMetric const& metric,
    Seconds period, PolledSeries const& points, Time now) {
    if (points.at.empty())
        return;
    if (taken_.size() + points.at.size() > most_taken) {
        lost_ += points.at.size();
        return;
    }
    keys_.push_back({ account, region, metric.metric, metric.statistic, metric.unit, period });
    for (std::size_t i = 0; i < points.at.size(); ++i)
        taken_.emplace_back(keys_.size() - 1, Point { points.at[i], points.values[i] });
    // One that fails is tried again by flush(), which tells why.
    if (taken_.size() >= stored_from && store_taken(now))
        static_cast<void>(points_->fold(now));
}

PolledSeries WatchPoints::stored(std::string const& account, std::string const& region, WatchedMetric const& metric,
    Seconds period, Window window, Time now) {
    if (numbers_.empty())
        for (auto& [number, key] : points_->catalogue())
            numbers_.emplace(std::move(key), number);
    PolledSeries found;
    auto const number = numbers_.find({ account, region, metric.metric, metric.statistic, metric.unit, period });
    if (number == numbers_.end())
        return found;
    auto const points = points_->scan(number->second, window, now);
    if (!points)
        return found;
    for (auto const& point : *points) {
        found.at.push_back(point.at);
        found.values.push_back(point.value);
    }
    return found;
}

Result<> WatchPoints::store_taken(Time now) {
    if (taken_.empty())
        return {};
    auto const numbers = TRY(points_->numbers_of(keys_, now));
    std::vector<NewPoint> batch;
    batch.reserve(taken_.size());
    for (auto const& [place, point] : taken_)
        batch.push_back({ numbers[place], point.at, point.value });
    TRY(points_->append(batch, now));
    keys_.clear();
    taken_.clear();
    return {};
}

Result<> WatchPoints::flush(Time now) {
    numbers_.clear();
    auto const lost = std::exchange(lost_, 0);
    auto const stored = store_taken(now);
    if (lost > 0)
        return Error { stored ? ErrorKind::unavailable : stored.error().kind,
            std::to_string(lost) + " datapoints were not kept" + (stored ? "" : ": " + stored.error().message) };
    TRY(stored);
    if (now - folded_at_ < folds_every)
        return {};
    folded_at_ = now;
    TRY(points_->fold(now));
    TRY(points_->trim(now, trimmed_at_once));
    return {};
}

Result<std::vector<double>> course_of(Store& store, WorkspaceId const& workspace, std::string const& alarm,
    Window window, std::size_t columns, Time now) {
    auto const points = TRY(Datapoints::open(store, workspace, now));
    std::vector<SeriesNumber> named;
    for (auto const& [number, key] : points->catalogue())
        if (watch_alarm_name(key.metric, key.statistic) == alarm)
            named.push_back(number);
    auto const length = std::chrono::duration_cast<Milliseconds>(window.to - window.from);
    if (named.size() != 1 || columns == 0 || length.count() <= 0)
        return std::vector<double> {};
    auto const bucket = std::max(Milliseconds { 1 }, length / static_cast<std::int64_t>(columns));
    std::vector<double> values;
    for (auto const& one : TRY(points->downsample(named.front(), window, bucket, now)))
        values.push_back(std::fabs(one.most - one.mean) >= std::fabs(one.least - one.mean) ? one.most : one.least);
    return values;
}

} // namespace convops
