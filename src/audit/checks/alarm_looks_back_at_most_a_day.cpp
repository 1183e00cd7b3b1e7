// 44: an alarm that looks back for more than a day is evaluated once an hour.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

// Published once a day: to look back less is to see nothing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
bool is_daily(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    return main != nullptr && main->metric
        && ((main->metric->metric_namespace == "AWS/S3"
                && (main->metric->name == "BucketSizeBytes" || main->metric->name == "NumberOfObjects"))
            || main->metric->metric_namespace == "AWS/Billing"
            || main->metric->metric_namespace == "AWS/CertificateManager");
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr Seconds day { 86'400 };
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.composite() || is_managed(alarm) || is_daily(alarm))
            continue;
        auto const range = alarm.alarm.period() * alarm.alarm.evaluation_periods;
        if (range <= day) {
            judged.pass(alarm);
            continue;
        }
        auto const periods = std::max<int>(1, static_cast<int>(day / alarm.alarm.period()));
        judged.fail(alarm, "It looks back " + format_duration(range) + ", so it is evaluated once an hour only.",
            { "Period", "EvaluationPeriods" },
            changed_alarm_fix(*alarm.item,
                { { "EvaluationPeriods", periods },
                    { "DatapointsToAlarm", std::min(alarm.alarm.datapoints_to_alarm, periods) } },
                region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_looks_back_at_most_a_day() {
    return { .name = "alarm_looks_back_at_most_a_day",
        .number = 44,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::low,
        .title = "No alarm looks back for more than a day",
        .matters = "Such an alarm is evaluated once an hour only, and tells up to an hour late.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
