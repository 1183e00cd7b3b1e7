// Alarms as fixes: a new one, or one that exists with a field changed.
#include "audit/fix_text.h"
#include "audit/fixes.h"
#include "model/aws_command.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

// What DescribeAlarms tells and PutMetricAlarm takes. PutMetricAlarm replaces the whole alarm: a field that is left
// out is lost. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
struct AlarmField {
    std::string_view name; // also CloudFormation's
    std::string_view option; // of the CLI
    std::string_view argument; // of Terraform
};
constexpr std::array alarm_fields {
    AlarmField { "AlarmName", "alarm-name", "alarm_name" },
    AlarmField { "AlarmDescription", "alarm-description", "alarm_description" },
    AlarmField { "ActionsEnabled", "actions-enabled", "actions_enabled" },
    AlarmField { "AlarmActions", "alarm-actions", "alarm_actions" },
    AlarmField { "OKActions", "ok-actions", "ok_actions" },
    AlarmField { "InsufficientDataActions", "insufficient-data-actions", "insufficient_data_actions" },
    AlarmField { "Namespace", "namespace", "namespace" },
    AlarmField { "MetricName", "metric-name", "metric_name" },
    AlarmField { "Statistic", "statistic", "statistic" },
    AlarmField { "ExtendedStatistic", "extended-statistic", "extended_statistic" },
    AlarmField { "Dimensions", "dimensions", "dimensions" },
    AlarmField { "Period", "period", "period" },
    AlarmField { "Unit", "unit", "unit" },
    AlarmField { "EvaluationPeriods", "evaluation-periods", "evaluation_periods" },
    AlarmField { "DatapointsToAlarm", "datapoints-to-alarm", "datapoints_to_alarm" },
    AlarmField { "Threshold", "threshold", "threshold" },
    AlarmField { "ThresholdMetricId", "threshold-metric-id", "threshold_metric_id" },
    AlarmField { "ComparisonOperator", "comparison-operator", "comparison_operator" },
    AlarmField { "TreatMissingData", "treat-missing-data", "treat_missing_data" },
    AlarmField { "EvaluateLowSampleCountPercentile", "evaluate-low-sample-count-percentile",
        "evaluate_low_sample_count_percentiles" },
    AlarmField { "Metrics", "metrics", "metric_query" },
    AlarmField { "AlarmRule", "alarm-rule", "alarm_rule" },
    AlarmField { "ActionsSuppressor", "actions-suppressor", "actions_suppressor" },
};

// The metrics of a math alarm, with flags and periods as such.
Json typed_metrics(Json const& metrics) {
    auto all = metrics;
    for (auto& entry : all.as_array()) {
        if (!entry.is_object())
            continue;
        auto& object = entry.as_object();
        if (auto const* flag = find(entry, "ReturnData"))
            object["ReturnData"] = flag->is_bool() ? flag->as_bool() : flag_at(entry, "ReturnData", true);
        if (auto const period = integer_at(entry, "Period"))
            object["Period"] = *period;
        if (auto* stat = object.if_contains("MetricStat"); stat != nullptr && stat->is_object())
            if (auto const period = integer_at(*stat, "Period"))
                stat->as_object()["Period"] = *period;
    }
    return all;
}

// The Query protocol answers with texts only; numbers and flags must be such in templates.
Json typed(std::string_view field, Json const& value) {
    constexpr std::array<std::string_view, 3> whole { "Period", "EvaluationPeriods", "DatapointsToAlarm" };
    if (field == "Metrics" && value.is_array())
        return typed_metrics(value);
    if (!value.is_string())
        return value;
    auto const one = Json(JsonObject { { "v", value } });
    if (field == "ActionsEnabled")
        return flag_at(one, "v");
    if (std::find(whole.begin(), whole.end(), field) != whole.end())
        if (auto const number = integer_at(one, "v"))
            return *number;
    if (field == "Threshold")
        if (auto const number = number_at(one, "v"))
            return *number;
    return value;
}

