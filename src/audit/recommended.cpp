#include "audit/recommended.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace convops {

namespace {

std::vector<RecommendedAlarm> flattened() {
    std::vector<RecommendedAlarm> all;
    for (auto const groups : { recommended::compute(), recommended::containers(), recommended::entrances(),
             recommended::stores(), recommended::messages() })
        for (auto const& group : groups)
            for (auto const& row : group.rows)
                all.push_back({ group.metric_namespace, group.dimensions, &row });
    return all;
}

// Dimensions that the resource is not selected by, and that what AWS told of it names.
std::optional<std::string> value_of_dimension(std::string_view name, AuditResource const& resource) {
    if (auto const at = resource.dimensions.find(std::string(name)); at != resource.dimensions.end())
        return at->second;
    if (resource.item == nullptr || name != "CacheNodeId")
        return std::nullopt;
    auto const& nodes = list_at(*resource.item, "CacheNodes");
    auto value = nodes.empty() ? "" : text_at(nodes.front(), "CacheNodeId");
    if (!value.empty())
        return value;
    return std::nullopt;
}

} // namespace

std::vector<RecommendedAlarm> const& recommended_alarms() {
    static auto const all = flattened();
    return all;
}

std::span<RecommendedAlarm const* const> recommended_for(std::string_view metric_namespace) {
    static auto const by_namespace = [] {
        std::map<std::string_view, std::vector<RecommendedAlarm const*>> map;
        for (auto const& alarm : recommended_alarms())
            map[alarm.metric_namespace].push_back(&alarm);
        return map;
    }();
    auto const found = by_namespace.find(metric_namespace);
    return found == by_namespace.end() ? std::span<RecommendedAlarm const* const> {} : std::span(found->second);
}

std::vector<RecommendedAlarm const*> recommended_for(AuditResource const& resource) {
    auto const own = recommended_for(resource.metric_namespace);
    std::vector<RecommendedAlarm const*> all(own.begin(), own.end());
    if (resource.metric_namespace == "AWS/ECS" && resource.dimensions.contains("ServiceName")) {
        auto const insights = recommended_for("ECS/ContainerInsights");
        all.insert(all.end(), insights.begin(), insights.end());
    }
    return all;
}

std::optional<MetricId> metric_for(RecommendedAlarm const& alarm, AuditResource const& resource) {
    bool const twin = resource.metric_namespace == "AWS/ECS" && alarm.metric_namespace == "ECS/ContainerInsights"
        && resource.dimensions.contains("ServiceName");
    if (alarm.metric_namespace != resource.metric_namespace && !twin)
        return std::nullopt;
    MetricId metric { std::string(alarm.metric_namespace), std::string(alarm.row->metric), {} };
    for (auto const name : alarm.dimensions) {
        if (name.empty())
            break;
        auto const equals = name.find('=');
        auto const key = std::string(name.substr(0, equals));
        if (equals != std::string_view::npos) {
            metric.dimensions[key] = name.substr(equals + 1);
            continue;
        }
        auto value = value_of_dimension(key, resource);
        // An API is watched as a whole: CloudWatch keeps its metrics without the stage as well.
        if (!value && key == "Stage")
            continue;
        if (!value)
            return std::nullopt;
        metric.dimensions[key] = std::move(*value);
    }
    for (auto const& [name, value] : resource.dimensions)
        if (auto const at = metric.dimensions.find(name); at == metric.dimensions.end() || at->second != value)
            return std::nullopt;
    return metric;
}

std::string_view comparison_operator(Comparison comparison) {
    switch (comparison) {
    case Comparison::above:
        return "GreaterThanThreshold";
    case Comparison::at_least:
        return "GreaterThanOrEqualToThreshold";
    case Comparison::below:
        return "LessThanThreshold";
    case Comparison::at_most:
        return "LessThanOrEqualToThreshold";
    }
    return "";
}

bool fires_above(Comparison comparison) {
    return comparison == Comparison::above || comparison == Comparison::at_least;
}

