// 16: alarms that would never or always fire on the last 14 days.
#include "audit/also.h"
#include "audit/backtest.h"
#include "audit/coverage.h"
#include "audit/metric_history.h"
#include "audit/wrong_moments.h"
#include "metrics/data.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

constexpr double always = 0.5; // of the 14 days in ALARM
constexpr double out_of_reach = 10; // times what the metric ever was
constexpr std::size_t enough_evaluations = 100;

// A level that is always there, of which a limit can be far: not errors, checks and percentages, which rest at zero
// or have their own scale, and for which never to fire is the good case.
bool has_a_level(Series const& series) {
    auto sorted = series.values;
    std::sort(sorted.begin(), sorted.end());
    return !sorted.empty() && sorted[sorted.size() / 2] > 0 && known_unit(series.metric) != "Percent"
        && series.metric.name.find("StatusCheck") == std::string::npos;
}

// A threshold that follows from a rule (80 % of a time-out) is right, however far it is.
bool is_advised(EstateAlarm const& alarm, EstateContext const& context) {
    auto const& metric = *alarm.alarm.metrics.front().metric;
    for (auto const* resource : resources_alarmed_in(*context.estate, context.region))
        for (auto const* advised : recommended_for(*resource))
            if (advised->row->metric == metric.name && metric_for(*advised, *resource) == metric)
                if (auto const value = threshold_for(*advised, *resource, context).value)
                    return *value > 0 && *alarm.alarm.threshold <= 1.3 * *value;
    return false;
}

AuditJudgement judged(EstateAlarm const& alarm, EstateContext const& context) {
    auto const& region = context.region;
    auto const& metric = alarm.alarm.metrics.front();
    auto const* series = history_of(*context.estate, region, *metric.metric, metric.statistic);
    if (series == nullptr)
        return not_known(region, name_of(alarm),
            "Its metric has no datapoint of the last 14 days that could be read.",
            context.estate->history.contains(region) && context.estate->history.at(region).shortfall
                ? context.estate->history.at(region).shortfall->iam_action
                : "");
    auto const rule = rule_of(alarm.alarm, *series);
    if (!rule)
        return not_known(region, name_of(alarm), "The history that was read is too coarse for its period.");
    auto const run = backtest(*series, *rule, history_span(*context.estate));
    if (run.evaluations < enough_evaluations)
        return not_known(region, name_of(alarm), "Its metric has too few datapoints to try it.");
    auto const share = std::round(run.share_in_alarm * 100);
    if (run.share_in_alarm > always)
        return fails(region, name_of(alarm),
            "Tried on 14 days it is in ALARM for " + number_words(share) + " % of the time.",
            { field_of("cloudwatch:DescribeAlarms", *alarm.item, "Threshold"),
                AuditEvidence { "cloudwatch:GetMetricData", "share of time in ALARM", Json(run.share_in_alarm) } });
    auto const highest = *std::max_element(series->values.begin(), series->values.end());
    if (alarm.alarm.fires_above() && has_a_level(*series) && rule->threshold > out_of_reach * highest
        && !is_advised(alarm, context))
        return fails(region, name_of(alarm),
            "Tried on 14 days it would never fire: the highest value was " + number_words(highest)
                + ", the threshold is " + number_words(rule->threshold) + ".",
            { field_of("cloudwatch:DescribeAlarms", *alarm.item, "Threshold"),
                AuditEvidence { "cloudwatch:GetMetricData", "highest value", Json(highest) } },
            changed_alarm_fix(*alarm.item, { { "Threshold", std::ceil(2 * highest) } }, region));
    return passes(region, name_of(alarm));
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const context = context_of(estate, region);
    for (auto const& alarm : estate.in(region).alarms)
        if (alarm.alarm.kind == AlarmKind::metric && alarm.alarm.metrics.size() == 1 && alarm.alarm.threshold
            && alarm.alarm.metrics.front().metric)
            all.push_back(judged(alarm, context));
    if (auto const history = estate.history.find(region);
        history != estate.history.end() && history->second.left_out > 0)
        all.push_back(not_known(region, "",
            std::to_string(history->second.left_out) + " metrics were beyond the bound of "
                + std::to_string(most_history_calls)
                + " calls: their thresholds have no history, and moments when they were wrong were not looked for."));
    return all;
}

} // namespace

Registered make_threshold_is_in_reach() {
    return { .name = "threshold_is_in_reach",
        .number = 16,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Tried on 14 days, each alarm could fire and does not fire always",
        .matters = "An alarm that is always on is no longer read; one set ten times above everything that ever was "
                   "will not be in time.",
        .needs = needs,
        .also = also::advised,
        .history = AuditHistory::alarm_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
