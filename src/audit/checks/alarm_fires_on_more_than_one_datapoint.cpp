// 31: one bad minute pages somebody.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/recommended.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

constexpr Seconds short_period { 60 };

// AWS itself advises one datapoint for what moves slowly, transaction numbers and disks of search nodes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
bool one_is_advised(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (main == nullptr || !main->metric)
        return false;
    auto const all = recommended_for(main->metric->metric_namespace);
    return std::any_of(all.begin(), all.end(), [&](auto const* advised) {
        auto const& row = *advised->row;
        return row.metric == main->metric->name && fires_above(row.comparison) == alarm.alarm.fires_above()
            && row.pace.datapoints == 1 && Seconds { row.pace.period } <= short_period;
    });
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        // Where one event is one too many, one datapoint is right.
        if (!has_static_threshold(alarm) || is_managed(alarm) || only_scales(alarm))
            continue;
        if (alarm.alarm.datapoints_to_alarm > 1 || alarm.alarm.period() > short_period || one_is_too_many(alarm)
            || is_heartbeat(alarm) || one_is_advised(alarm)) {
            judged.pass(alarm);
            continue;
        }
        auto const of = std::max(3, alarm.alarm.evaluation_periods);
        judged.fail(alarm, "It fires " + condition_words(alarm) + ": a single bad datapoint pages somebody.",
            { "Period", "EvaluationPeriods", "DatapointsToAlarm" },
            changed_alarm_fix(
                *alarm.item, { { "EvaluationPeriods", of }, { "DatapointsToAlarm", std::min(3, of) } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_fires_on_more_than_one_datapoint() {
    return { .name = "alarm_fires_on_more_than_one_datapoint",
        .number = 31,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "No alarm fires on a single minute",
        .matters = "One datapoint of a minute is a blip more often than a fault; two or three in a row are a fault.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