std::string number_words(double value) {
    std::array<char, 40> text {};
    if (std::fabs(value) < 1e15 && value == std::floor(value))
        std::snprintf(text.data(), text.size(), "%.0f", value);
    else
        std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

std::string words_of(AlarmPlan const& plan) {
    std::string words = plan.statistic + " ";
    words += plan.comparison == "GreaterThanThreshold" ? "above "
        : plan.comparison == "LessThanThreshold"       ? "below "
        : plan.comparison.starts_with("Greater")       ? "at least "
                                                       : "at most ";
    return words + number_words(plan.threshold) + " in " + std::to_string(plan.datapoints_to_alarm) + " of "
        + std::to_string(plan.evaluation_periods) + " periods of "
        + format_duration(std::chrono::duration_cast<Milliseconds>(plan.period));
}

std::vector<AuditResource const*> resources_alarmed_in(Estate const& estate, std::string const& region) {
    std::vector<AuditResource const*> all;
    for (auto const& resource : estate.in(region).resources)
        all.push_back(&resource);
    // CloudFront and Route 53 keep their metrics there and nowhere else.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
    if (region == "us-east-1")
        for (auto const& resource : estate.in("").resources)
            all.push_back(&resource);
    return all;
}

std::string name_of(AuditResource const& resource) {
    return resource.resource.arn_or_name();
}

double weight_of(AuditResource const& resource) {
    return is_production(resource) ? 1 : 0.2;
}

double weight_of(Urgency urgency) {
    switch (urgency) {
    case Urgency::page:
        return 5;
    case Urgency::warn:
        return 3;
    case Urgency::note:
        return 1;
    }
    return 1;
}

namespace {

std::string share_expression(RecommendedAlarm const& alarm) {
    return alarm.row->threshold.rule == ThresholdRule::fewer_than_metric ? "other - metric"
                                                                         : "IF(other > 0, metric / other, 0)";
}

JsonArray queries_of(RecommendedAlarm const& alarm, MetricId const& metric) {
    JsonArray dimensions;
    for (auto const& [name, value] : metric.dimensions)
        dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
    auto const stat = [&](std::string_view id, std::string_view name) {
        return JsonObject { { "Id", id },
            { "MetricStat",
                JsonObject { { "Metric",
                                 JsonObject { { "Namespace", metric.metric_namespace }, { "MetricName", name },
                                     { "Dimensions", dimensions } } },
                    { "Period", alarm.row->pace.period }, { "Stat", alarm.row->statistic } } },
            { "ReturnData", false } };
    };
    return { JsonObject { { "Id", "watched" }, { "Expression", share_expression(alarm) },
                 { "Label", std::string(alarm.row->says) }, { "ReturnData", true } },
        stat("metric", metric.name), stat("other", alarm.row->threshold.other_metric) };
}

bool is_math(RecommendedAlarm const& alarm) {
    return alarm.row->threshold.rule == ThresholdRule::share_of_metric
        || alarm.row->threshold.rule == ThresholdRule::fewer_than_metric;
}

} // namespace

ReadyAlarm ready_alarm(RecommendedAlarm const& alarm, MetricId const& metric, AuditResource const& resource,
    EstateContext const& context) {
    auto const& row = *alarm.row;
    ReadyAlarm ready;
    ready.threshold = threshold_for(alarm, resource, context);
    auto& plan = ready.plan;
    plan.name = resource.resource.short_name() + ": " + std::string(row.says);
    plan.description
        = std::string(row.metric) + ": " + std::string(row.says) + ". Threshold: " + ready.threshold.basis + ".";
    plan.metric = metric;
    plan.statistic = row.statistic;
    plan.period = Seconds { row.pace.period };
    plan.datapoints_to_alarm = row.pace.datapoints;
    plan.evaluation_periods = row.pace.periods;
    plan.comparison = comparison_operator(row.comparison);
    plan.treat_missing_data = row.missing;
    plan.region = context.region;
    if (!ready.threshold.value) {
        ready.words = plan.statistic + " of " + metric.name + ", threshold from " + ready.threshold.needs;
        return ready;
    }
    plan.threshold = *ready.threshold.value;
    if (is_math(alarm)) {
        plan.queries = queries_of(alarm, metric);
        plan.comparison = "GreaterThanThreshold";
    }
    ready.words = words_of(plan);
    ready.fix = alarm_fix(plan);
    return ready;
}

} // namespace convops
