// 65: a filter without a default value publishes nothing while nothing matches, so that its alarm lacks data; one
// that never matched may be written wrongly.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
#include "audit/alarm_nature.h"
#include "audit/log_groups.h"
#include "audit/metric_filters.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_metric_filters", .whole = false },
    AuditNeed { .reading = "log_filter_matches", .whole = false },
    AuditNeed { .reading = "log_incoming_bytes", .whole = false } };

bool is_old(FilterMetric const& filter, Time now) {
    auto const created = integer_at(*filter.filter, "creationTime");
    return created && now - Time { Milliseconds { *created } } > summed_days;
}

bool counts_what_should_not_happen(FilterMetric const& filter) {
    auto const words = to_lower(filter.name + " " + filter.metric.name + " " + filter.pattern);
    for (std::string_view const word : { "error", "exception", "fatal", "fail", "panic", "denied", "unauthorized",
             "root", "timeout", "5xx", "$.eventname", "critical", "oom", "crash" })
        if (words.find(word) != std::string::npos)
            return true;
    return false;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const matches = metric_sums(estate, "log_filter_matches", region);
    auto const incoming = metric_sums(estate, "log_incoming_bytes", region);
    std::map<std::string, double> bytes;
    for (auto const& group : log_groups_in(estate, region))
        if (auto const found = incoming.find(group.index); found != incoming.end())
            bytes[group.name] = found->second.sum;
    auto const& filters = estate.items("log_metric_filters", region);
    for (auto const& filter : filter_metrics(estate, region)) {
        auto const thing = filter.group + ":" + filter.name;
        // Dimensions and a default value exclude each other.
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
        if (!filter.has_default && !filter.has_dimensions) {
            all.push_back(weighed(
                fails(region, thing, "It has no default value: while nothing matches, its metric has no data.",
                    { { "logs:DescribeMetricFilters", "metricTransformations.defaultValue", nullptr } },
                    metric_filter_fix(filter, region, true)),
                filter.group));
            continue;
        }
        auto const index = static_cast<std::size_t>(filter.filter - filters.data());
        auto const matched = matches.find(index);
        bool const is_silent = matched != matches.end() && matched->second.sum == 0;
        // What must not happen does not match for months; an error count of a healthy program neither.
        if (is_silent && bytes[filter.group] > 0 && is_old(filter, estate.now())
            && !counts_what_should_not_happen(filter)) {
            all.push_back(weighed(
                fails(region, thing, "It matched nothing in the last 30 days, though its log group took in lines.",
                    { { "cloudwatch:GetMetricData", "Sum", 0 } }),
                filter.group));
            continue;
        }
        all.push_back(weighed(passes(region, thing), filter.group));
    }
    return all;
}

} // namespace

Registered make_metric_filter_counts() {
    return { .name = "metric_filter_counts",
        .number = 65,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::low,
        .title = "Every metric filter has a default value and has matched something",
        .matters
        = "Without a default value silence and absence look alike; a pattern that never matches may never do.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
