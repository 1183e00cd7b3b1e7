// 42: the 99th percentile of three requests is the slowest of three.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        // EvaluateLowSampleCountPercentile is a setting of alarms on one percentile statistic; in metric math there
        // is none. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        auto const statistic = text_at(*alarm.item, "ExtendedStatistic");
        if (!statistic.starts_with("p") || only_scales(alarm) || is_managed(alarm))
            continue;
        if (text_at(*alarm.item, "EvaluateLowSampleCountPercentile") == "ignore") {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm, "It judges " + statistic + " also when a period has too few samples to have one.",
            { "ExtendedStatistic", "EvaluateLowSampleCountPercentile" },
            changed_alarm_fix(*alarm.item, { { "EvaluateLowSampleCountPercentile", "ignore" } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_percentile_alarm_ignores_few_samples() {
    return { .name = "percentile_alarm_ignores_few_samples",
        .number = 42,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Percentile alarms ignore periods with few samples",
        .matters = "At night a percentile over a handful of requests jumps from one slow one; the alarm then rings "
                   "for nobody.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
