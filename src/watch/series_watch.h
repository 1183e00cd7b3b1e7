// One watched series: its detector, its recent points, and the anomaly that is open on it. Points go in, in the order
// of their time; an anomaly comes out once when it begins and once when it is over. Pure; a bounded number of bytes.
#pragma once

#include "model/anomaly.h"
#include "watch/choice.h"
#include "watch/detector.h"

#include <variant>

namespace convops {

struct AnomalyBegan {
    Anomaly anomaly;
};
struct AnomalyOver {
    Anomaly anomaly; // as it began
    Time over_at {};
    std::string why; // one sentence
};
using SeriesEvent = std::variant<AnomalyBegan, AnomalyOver>;

// How far one series has been read, and when CloudWatch will have told the rest.
struct SettlePolicy {
    // A period that has just ended is still summed up; its value is final one period later.
    int periods = 1;
    // A counter without a datapoint is a zero only once CloudWatch had time to deliver one: "most within three
    // minutes".
    Seconds zero_after { 180 };
};

class SeriesWatch {
public:
    // Before so many points everything is new, and nothing is told: five hours by the minute, a day by five minutes.
    static constexpr std::size_t points_to_watch = 288;
    static constexpr std::size_t recent_points = 240; // 4 h by the minute, 20 h by five minutes

    // New points of this series (ascending; those already known are skipped) as they were read at `now`, with steps
    // of `period`. At most most_events_of_take events; the last ones.
    std::vector<SeriesEvent> take(WatchedMetric const& metric, Seconds period, std::span<Time const> at,
        std::span<double const> values, Time now, SettlePolicy const& policy = {});

    [[nodiscard]] Seconds period() const { return period_; }
    [[nodiscard]] Time fed_until() const { return fed_until_; } // {}: nothing yet
    [[nodiscard]] std::size_t points() const { return points_; }
    [[nodiscard]] bool learning() const { return points_ < points_to_watch; }
    [[nodiscard]] std::optional<Anomaly> const& open() const { return open_; }
    [[nodiscard]] bool is_near_usual() const; // one of its two newest values, while an anomaly is open
    [[nodiscard]] Series recent(WatchedMetric const& metric) const;

    // Bytes with a version in front; corrupt when restored from others.
    [[nodiscard]] std::string saved() const;
    static Result<SeriesWatch> restored(std::string_view bytes, WatchedMetric const& metric);

private:
    void feed(WatchedMetric const& metric, Time at, double value, std::vector<SeriesEvent>& events);
    [[nodiscard]] Anomaly anomaly_at(
        WatchedMetric const& metric, Time at, double value, DetectorReading const& reading) const;
    [[nodiscard]] std::optional<Anomaly> if_far(
        WatchedMetric const& metric, Time at, double value, DetectorReading const& reading) const;
    // What the baseline says of this hour; nothing while it has seen no whole day.
    [[nodiscard]] std::optional<double> seasonal(Time at) const;
    // Errors of good times: one bad hour on another day makes no season.
    [[nodiscard]] bool mostly_zero() const;
    // What would be usual at `at`, of the anomaly that is open.
    [[nodiscard]] double usual_at(Time at) const;
    void look_for_end(Time at, std::vector<SeriesEvent>& events);
    void remember(double value);
    [[nodiscard]] std::vector<double> recent_values() const; // oldest first
    [[nodiscard]] std::vector<double> last_values(std::size_t count) const; // newest first, without missing ones

    Detector detector_;
    std::vector<float> recent_; // a ring of recent_points; missing ones are NaN
    std::size_t next_ = 0; // where the next value goes
    Time fed_until_ {}; // end of the last period that was fed
    Seconds period_ { 60 };
    std::size_t points_ = 0;
    std::uint32_t suspected_
        = 0; // so many more points the detector's word stands, until the series is far enough off
    double suspected_score_ = 0;
    std::optional<Anomaly> open_;
};

} // namespace convops
