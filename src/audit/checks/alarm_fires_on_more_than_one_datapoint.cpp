// 31: one bad minute pages somebody.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr Seconds short_period { 60 };
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        // Where one event is one too many, one datapoint is right.
        if (!has_static_threshold(alarm) || is_managed(alarm) || only_scales(alarm))
            continue;
        if (alarm.alarm.datapoints_to_alarm > 1 || alarm.alarm.period() > short_period || one_is_too_many(alarm)
            || is_heartbeat(alarm)) {
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
