// Which alarms watch a metric, in whichever way, and whether anybody hears of them.
#pragma once

#include "audit/insights_query.h"
#include "audit/recommended.h"

namespace convops {

enum class WatchWay : std::uint8_t { directly, metric_math, anomaly_band, metrics_insights };
std::string_view to_string(WatchWay way); // "directly", "in metric math", ...

struct MetricWatcher {
    EstateAlarm const* alarm = nullptr;
    AlarmMetric const* metric = nullptr; // of the alarm
    WatchWay way = WatchWay::directly;
};

// Does the account cover a recommendation?
struct AlarmCover {
    enum class State : std::uint8_t { covered, unheard, missing, not_known };
    State state = State::missing;
    std::optional<MetricWatcher> by; // covered: who; unheard: the alarm that nobody hears
    bool through_composite = false;
    std::string why; // unheard, not_known: "its actions are disabled"
    std::string iam_action {}; // not_known: what was refused; empty: nothing was
};

class Watchers {
public:
    Watchers(Estate const& estate, std::string const& region);

    // Alarms on this metric: those that name its dimensions, also with more of them (an operation, a node).
    [[nodiscard]] std::vector<MetricWatcher> of(MetricId const& metric) const;
    // Only those that name exactly these dimensions.
    [[nodiscard]] std::vector<MetricWatcher> exactly(MetricId const& metric) const;
    // Alarms on any metric of the resource.
    [[nodiscard]] std::vector<MetricWatcher> of(AuditResource const& resource) const;
    // Its own actions, or a composite alarm that names it.
    [[nodiscard]] AlarmHearing heard(EstateAlarm const& alarm) const;
    [[nodiscard]] bool heard_through_composite(EstateAlarm const& alarm) const;
    // `above`: the side on which the alarm has to fire; metric math and bands are taken as they are.
    [[nodiscard]] AlarmCover cover(std::span<MetricWatcher const> watchers, bool above) const;

private:
    struct Entry {
        MetricWatcher watcher;
        MetricId const* metric = nullptr;
    };
    void add(EstateAlarm const& alarm);

    Estate const* estate_;
    std::string region_;
    std::vector<Entry> entries_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_dimension_; // namespace, dimension, value
    std::map<std::string, std::vector<std::size_t>, std::less<>> without_dimension_; // namespace
    std::vector<std::pair<InsightsQuery, MetricWatcher>> queries_;
    std::map<std::string, std::vector<EstateAlarm const*>, std::less<>> composites_of_; // by name of the child
};

} // namespace convops