bool is_set(Json const& value) {
    return !(value.is_null() || (value.is_string() && value.as_string().empty()));
}

// Only what the alarm has, with the changes over it; a change to nothing takes the field away.
JsonObject fields_of(Json const& described, JsonObject const& changes) {
    JsonObject fields;
    for (auto const& field : alarm_fields) {
        auto const key = boost::json::string_view(field.name.data(), field.name.size());
        if (auto const changed = changes.find(key); changed != changes.end()) {
            if (is_set(changed->value()))
                fields[key] = changed->value();
        } else if (auto const* value = find(described, field.name);
            value != nullptr && is_set(*value) && !(value->is_array() && value->as_array().empty()))
            fields[key] = typed(field.name, *value);
    }
    return fields;
}

Json cli_value(std::string_view field, Json const& value) {
    if (field != "Dimensions" || !value.is_array())
        return field == "Metrics" ? Json(to_text(value)) : value;
    auto const plain = [](std::string const& text) {
        return !text.empty() && text.find_first_of(",\"'[]{}= ") == std::string::npos;
    };
    JsonArray words; // "Name=InstanceId,Value=i-1"; when a name or value holds a sign of that language, all as JSON
    for (auto const& entry : value.as_array()) {
        if (!plain(text_at(entry, "Name")) || !plain(text_at(entry, "Value")))
            return value;
        words.emplace_back("Name=" + text_at(entry, "Name") + ",Value=" + text_at(entry, "Value"));
    }
    return words;
}

JsonObject terraform_dimensions(Json const& dimensions) {
    JsonObject map;
    for (auto const& entry : dimensions.as_array())
        map[text_at(entry, "Name")] = text_at(entry, "Value");
    return map;
}

// As documented of the Terraform AWS provider: aws_cloudwatch_metric_alarm
JsonArray terraform_queries(Json const& metrics) {
    JsonArray queries;
    for (auto const& entry : metrics.as_array()) {
        JsonObject query { { "id", text_at(entry, "Id") } };
        if (auto const text = text_at(entry, "Expression"); !text.empty())
            query["expression"] = text;
        if (auto const text = text_at(entry, "Label"); !text.empty())
            query["label"] = text;
        if (auto const text = text_at(entry, "AccountId"); !text.empty())
            query["account_id"] = text;
        if (auto const* flag = find(entry, "ReturnData"))
            query["return_data"] = *flag;
        if (auto const* stat = find(entry, "MetricStat")) {
            JsonObject metric { { "metric_name", text_at(*stat, "Metric.MetricName") },
                { "namespace", text_at(*stat, "Metric.Namespace") },
                { "period", integer_at(*stat, "Period").value_or(60) }, { "stat", text_at(*stat, "Stat") } };
            if (auto const* dimensions = find(*stat, "Metric.Dimensions");
                dimensions != nullptr && dimensions->is_array())
                metric["dimensions"] = terraform_dimensions(*dimensions);
            query["metric{}"] = std::move(metric);
        } else if (auto const period = integer_at(entry, "Period")) {
            query["period"] = *period;
        }
        queries.push_back(std::move(query));
    }
    return queries;
}

JsonObject terraform_arguments(JsonObject const& fields, bool composite) {
    JsonObject arguments;
    for (auto const& field : alarm_fields) {
        auto const found = fields.find(boost::json::string_view(field.name.data(), field.name.size()));
        if (found == fields.end())
            continue;
        auto const key = boost::json::string_view(field.argument.data(), field.argument.size());
        if (field.name == "Dimensions" && found->value().is_array())
            arguments[key] = terraform_dimensions(found->value());
        else if (field.name == "Metrics" && found->value().is_array())
            arguments["metric_query{}"] = terraform_queries(found->value());
        else if (field.name == "ActionsSuppressor")
            continue; // needs two more arguments that are in the description only when it is set
        else
            arguments[key] = found->value();
    }
    if (composite)
        arguments.erase("threshold");
    return arguments;
}

