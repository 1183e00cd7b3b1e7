// Bytes as the saved state of a watched series: refused, or a series that takes any point without a crash. One that
// grew from points can always be restored; of one with turned bits, which passed for true, that is not asked.
#include "target.h"

#include "base/check.h"
#include "watch/series_watch.h"

#include <cmath>
#include <cstring>

namespace convops::fuzz {

namespace {

constexpr Seconds minute { 60 };
Time const begin { Days { 20'000 } };

WatchedMetric metric_of(bool counts_errors) {
    WatchedMetric metric;
    metric.metric.metric_namespace = counts_errors ? "AWS/Lambda" : "AWS/SQS";
    metric.metric.name = counts_errors ? "Errors" : "ApproximateAgeOfOldestMessage";
    metric.statistic = counts_errors ? "Sum" : "Maximum";
    return metric;
}

// Whatever the bytes are, as points: a step in minutes and a value.
void feed(SeriesWatch& watch, WatchedMetric const& metric, std::string_view bytes) {
    std::vector<Time> times;
    std::vector<double> values;
    auto at = watch.fed_until() == Time {} ? begin : watch.fed_until();
    constexpr std::size_t size = sizeof(std::uint16_t) + sizeof(double);
    for (; bytes.size() >= size && times.size() < 300; bytes.remove_prefix(size)) {
        std::uint16_t steps = 0;
        double value = 0;
        std::memcpy(&steps, bytes.data(), sizeof steps);
        std::memcpy(&value, bytes.data() + sizeof steps, sizeof value);
        at += minute * (steps % 500);
        times.push_back(at);
        values.push_back(value);
    }
    for (auto const& event : watch.take(metric, minute, times, values, at + Hours { 1 }))
        if (auto const* began = std::get_if<AnomalyBegan>(&event))
            CHECK(began->anomaly.spread > 0);
    static_cast<void>(watch.is_near_usual());
    CHECK(watch.recent(metric).values.size() <= SeriesWatch::recent_points);
}

std::string turned(std::string state, std::string_view bits) {
    for (std::size_t i = 0; i < std::min(bits.size(), state.size() - 4); ++i)
        state[i + 4] = static_cast<char>(state[i + 4] ^ bits[i]);
    return state;
}

SeriesWatch grown(WatchedMetric const& metric, std::size_t points) {
    SeriesWatch watch;
    std::vector<Time> at;
    std::vector<double> values;
    for (std::size_t i = 0; i < points; ++i) {
        at.push_back(begin - minute * static_cast<std::int64_t>(points - i));
        values.push_back(i + 20 > points ? 900 : 100 + double(i % 17)); // ends within an anomaly
    }
    watch.take(metric, minute, at, values, begin + Hours { 1 });
    return watch;
}

} // namespace

void one(std::string_view bytes) {
    auto const metric = metric_of(!bytes.empty() && bytes.front() % 2 != 0);
    if (auto watch = SeriesWatch::restored(bytes, metric))
        feed(*watch, metric, bytes);
    // Raw bytes seldom pass for a state; a true one with some bits turned often does.
    for (auto const points : { std::size_t { 30 }, std::size_t { 400 } }) {
        auto whole = grown(metric, points);
        if (auto watch = SeriesWatch::restored(turned(whole.saved(), bytes), metric))
            feed(*watch, metric, bytes);
        feed(whole, metric, bytes);
        CHECK(SeriesWatch::restored(whole.saved(), metric));
    }
}

} // namespace convops::fuzz
