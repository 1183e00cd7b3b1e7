// 30: an alarm that changes ten times a day is muted within a week.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "audit/state_changes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_alarm_history", .whole = false } };

bool any_change(StateChange const&) {
    return true;
}

// Three of five: a blip no longer fires, and a single good datapoint no longer resolves.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
AuditFix calmer(EstateAlarm const& alarm, std::string const& region) {
    if (!has_static_threshold(alarm) || alarm.alarm.datapoints_to_alarm >= 3)
        return {};
    return changed_alarm_fix(*alarm.item,
        { { "EvaluationPeriods", std::max(5, alarm.alarm.evaluation_periods) }, { "DatapointsToAlarm", 3 } }, region);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::size_t most_a_day = 5, most_in_two_weeks = 19;
    AlarmJudgements judged(region);
    auto const changes = state_changes(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (is_managed(alarm) || only_scales(alarm) || alarm.gone)
            continue;
        auto const found = changes.find(alarm.alarm.name);
        if (found == changes.end()) {
            judged.pass(alarm);
            continue;
        }
        auto const a_day = most_within(found->second, Hours { 24 }, any_change);
        auto const all = found->second.size();
        if (a_day <= most_a_day && all <= most_in_two_weeks) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It changed its state " + std::to_string(all) + " times in 14 days, up to " + std::to_string(a_day)
                + " times within a day.",
            { { "cloudwatch:DescribeAlarmHistory", "HistorySummary", static_cast<std::int64_t>(all) },
                alarm_field(alarm, "EvaluationPeriods") },
            calmer(alarm, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_does_not_flap() {
    return { .name = "alarm_does_not_flap",
        .number = 30,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "No alarm flaps",
        .matters = "Who is paged six times a day stops reading; the seventh time is the outage.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
