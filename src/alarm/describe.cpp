#include "alarm/describe.h"

namespace convops {

namespace {

MetricId metric_id_from(Json const& json) {
    MetricId id { text_at(json, "Namespace"), text_at(json, "MetricName"), {} };
    for (auto const& dimension : list_at(json, "Dimensions"))
        id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
    return id;
}

AlarmMetric alarm_metric_from(Json const& query) {
    AlarmMetric metric;
    metric.id = text_at(query, "Id");
    metric.expression = text_at(query, "Expression");
    metric.label = text_at(query, "Label");
    metric.returns_data = flag_at(query, "ReturnData", true);
    metric.period = Seconds { integer_at(query, "Period").value_or(0) };
    if (auto const* stat = find(query, "MetricStat")) {
        if (auto const* inner = find(*stat, "Metric"))
            metric.metric = metric_id_from(*inner);
        metric.statistic = text_at(*stat, "Stat");
        metric.unit = text_at(*stat, "Unit");
        metric.period = Seconds { integer_at(*stat, "Period").value_or(60) };
    }
    return metric;
}

AlarmKind kind_of(Alarm const& alarm) {
    if (!alarm.rule.empty())
        return AlarmKind::composite;
    bool any_expression = false;
    for (auto const& metric : alarm.metrics) {
        if (metric.expression.starts_with("ANOMALY_DETECTION_BAND"))
            return AlarmKind::anomaly_band;
        if (metric.expression.starts_with("SELECT"))
            return AlarmKind::metrics_insights;
        any_expression = any_expression || !metric.expression.empty();
    }
    return any_expression ? AlarmKind::metric_math : AlarmKind::metric;
}

// The names inside ALARM(...), OK(...), INSUFFICIENT_DATA(...): plain, quoted, or ARNs.
std::vector<std::string> children_of(std::string_view rule) {
    std::vector<std::string> names;
    for (auto at = rule.find('('); at != std::string_view::npos; at = rule.find('(', at + 1)) {
        auto const before = rule.substr(0, at);
        if (!before.ends_with("ALARM") && !before.ends_with("OK") && !before.ends_with("INSUFFICIENT_DATA"))
            continue;
        auto const end = rule.find(')', at);
        if (end == std::string_view::npos)
            break;
        auto name = std::string(rule.substr(at + 1, end - at - 1));
        std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
        if (auto const arn = name.find(":alarm:"); arn != std::string::npos)
            name = name.substr(arn + 7);
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    return names;
}

} // namespace

Result<Alarm> alarm_from_description(Json const& entry, std::string const& account, std::string const& region) {
    Alarm alarm;
    alarm.name = text_at(entry, "AlarmName");
    auto const state = alarm_state_from(text_at(entry, "StateValue"));
    if (alarm.name.empty() || !state)
        return Error { ErrorKind::invalid_input, "DescribeAlarms entry without AlarmName or StateValue" };
    alarm.arn = text_at(entry, "AlarmArn");
    alarm.account = account;
    alarm.region = region;
    alarm.description = text_at(entry, "AlarmDescription");
    alarm.state = *state;
    alarm.previous_state = *state == AlarmState::alarm ? AlarmState::ok : AlarmState::alarm;
    alarm.reason = text_at(entry, "StateReason");
    alarm.changed_at = time_at(entry, "StateTransitionedTimestamp")
                           .value_or(time_at(entry, "StateUpdatedTimestamp").value_or(Time {}));
    alarm.threshold = number_at(entry, "Threshold");
    alarm.comparison = text_at(entry, "ComparisonOperator");
    alarm.evaluation_periods = static_cast<int>(integer_at(entry, "EvaluationPeriods").value_or(1));
    alarm.datapoints_to_alarm
        = static_cast<int>(integer_at(entry, "DatapointsToAlarm").value_or(alarm.evaluation_periods));
    alarm.treat_missing_data = text_at(entry, "TreatMissingData");
    alarm.rule = text_at(entry, "AlarmRule");
    alarm.children = children_of(alarm.rule);
    for (auto const& query : list_at(entry, "Metrics"))
        alarm.metrics.push_back(alarm_metric_from(query));
    if (alarm.metrics.empty() && !text_at(entry, "MetricName").empty())
        alarm.metrics.push_back(
            { "", "", metric_id_from(entry), text_at(entry, "Statistic", text_at(entry, "ExtendedStatistic")),
                Seconds { integer_at(entry, "Period").value_or(60) }, "", text_at(entry, "Unit"), true });
    if (alarm.arn.empty())
        alarm.arn = "arn:aws:cloudwatch:" + region + ":" + account + ":alarm:" + alarm.name;
    alarm.kind = kind_of(alarm);
    return alarm;
}

} // namespace convops
