#include "audit/backtest.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr std::size_t most_steps = 25'000; // 14 days by the minute are 20,160.

bool is_count(std::string_view statistic) {
    return statistic == "Sum" || statistic == "SampleCount";
}

// The same rule for datapoints of `period`. A finer rule can be told from coarser points only when several of its
// periods must breach anyway: one bad minute is lost in the average of five.
std::optional<AlarmRule> scaled(AlarmRule rule, std::string_view statistic, Seconds period) {
    if (period == rule.period || period <= Seconds { 0 })
        return rule;
    if (period < rule.period)
        return std::nullopt; // nobody asks finer points than the alarm reads
    auto const ratio = static_cast<double>(period.count()) / static_cast<double>(rule.period.count());
    if (rule.datapoints < ratio)
        return std::nullopt;
    rule.datapoints = std::max(1, static_cast<int>(std::floor(rule.datapoints / ratio)));
    rule.periods = std::max(rule.datapoints, static_cast<int>(std::ceil(rule.periods / ratio)));
    if (is_count(statistic))
        rule.threshold *= ratio;
    rule.period = period;
    return rule;
}

} // namespace

MissingPoints missing_points_from(std::string_view treat_missing_data) {
    if (treat_missing_data == "breaching")
        return MissingPoints::breaching;
    if (treat_missing_data == "notBreaching")
        return MissingPoints::not_breaching;
    return treat_missing_data == "ignore" ? MissingPoints::ignore : MissingPoints::missing;
}

bool AlarmRule::breaches(double value) const {
    if (comparison == "GreaterThanOrEqualToThreshold")
        return value >= threshold;
    if (comparison == "LessThanThreshold")
        return value < threshold;
    if (comparison == "LessThanOrEqualToThreshold")
        return value <= threshold;
    return value > threshold;
}

std::optional<AlarmState> evaluated(std::span<std::optional<double> const> range, AlarmRule const& rule) {
    auto const wanted = static_cast<std::size_t>(rule.periods);
    auto const needed = static_cast<std::size_t>(rule.datapoints);
    // The most recent real points, at most N; older ones of the range stand in for missing ones.
    std::size_t real = 0;
    std::size_t bad = 0;
    std::size_t oldest_bad_age = 0;
    for (std::size_t age = 1; age <= range.size() && real < wanted; ++age) {
        auto const& point = range[range.size() - age];
        if (!point)
            continue;
        ++real;
        if (rule.breaches(*point)) {
            ++bad;
            oldest_bad_age = age;
        }
    }
    if (bad >= needed)
        return AlarmState::alarm;
    auto const filled = wanted - real;
    if (filled == 0)
        return AlarmState::ok;
    bool const only_bad = bad == real;
    switch (rule.missing) {
    case MissingPoints::breaching:
        return bad + filled >= needed ? AlarmState::alarm : AlarmState::ok;
    case MissingPoints::not_breaching:
        return AlarmState::ok;
    case MissingPoints::ignore:
        return only_bad ? std::nullopt : std::optional(AlarmState::ok);
    case MissingPoints::missing:
        if (real == 0)
            return AlarmState::insufficient_data;
        if (!only_bad)
            return AlarmState::ok;
        // A premature alarm is avoided until the oldest breaching point is as old as M.
        return oldest_bad_age >= needed ? std::optional(AlarmState::alarm) : std::nullopt;
    }
    return std::nullopt;
}

Backtest backtest(Series const& series, AlarmRule const& rule, Window window) {
    Backtest result;
    auto const step = std::max<Seconds>(rule.period, Seconds { 1 });
    window = { floor_to(window.from, step), floor_to(window.to, step) };
    auto const steps = static_cast<std::size_t>(std::max<std::int64_t>(0, window.length() / step));
    if (series.empty() || steps == 0 || steps > most_steps)
        return result;
    std::vector<std::optional<double>> points(steps);
    for (std::size_t i = 0; i < std::min(series.at.size(), series.values.size()); ++i)
        if (window.contains(series.at[i]))
            points[static_cast<std::size_t>((series.at[i] - window.from) / step)] = series.values[i];
    auto const first
        = std::find_if(points.begin(), points.end(), [](auto const& point) { return point.has_value(); });
    auto state = AlarmState::ok;
    std::size_t in_alarm = 0;
    auto const range = static_cast<std::size_t>(rule.periods) + static_cast<std::size_t>(more_points_in_range);
    for (auto end = static_cast<std::size_t>(first - points.begin()) + 1; end <= steps; ++end) {
        auto const from = end > range ? end - range : 0;
        auto const now = evaluated(std::span(points).subspan(from, end - from), rule).value_or(state);
        auto const at = window.from + static_cast<std::int64_t>(end) * step;
        if (now == AlarmState::alarm && state != AlarmState::alarm)
            result.stays.push_back({ at, window.to });
        if (now != AlarmState::alarm && state == AlarmState::alarm)
            result.stays.back().until = at;
        state = now;
        in_alarm += state == AlarmState::alarm ? 1 : 0;
        ++result.evaluations;
    }
    if (result.evaluations > 0)
        result.share_in_alarm = static_cast<double>(in_alarm) / static_cast<double>(result.evaluations);
    return result;
}

std::optional<AlarmRule> rule_of(Alarm const& alarm, Series const& series) {
    if (alarm.kind != AlarmKind::metric || !alarm.threshold || alarm.metrics.size() != 1)
        return std::nullopt;
    AlarmRule rule { alarm.comparison, *alarm.threshold, std::max(1, alarm.datapoints_to_alarm),
        std::max(1, alarm.evaluation_periods), alarm.period(), missing_points_from(alarm.treat_missing_data) };
    // "Alarms that evaluate metrics in the AWS/DynamoDB namespace always ignore missing data even if you choose a
    // different option". https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    if (alarm.metrics.front().metric && alarm.metrics.front().metric->metric_namespace == "AWS/DynamoDB")
        rule.missing = MissingPoints::ignore;
    return scaled(std::move(rule), alarm.metrics.front().statistic, series.period);
}

std::optional<AlarmRule> rule_of(AlarmPlan const& plan, Series const& series) {
    if (!plan.queries.empty())
        return std::nullopt;
    AlarmRule rule { plan.comparison, plan.threshold, plan.datapoints_to_alarm, plan.evaluation_periods, plan.period,
        missing_points_from(plan.treat_missing_data) };
    return scaled(std::move(rule), plan.statistic, series.period);
}

} // namespace convops
