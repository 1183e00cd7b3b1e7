// 64: somebody counted something and nobody looks at the count.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/metric_filters.h"
#include "audit/topic_words.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_metric_filters", .whole = false },
    AuditNeed { .reading = "cloudwatch_alarms" }, AuditNeed { .reading = "cloudtrail_trails", .whole = false } };

AlarmPlan alarm_on(FilterMetric const& filter, std::string const& region) {
    AlarmPlan alarm;
    alarm.name = filter.metric.name + " of " + filter.group;
    alarm.description = "Metric filter " + filter.name + " of the log group " + filter.group + " matched.";
    alarm.metric = filter.metric;
    alarm.statistic = "Sum";
    alarm.period = Seconds { 300 };
    alarm.treat_missing_data = "notBreaching";
    alarm.region = region;
    return alarm;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const trails = trail_groups(estate, region);
    for (auto const& filter : filter_metrics(estate, region)) {
        auto const thing = filter.group + ":" + filter.name;
        bool const is_cis = trails.contains(filter.group)
            && std::any_of(cis_filters().begin(), cis_filters().end(),
                [&](auto const& wanted) { return satisfies(wanted, filter.pattern); });
        if (is_cis)
            continue; // trail_feeds_security_alarms says that
        if (is_alarmed(estate.in(region), filter.metric)) {
            all.push_back(weighed(passes(region, thing), filter.group));
            continue;
        }
        all.push_back(weighed(fails(region, thing,
                                  "It counts into " + filter.metric.metric_namespace + " " + filter.metric.name
                                      + ", and no alarm watches that.",
                                  { { "logs:DescribeMetricFilters", "metricName", Json(filter.metric.name) } },
                                  filter.has_dimensions ? AuditFix {} : alarm_fix(alarm_on(filter, region))),
            filter.group));
    }
    return all;
}

} // namespace

Registered make_metric_filter_has_alarm() {
    return { .name = "metric_filter_has_alarm",
        .number = 64,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "Every metric filter has an alarm",
        .matters = "A count that no alarm watches is found after the incident.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
