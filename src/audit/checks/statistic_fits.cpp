// 14: statistics that hide what they should show.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool is_time(std::string_view name) {
    constexpr auto times = std::to_array<std::string_view>(
        { "TargetResponseTime", "Latency", "IntegrationLatency", "Duration", "OriginLatency", "FirstByteLatency",
            "TotalRequestLatency", "PostRuntimeExtensionsDuration", "ExecutionTime" });
    return std::find(times.begin(), times.end(), name) != times.end();
}

// What AWS or practice advises for the metric; nullptr: no word about it.
RecommendedRow const* advice_for(MetricId const& metric) {
    for (auto const* alarm : recommended_for(metric.metric_namespace))
        if (alarm->row->metric == metric.name)
            return alarm->row;
    return nullptr;
}

// Empty: it fits. Otherwise why not, and what would.
std::pair<std::string, std::string> misfit(AlarmMetric const& metric) {
    auto const& used = metric.statistic;
    if (is_time(metric.metric->name) && used == "Average")
        return { "The average of " + metric.metric->name + " hides the slow requests among many quick ones.", "p99" };
    auto const* advised = advice_for(*metric.metric);
    if (advised == nullptr || used == advised->statistic)
        return {};
    bool const plain = used == "Average" || used == "Maximum" || used == "Minimum";
    if (advised->statistic == "Sum" && plain)
        return { metric.metric->name + " counts events, each as one: its " + used
                + " says nothing of how many there were.",
            "Sum" };
    if (advised->statistic != "Sum" && advised->statistic != "SampleCount"
        && (used == "Sum" || used == "SampleCount"))
        return { metric.metric->name + " is a level: its " + used + " grows with the number of datapoints.",
            std::string(advised->statistic) };
    return {};
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.alarm.kind != AlarmKind::metric || alarm.alarm.metrics.size() != 1
            || !alarm.alarm.metrics.front().metric)
            continue;
        auto const [why, better] = misfit(alarm.alarm.metrics.front());
        if (why.empty()) {
            all.push_back(passes(region, name_of(alarm)));
            continue;
        }
        bool const percentile = better.starts_with("p");
        all.push_back(
            fails(region, name_of(alarm), why, { field_of("cloudwatch:DescribeAlarms", *alarm.item, "Statistic") },
                changed_alarm_fix(*alarm.item,
                    { { percentile ? "ExtendedStatistic" : "Statistic", better },
                        { percentile ? "Statistic" : "ExtendedStatistic", nullptr },
                        { "EvaluateLowSampleCountPercentile", percentile ? Json("ignore") : Json(nullptr) } },
                    region)));
    }
    return all;
}

} // namespace

Registered make_statistic_fits() {
    return { .name = "statistic_fits",
        .number = 14,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Each alarm uses the statistic that shows the trouble",
        .matters = "The average of response times hides the one user in a hundred who waits a minute; the average of "
                   "a counter is always one.",
        .needs = needs,

        .judge = judge };
}

} // namespace convops::audit_checks
