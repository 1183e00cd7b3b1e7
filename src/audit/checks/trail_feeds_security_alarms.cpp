// 66: the trail knows of every change; these fifteen should ring.
// https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/metric_filters.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudtrail_trails" },
    AuditNeed { .reading = "log_metric_filters" }, AuditNeed { .reading = "cloudwatch_alarms" } };

AlarmPlan alarm_on(CisFilter const& wanted, MetricId const& metric, std::string const& region) {
    AlarmPlan alarm;
    alarm.name = "CIS " + std::string(wanted.number) + " " + std::string(wanted.says);
    if (metric.name != wanted.metric) // of another filter: another alarm
        alarm.name += " (" + metric.name + ")";
    alarm.description = "CloudTrail saw " + std::string(wanted.says) + ".";
    alarm.metric = metric;
    alarm.statistic = "Sum";
    alarm.period = Seconds { 300 };
    alarm.threshold = 1;
    alarm.comparison = "GreaterThanOrEqualToThreshold";
    alarm.treat_missing_data = "notBreaching";
    alarm.region = region;
    return alarm;
}

AuditFix whole_fix(CisFilter const& wanted, std::string const& group, std::string const& region) {
    FilterMetric filter;
    filter.group = group;
    filter.name = wanted.metric;
    filter.pattern = wanted.pattern;
    filter.metric = { "CloudTrailMetrics", std::string(wanted.metric), {} };
    return both(metric_filter_fix(filter, region, false), alarm_fix(alarm_on(wanted, filter.metric, region)));
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const filters = filter_metrics(estate, region);
    for (auto const& group : trail_groups(estate, region))
        for (auto const& wanted : cis_filters()) {
            auto const thing = group + " " + std::string(wanted.number);
            FilterMetric const* found = nullptr;
            bool alarmed = false;
            for (auto const& filter : filters)
                if (filter.group == group && satisfies(wanted, filter.pattern)) {
                    found = found == nullptr ? &filter : found;
                    alarmed = alarmed || is_alarmed(estate.in(region), filter.metric);
                }
            if (alarmed)
                all.push_back(passes(region, thing));
            else if (found != nullptr)
                all.push_back(fails(region, thing,
                    "Its filter " + found->name + " counts " + std::string(wanted.says)
                        + ", and no alarm watches the count.",
                    { { "logs:DescribeMetricFilters", "metricName", Json(found->metric.name) } },
                    alarm_fix(alarm_on(wanted, found->metric, region))));
            else
                all.push_back(fails(region, thing,
                    "No metric filter of the trail's log group counts " + std::string(wanted.says) + ".",
                    { { "logs:DescribeMetricFilters", "filterPattern", nullptr } },
                    whole_fix(wanted, group, region)));
        }
    return all;
}

} // namespace

Registered make_trail_feeds_security_alarms() {
    return { .name = "trail_feeds_security_alarms",
        .number = 66,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::high,
        .title = "Where a trail feeds Logs, the fifteen CIS filters have alarms",
        .matters
        = "Use of the root user, changes of policies, trails and networks: who does that to you does it quietly.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
