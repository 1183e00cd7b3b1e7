// What an alarm would have done on recorded datapoints: CloudWatch's evaluation as one pure function.
#pragma once

#include "audit/fixes.h"
#include "model/alarm.h"

namespace convops {

enum class MissingPoints : std::uint8_t { missing, ignore, breaching, not_breaching };
MissingPoints missing_points_from(std::string_view treat_missing_data); // "" is `missing`

struct AlarmRule {
    std::string comparison; // "GreaterThanThreshold", ...
    double threshold = 0;
    int datapoints = 1; // M
    int periods = 1; // N
    Seconds period { 60 };
    MissingPoints missing = MissingPoints::missing;

    [[nodiscard]] bool breaches(double value) const;
};

// A stay in ALARM: from the end of the period that tipped it to the end of the one that ended it.
struct AlarmStay {
    Time from {}, until {};
    bool operator==(AlarmStay const&) const = default;
};

// What one evaluation says from the points of its range, the oldest first; nullopt: the state stays as it is.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
std::optional<AlarmState> evaluated(std::span<std::optional<double> const> range, AlarmRule const& rule);
// "the number of data points retrieved is larger than N": the tables of that page show five for N = 3.
inline constexpr int more_points_in_range = 2;

struct Backtest {
    std::vector<AlarmStay> stays;
    double share_in_alarm = 0; // of the window
    std::size_t evaluations = 0;
};
// Evaluated once a period over the window; before its first point nothing is missing.
Backtest backtest(Series const& series, AlarmRule const& rule, Window window);

// The rule of a plain metric alarm as it would be on datapoints of another period: M and N cover the same time, a sum
// has the same rate. nullopt: composite, math, band, or a series too coarse to tell.
std::optional<AlarmRule> rule_of(Alarm const& alarm, Series const& series);
std::optional<AlarmRule> rule_of(AlarmPlan const& plan, Series const& series);

} // namespace convops
