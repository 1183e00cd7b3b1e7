// 15: thresholds beyond what the metric can be.
#include "audit/coverage.h"
#include "metrics/data.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "rds_instances", .whole = false } };

struct Verdict {
    std::string why;
    std::string api, field;
    Json value;
    std::optional<double> better;
};

bool is_percent(AlarmMetric const& metric) {
    // A service on instances may use more than its share:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
    if (metric.metric->metric_namespace == "AWS/ECS")
        return false;
    return metric.metric->metric_namespace.starts_with("AWS/") && known_unit(*metric.metric) == "Percent";
}

bool is_share(MetricId const& metric) {
    return metric.metric_namespace == "AWS/ApiGateway"
        && (metric.name == "4XXError" || metric.name == "5XXError" || metric.name == "4xx" || metric.name == "5xx");
}

std::optional<Verdict> beyond(
    EstateAlarm const& alarm, double ceiling, std::string_view what, Verdict from, std::optional<double> better) {
    auto const& one = alarm.alarm;
    bool const or_equal = one.comparison.find("OrEqual") != std::string::npos;
    auto const threshold = *one.threshold;
    if (one.fires_above() && (or_equal ? threshold > ceiling : threshold >= ceiling)) {
        from.why = "It never fires: " + one.metrics.front().metric->name + " does not go above "
            + number_words(ceiling) + std::string(what) + ".";
        from.better = better;
        return from;
    }
    if (!one.fires_above() && (or_equal ? threshold >= ceiling : threshold > ceiling)) {
        from.why = "It always fires: " + one.metrics.front().metric->name + " does not go above "
            + number_words(ceiling) + std::string(what) + ".";
        from.better = better;
        return from;
    }
    return std::nullopt;
}

// The resource that the alarm's metric is of.
AuditResource const* resource_of_alarm(EstateRegion const& here, MetricId const& metric) {
    for (auto const& resource : here.resources)
        if (resource.metric_namespace == metric.metric_namespace
            && std::all_of(resource.dimensions.begin(), resource.dimensions.end(), [&](auto const& one) {
                   auto const found = metric.dimensions.find(one.first);
                   return found != metric.dimensions.end() && found->second == one.second;
               }))
            return &resource;
    return nullptr;
}

std::optional<Verdict> by_resource(EstateAlarm const& alarm, AuditResource const& resource) {
    auto const& name = alarm.alarm.metrics.front().metric->name;
    auto const number = [&](std::string_view field) { return number_at(*resource.item, field); };
    if (resource.resource.type == "lambda:function" && name == "Duration")
        if (auto const seconds = number("Timeout"))
            return beyond(alarm, *seconds * 1'000, " ms, its time-out",
                { "", "lambda:ListFunctions", "Timeout", *seconds, {} }, *seconds * 800);
    if (resource.resource.type == "rds:instance" && name == "FreeStorageSpace")
        if (auto const gibibytes = number("AllocatedStorage"))
            return beyond(alarm, *gibibytes * 1024 * 1024 * 1024, " bytes, all of its storage",
                { "", "rds:DescribeDBInstances", "AllocatedStorage", *gibibytes, {} },
                *gibibytes * 1024 * 1024 * 1024 * 0.1);
    return std::nullopt;
}

std::optional<Verdict> verdict_on(EstateAlarm const& alarm, EstateRegion const& here) {
    auto const& metric = alarm.alarm.metrics.front();
    bool const level = metric.statistic != "Sum" && metric.statistic != "SampleCount";
    Verdict const from { "", "cloudwatch:DescribeAlarms", "Threshold", *alarm.alarm.threshold, {} };
    if (is_percent(metric) && level) {
        if (auto found
            = beyond(alarm, 100, " %", from, alarm.alarm.fires_above() ? std::optional(90.0) : std::nullopt))
            return found;
        auto const threshold = *alarm.alarm.threshold;
        bool const or_equal = alarm.alarm.comparison.find("OrEqual") != std::string::npos;
        if (!alarm.alarm.fires_above() && (or_equal ? threshold < 0 : threshold <= 0)) {
            auto below = from;
            below.why = "It never fires: " + metric.metric->name + " does not go below 0 %.";
            return below;
        }
        return std::nullopt;
    }
    if (is_share(*metric.metric) && metric.statistic == "Average")
        return beyond(alarm, 1, ", for its average is a share of requests", from, 0.05);
    auto const* resource = level ? resource_of_alarm(here, *metric.metric) : nullptr;
    return resource == nullptr ? std::nullopt : by_resource(alarm, *resource);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& here = estate.in(region);
    for (auto const& alarm : here.alarms) {
        if (alarm.alarm.kind != AlarmKind::metric || alarm.alarm.metrics.size() != 1 || !alarm.alarm.threshold
            || !alarm.alarm.metrics.front().metric)
            continue;
        auto const verdict = verdict_on(alarm, here);
        if (!verdict) {
            all.push_back(passes(region, name_of(alarm)));
            continue;
        }
        all.push_back(fails(region, name_of(alarm), verdict->why,
            { field_of("cloudwatch:DescribeAlarms", *alarm.item, "Threshold"),
                AuditEvidence { verdict->api, verdict->field, verdict->value } },
            verdict->better ? changed_alarm_fix(*alarm.item, { { "Threshold", *verdict->better } }, region)
                            : AuditFix {}));
    }
    return all;
}

} // namespace

Registered make_threshold_is_possible() {
    return { .name = "threshold_is_possible",
        .number = 15,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Each threshold can be reached, and can be left",
        .matters = "An alarm above 100 % or above a time-out never fires; one above what exists always does.",
        .needs = needs,

        .judge = judge };
}

} // namespace convops::audit_checks
