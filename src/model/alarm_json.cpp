#include "model/alarm_json.h"

#include "base/json_texts.h"

#include <array>

namespace convops {

namespace {

constexpr int version = 1;
// A stored alarm may come from a capsule that anybody wrote: what CloudWatch allows, with room.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
constexpr std::int64_t most_period_seconds = 604'800;
constexpr std::int64_t most_evaluation_periods = 10'000;

int periods_at(Json const& json, std::string_view path) {
    return static_cast<int>(std::clamp<std::int64_t>(integer_at(json, path).value_or(1), 1, most_evaluation_periods));
}
constexpr std::array kinds { AlarmKind::metric, AlarmKind::metric_math, AlarmKind::composite, AlarmKind::anomaly_band,
    AlarmKind::metrics_insights, AlarmKind::log, AlarmKind::watch };

std::optional<AlarmKind> alarm_kind_from(std::string_view name) {
    for (auto const kind : kinds)
        if (to_string(kind) == name)
            return kind;
    return std::nullopt;
}

Json to_json(MetricId const& metric) {
    JsonObject dimensions;
    for (auto const& [name, value] : metric.dimensions)
        dimensions[name] = value;
    return JsonObject { { "namespace", metric.metric_namespace }, { "name", metric.name },
        { "dimensions", std::move(dimensions) } };
}

MetricId metric_id_from(Json const& json) {
    MetricId metric { text_at(json, "namespace"), text_at(json, "name"), {} };
    if (auto const* dimensions = find(json, "dimensions"); dimensions != nullptr && dimensions->is_object())
        for (auto const& [name, value] : dimensions->get_object())
            if (auto const* text = value.if_string())
                metric.dimensions.emplace(std::string(name), std::string(*text));
    return metric;
}

Json to_json(AlarmMetric const& metric) {
    JsonObject object { { "id", metric.id }, { "expression", metric.expression }, { "statistic", metric.statistic },
        { "period", metric.period.count() }, { "label", metric.label }, { "unit", metric.unit },
        { "returns_data", metric.returns_data } };
    if (metric.metric)
        object["metric"] = to_json(*metric.metric);
    return object;
}

AlarmMetric alarm_metric_from(Json const& json) {
    AlarmMetric metric;
    metric.id = text_at(json, "id");
    metric.expression = text_at(json, "expression");
    if (auto const* id = find(json, "metric"))
        metric.metric = metric_id_from(*id);
    metric.statistic = text_at(json, "statistic");
    metric.period
        = Seconds { std::clamp<std::int64_t>(integer_at(json, "period").value_or(0), 0, most_period_seconds) };
    metric.label = text_at(json, "label");
    metric.unit = text_at(json, "unit");
    metric.returns_data = flag_at(json, "returns_data", true);
    return metric;
}

} // namespace

Json time_to_json(Time time) {
    return Json(format_time(time));
}

Result<> check_version(Json const& json, int newest, std::string_view what) {
    auto const found = integer_at(json, "v");
    if (!found)
        return Error { ErrorKind::corrupt, "stored " + std::string(what) + ": no version" };
    if (*found < 1 || *found > newest)
        return Error { ErrorKind::corrupt,
            "stored " + std::string(what) + ": version " + std::to_string(*found) + " is not known here" };
    return {};
}

Json to_json(Alarm const& alarm) {
    JsonObject object { { "v", version }, { "account", alarm.account }, { "region", alarm.region },
        { "arn", alarm.arn }, { "name", alarm.name }, { "description", alarm.description },
        { "kind", to_string(alarm.kind) }, { "state", to_string(alarm.state) },
        { "previous_state", to_string(alarm.previous_state) }, { "reason", alarm.reason },
        { "changed_at", time_to_json(alarm.changed_at) }, { "comparison", alarm.comparison },
        { "evaluation_periods", alarm.evaluation_periods }, { "datapoints_to_alarm", alarm.datapoints_to_alarm },
        { "treat_missing_data", alarm.treat_missing_data }, { "rule", alarm.rule },
        { "suppressed", alarm.suppressed } };
    JsonArray metrics;
    for (auto const& metric : alarm.metrics)
        metrics.push_back(to_json(metric));
    object["metrics"] = std::move(metrics);
    if (alarm.threshold)
        object["threshold"] = *alarm.threshold;
    JsonArray datapoints;
    for (auto const value : alarm.recent_datapoints)
        datapoints.push_back(value);
    object["recent_datapoints"] = std::move(datapoints);
    object["children"] = texts_to_json(alarm.children);
    if (alarm.baseline)
        object["baseline"] = JsonObject { { "usual", alarm.baseline->usual }, { "spread", alarm.baseline->spread },
            { "since", time_to_json(alarm.baseline->since) } };
    object["log_groups"] = texts_to_json(alarm.log_groups);
    return object;
}

Result<Alarm> alarm_from_json(Json const& json) {
    TRY(check_version(json, version, "alarm"));
    auto const state = alarm_state_from(text_at(json, "state"));
    auto const previous = alarm_state_from(text_at(json, "previous_state"));
    auto const kind = alarm_kind_from(text_at(json, "kind"));
    auto const changed_at = time_at(json, "changed_at");
    if (!state || !previous || !kind || !changed_at)
        return Error { ErrorKind::corrupt, "stored alarm: state, kind or time is not readable" };
    Alarm alarm;
    alarm.account = text_at(json, "account");
    alarm.region = text_at(json, "region");
    alarm.arn = text_at(json, "arn");
    alarm.name = text_at(json, "name");
    alarm.description = text_at(json, "description");
    alarm.kind = *kind;
    alarm.state = *state;
    alarm.previous_state = *previous;
    alarm.reason = text_at(json, "reason");
    alarm.changed_at = *changed_at;
    for (auto const& metric : list_at(json, "metrics"))
        alarm.metrics.push_back(alarm_metric_from(metric));
    alarm.threshold = number_at(json, "threshold");
    alarm.comparison = text_at(json, "comparison");
    alarm.evaluation_periods = periods_at(json, "evaluation_periods");
    alarm.datapoints_to_alarm = periods_at(json, "datapoints_to_alarm");
    alarm.treat_missing_data = text_at(json, "treat_missing_data");
    for (auto const& value : list_at(json, "recent_datapoints"))
        if (auto const number = number_at(value, ""))
            alarm.recent_datapoints.push_back(*number);
    alarm.rule = text_at(json, "rule");
    for (auto const& child : list_at(json, "children"))
        if (auto const* text = child.if_string())
            alarm.children.emplace_back(*text);
    for (auto const& group : list_at(json, "log_groups"))
        if (auto const* text = group.if_string())
            alarm.log_groups.emplace_back(*text);
    alarm.suppressed = flag_at(json, "suppressed");
    auto const usual = number_at(json, "baseline.usual");
    auto const spread = number_at(json, "baseline.spread");
    auto const since = time_at(json, "baseline.since");
    if (usual && since && spread && *spread > 0)
        alarm.baseline = UsualBefore { *usual, *spread, *since };
    return alarm;
}

} // namespace convops
