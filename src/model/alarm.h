// A CloudWatch alarm's state change, whichever way it arrived.
#pragma once

#include "base/time.h"
#include "model/resource.h"

namespace convops {

enum class AlarmState : std::uint8_t { ok, alarm, insufficient_data };
enum class AlarmKind : std::uint8_t {
    metric,
    metric_math,
    composite,
    anomaly_band,
    metrics_insights,
    log,
    watch, // no alarm of CloudWatch: ConvOps' own watch found it
};

std::string_view to_string(AlarmState state); // "OK", "ALARM", "INSUFFICIENT_DATA": CloudWatch's words
std::optional<AlarmState> alarm_state_from(std::string_view text);
std::string_view to_string(AlarmKind kind);

// One metric or expression of the alarm, as GetMetricData would take it.
struct AlarmMetric {
    std::string id; // "m1"; empty for the single metric of a simple alarm
    std::string expression; // metric math, SELECT or ANOMALY_DETECTION_BAND; empty for a plain metric
    std::optional<MetricId> metric;
    std::string statistic; // "Average", "p99"
    Seconds period { 0 }; // 0: not given
    std::string label;
    std::string unit;
    bool returns_data = true;
};

// What the watch learned of the metric before it left its usual level.
struct UsualBefore {
    double usual = 0;
    double spread = 1; // robust; above 0
    Time since {}; // the metric is off since then
};

struct Alarm {
    std::string account;
    std::string region; // "eu-west-1", also when AWS wrote "EU (Ireland)"; empty when unknown
    std::string arn;
    std::string name;
    std::string description;
    AlarmKind kind = AlarmKind::metric;
    AlarmState state = AlarmState::alarm;
    AlarmState previous_state = AlarmState::ok;
    std::string reason; // hostile text: it contains names that others chose
    Time changed_at {};

    std::vector<AlarmMetric> metrics;
    std::optional<double> threshold;
    std::string comparison; // "GreaterThanThreshold", ...; empty for composite
    int evaluation_periods = 1;
    int datapoints_to_alarm = 1;
    std::string treat_missing_data;
    std::vector<double> recent_datapoints;
    std::string rule; // composite: "ALARM(a) OR ALARM(b)"
    std::vector<std::string> children; // composite: names of the alarms in the rule, as far as known
    bool suppressed = false; // actionsSuppressedBy was set
    std::optional<UsualBefore> baseline; // watch only
    std::vector<std::string> log_groups; // log alarms on a query: the groups that it reads, as far as known

    [[nodiscard]] bool fires_above() const { return comparison.starts_with("Greater") || comparison.empty(); }
    // The metric that the threshold is about, or nullptr (composite, pure expressions give their first metric).
    [[nodiscard]] AlarmMetric const* main_metric() const;
    // Every distinct resource that the alarm's metrics name.
    [[nodiscard]] std::vector<Resource> resources() const;
    [[nodiscard]] Seconds period() const; // of the main metric; 60 s when not given
    // Identity of this state change: duplicates of one delivery share it.
    [[nodiscard]] std::string transition_key() const;
};

} // namespace convops
