#include "audit/metric_filters.h"

#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>

namespace convops {

std::vector<FilterMetric> filter_metrics(Estate const& estate, std::string const& region) {
    std::vector<FilterMetric> all;
    for (auto const& item : estate.items("log_metric_filters", region))
        for (auto const& made : list_at(item, "metricTransformations")) {
            FilterMetric one;
            one.filter = &item;
            one.group = text_at(item, "logGroupName");
            one.name = text_at(item, "filterName");
            one.pattern = text_at(item, "filterPattern");
            one.metric = { text_at(made, "metricNamespace"), text_at(made, "metricName"), {} };
            one.value = text_at(made, "metricValue", "1");
            one.unit = text_at(made, "unit");
            auto const* dimensions = find(made, "dimensions");
            one.has_dimensions = dimensions != nullptr && dimensions->is_object() && !dimensions->as_object().empty();
            one.has_default = find(made, "defaultValue") != nullptr;
            all.push_back(std::move(one));
        }
    return all;
}

bool is_alarmed(EstateRegion const& here, MetricId const& metric) {
    return std::any_of(here.alarms.begin(), here.alarms.end(), [&](auto const& alarm) {
        return std::any_of(alarm.alarm.metrics.begin(), alarm.alarm.metrics.end(), [&](auto const& one) {
            if (one.metric)
                return one.metric->metric_namespace == metric.metric_namespace && one.metric->name == metric.name;
            return one.expression.starts_with("SELECT")
                && one.expression.find(metric.metric_namespace) != std::string::npos
                && one.expression.find(metric.name) != std::string::npos;
        });
    });
}

AuditFix metric_filter_fix(FilterMetric const& filter, std::string_view region, bool exists) {
    JsonObject made { { "metricName", filter.metric.name }, { "metricNamespace", filter.metric.metric_namespace },
        { "metricValue", filter.value }, { "defaultValue", 0 } };
    if (!filter.unit.empty())
        made["unit"] = filter.unit;
    AuditFix fix;
    fix.cli = cli_command("logs", "put-metric-filter",
        { { "log-group-name", filter.group }, { "filter-name", filter.name }, { "filter-pattern", filter.pattern },
            { "metric-transformations", to_text(JsonArray { made }) } },
        region);
    auto const what = "filter " + filter.name + " of " + filter.group;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::Logs::MetricFilter",
        { { "LogGroupName", filter.group }, { "FilterName", filter.name }, { "FilterPattern", filter.pattern },
            { "MetricTransformations",
                JsonArray {
                    { { "MetricName", filter.metric.name }, { "MetricNamespace", filter.metric.metric_namespace },
                        { "MetricValue", filter.value }, { "DefaultValue", 0 } } } } },
        exists);
    auto const id = identifier_of(what, "_");
    // As documented of the Terraform AWS provider: aws_cloudwatch_log_metric_filter
    if (exists)
        fix.terraform = terraform_import("aws_cloudwatch_log_metric_filter", id, filter.group + ":" + filter.name);
    fix.terraform += terraform_resource("aws_cloudwatch_log_metric_filter", id,
        { { "name", filter.name }, { "log_group_name", filter.group }, { "pattern", filter.pattern },
            { "metric_transformation{}",
                { { "name", filter.metric.name }, { "namespace", filter.metric.metric_namespace },
                    { "value", filter.value }, { "default_value", "0" } } } });
    return fix;
}

AuditFix both(AuditFix first, AuditFix const& second) {
    first.cli += "\n" + second.cli;
    first.cloudformation += second.cloudformation;
    first.terraform += second.terraform;
    return first;
}

std::set<std::string> trail_groups(Estate const& estate, std::string const& region) {
    std::set<std::string> groups;
    for (auto const& trail : estate.items("cloudtrail_trails", region)) {
        // "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*". A trail of several Regions is told in each of
        // them.
        auto const parts = split(text_at(trail, "CloudWatchLogsLogGroupArn"), ':');
        if (parts.size() > 6 && parts[3] == region && parts[4] == estate.account->id)
            groups.insert(parts[6]);
    }
    return groups;
}

} // namespace convops