// What the AWS CLI would take for something else as an option goes into --cli-input-json, where it is taken for
// nothing but itself; the options beside it are added to it.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html
std::string command_for(JsonObject const& fields, bool composite, std::string_view region) {
    JsonObject options;
    JsonObject as_json;
    for (auto const& field : alarm_fields) {
        auto const found = fields.find(boost::json::string_view(field.name.data(), field.name.size()));
        if (found == fields.end())
            continue;
        auto const value = cli_value(field.name, found->value());
        if (!has_placeholder(value) && !cli_option(field.option, value))
            as_json[found->key()] = found->value();
        else
            options[boost::json::string_view(field.option.data(), field.option.size())] = value;
    }
    if (!as_json.empty())
        options["cli-input-json"] = seen_json(as_json);
    return cli_command("cloudwatch", composite ? "put-composite-alarm" : "put-metric-alarm", options, region);
}

AuditFix fix_of(JsonObject const& fields, std::string_view region, bool exists) {
    bool const composite = fields.contains("AlarmRule");
    auto const name = text_at(Json(fields), "AlarmName");
    AuditFix fix;
    fix.cli = command_for(fields, composite, region);
    auto const called = "alarm " + name + " " + std::string(region);
    fix.cloudformation = cloudformation_resource(identifier_of(called, ""),
        composite ? "AWS::CloudWatch::CompositeAlarm" : "AWS::CloudWatch::Alarm", fields, exists);
    auto const* type = composite ? "aws_cloudwatch_composite_alarm" : "aws_cloudwatch_metric_alarm";
    auto const id = identifier_of(called, "_");
    fix.terraform = (exists ? terraform_import(type, id, name) : "")
        + terraform_resource(type, id, terraform_arguments(fields, composite));
    return fix;
}

} // namespace

AuditFix alarm_fix(AlarmPlan const& plan) {
    JsonArray dimensions;
    for (auto const& [name, value] : plan.metric.dimensions)
        dimensions.push_back({ { "Name", name }, { "Value", value } });
    JsonArray actions;
    for (auto const& action : plan.actions)
        actions.emplace_back(action);
    if (actions.empty())
        actions.emplace_back(alarm_topic.text);
    bool const percentile = !plan.statistic.empty()
        && (plan.statistic.front() == 'p' || plan.statistic.find('(') != std::string::npos
            || plan.statistic.starts_with("tm"));
    JsonObject fields { { "AlarmName", plan.name }, { "AlarmDescription", plan.description },
        { "AlarmActions", actions }, { "OKActions", actions } };
    if (plan.queries.empty()) {
        fields["Namespace"] = plan.metric.metric_namespace;
        fields["MetricName"] = plan.metric.name;
        fields[percentile ? "ExtendedStatistic" : "Statistic"] = plan.statistic;
        if (percentile && plan.statistic.front() == 'p') // of one sample in a period there is no 99th percentile
            fields["EvaluateLowSampleCountPercentile"] = "ignore";
        fields["Dimensions"] = std::move(dimensions);
        fields["Period"] = plan.period.count();
    } else {
        fields["Metrics"] = plan.queries;
    }
    fields["EvaluationPeriods"] = plan.evaluation_periods;
    fields["DatapointsToAlarm"] = plan.datapoints_to_alarm;
    fields["Threshold"] = plan.threshold;
    fields["ComparisonOperator"] = plan.comparison;
    fields["TreatMissingData"] = plan.treat_missing_data;
    return fix_of(fields, plan.region, false);
}

AuditFix changed_alarm_fix(Json const& described_alarm, JsonObject const& changes, std::string_view region) {
    auto fix = fix_of(fields_of(described_alarm, changes), region, true);
    fix.alarm = text_at(described_alarm, "AlarmName");
    fix.alarm_changes = changes;
    return fix;
}

} // namespace convops
