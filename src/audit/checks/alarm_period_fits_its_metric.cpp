// 33: an alarm that asks more often than its metric is published lacks data most of the time.
// Basic monitoring of EC2 publishes every five minutes.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "ec2_instances", .whole = false } };

struct Publishing {
    Seconds every { 0 }; // 0: not known
    std::string_view words;
};

Publishing publishing_of(MetricId const& metric, std::set<std::string> const& basic_instances) {
    auto const& space = metric.metric_namespace;
    // Status checks are free by the minute.
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
    if (space == "AWS/EC2" && !metric.name.starts_with("StatusCheckFailed"))
        if (auto const instance = metric.dimensions.find("InstanceId");
            instance != metric.dimensions.end() && basic_instances.contains(instance->second))
            return { Seconds { 300 }, "basic monitoring publishes every 5 minutes" };
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
    if (space == "AWS/S3" && (metric.name == "BucketSizeBytes" || metric.name == "NumberOfObjects"))
        return { Seconds { 86'400 }, "S3 publishes once a day" };
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
    if (space == "AWS/Billing")
        return { Seconds { 21'600 }, "is published about every 6 hours" };
    // AWS's own metrics have no finer datapoints than a minute.
    if (space.starts_with("AWS/"))
        return { Seconds { 60 }, "AWS publishes at most once a minute" };
    return {};
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    std::set<std::string> basic;
    for (auto const& reservation : estate.items("ec2_instances", region))
        for (auto const& instance : list_at(reservation, "instancesSet"))
            if (text_at(instance, "monitoring.state") == "disabled")
                basic.insert(text_at(instance, "instanceId"));
    for (auto const& alarm : estate.in(region).alarms) {
        auto const* main = alarm.alarm.main_metric();
        if (alarm.composite() || is_managed(alarm) || alarm.gone || main == nullptr || !main->metric)
            continue;
        auto const published = publishing_of(*main->metric, basic);
        if (alarm.alarm.period() >= published.every) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It looks every " + format_duration(alarm.alarm.period()) + " at a metric that "
                + std::string(published.words) + ".",
            { "Period", "MetricName" },
            alarm.alarm.kind == AlarmKind::metric
                ? changed_alarm_fix(*alarm.item,
                      { { "Period", published.every.count() },
                          { "EvaluationPeriods", std::min(alarm.alarm.evaluation_periods, 3) },
                          { "DatapointsToAlarm", std::min(alarm.alarm.datapoints_to_alarm, 3) } },
                      region)
                : AuditFix {});
    }
    return judged.take();
}

} // namespace

Registered make_alarm_period_fits_its_metric() {
    return { .name = "alarm_period_fits_its_metric",
        .number = 33,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "No alarm asks more often than its metric is published",
        .matters = "Between two datapoints such an alarm sees none: it lapses into INSUFFICIENT_DATA and fires late.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
