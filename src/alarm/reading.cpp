#include "alarm/reading.h"

#include "base/text.h"

#include <array>
#include <charconv>

namespace convops::reading {

namespace {

Error wrong(std::string_view path, std::string_view what) {
    return { ErrorKind::invalid_input, std::string(path) + " " + std::string(what) };
}

Result<std::string> checked_text(Json const& value, std::string_view path, std::size_t most_bytes) {
    auto const* text = value.if_string();
    if (text == nullptr)
        return wrong(path, "is not a text");
    auto cleaned = clean_utf8({ text->data(), text->size() });
    if (cleaned.size() > most_bytes)
        return wrong(path, "is longer than " + std::to_string(most_bytes) + " bytes");
    return cleaned;
}

} // namespace

Result<std::string> required_text(Json const& json, std::string_view path, std::size_t most_bytes) {
    auto const* value = find(json, path);
    if (value == nullptr)
        return wrong(path, "is missing");
    auto text = TRY(checked_text(*value, path, most_bytes));
    if (trim(text).empty())
        return wrong(path, "is empty");
    return text;
}

Result<std::string> optional_text(Json const& json, std::string_view path, std::size_t most_bytes) {
    auto const* value = find(json, path);
    if (value == nullptr)
        return std::string {};
    return checked_text(*value, path, most_bytes);
}

Result<std::optional<double>> optional_number(Json const& json, std::string_view path) {
    if (find(json, path) == nullptr || text_at(json, path, "?").empty())
        return std::optional<double> {};
    auto const number = number_at(json, path);
    if (!number || !std::isfinite(*number))
        return wrong(path, "is not a number");
    return number;
}

Result<std::optional<int>> optional_count(Json const& json, std::string_view path, int least, int most) {
    auto const number = TRY(optional_number(json, path));
    if (!number)
        return std::optional<int> {};
    if (*number != std::floor(*number) || *number < least || *number > most)
        return wrong(path, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::optional<int>(static_cast<int>(*number));
}

Result<AlarmState> required_state(Json const& json, std::string_view path) {
    auto const text = TRY(required_text(json, path, most_name_bytes));
    auto const state = alarm_state_from(text);
    if (!state)
        return wrong(path, "is \"" + shorten(text, 40) + "\", not OK, ALARM or INSUFFICIENT_DATA");
    return *state;
}

Result<Time> required_time(Json const& json, std::string_view path) {
    auto const text = TRY(required_text(json, path, 64));
    auto const time = parse_time(text);
    if (!time)
        return wrong(path, "is not a time: \"" + text + "\"");
    return *time;
}

Result<JsonArray const*> optional_list(Json const& json, std::string_view path, std::size_t most) {
    static JsonArray const empty;
    auto const* value = find(json, path);
    if (value == nullptr)
        return &empty;
    auto const* list = value->if_array();
    if (list == nullptr)
        return wrong(path, "is not a list");
    if (list->size() > most)
        return wrong(path, "has more than " + std::to_string(most) + " entries");
    return list;
}

Result<std::map<std::string, std::string>> dimensions_from(Json const* json, std::string_view where) {
    std::map<std::string, std::string> dimensions;
    if (json == nullptr || json->is_null())
        return dimensions;
    if (auto const* object = json->if_object()) {
        if (object->size() > most_dimensions)
            return wrong(where, "has more than " + std::to_string(most_dimensions) + " entries");
        for (auto const& pair : *object) {
            auto const name = clean_utf8({ pair.key().data(), pair.key().size() });
            dimensions[shorten(name, most_name_bytes)] = TRY(checked_text(pair.value(), where, most_name_bytes));
        }
        return dimensions;
    }
    auto const* list = json->if_array();
    if (list == nullptr)
        return wrong(where, "is not a list of name and value");
    if (list->size() > most_dimensions)
        return wrong(where, "has more than " + std::to_string(most_dimensions) + " entries");
    for (auto const& entry : *list) {
        // SNS writes "name" and "value"; DescribeAlarms and hand-written tests write "Name" and "Value".
        bool const lower = find(entry, "name") != nullptr;
        auto const name = required_text(entry, lower ? "name" : "Name", most_name_bytes);
        auto const value = optional_text(entry, lower ? "value" : "Value", most_name_bytes);
        if (!name)
            return name.error().with_context(where);
        if (!value)
            return value.error().with_context(where);
        dimensions[*name] = *value;
    }
    return dimensions;
}

namespace {

struct Spelling { // of one metric query
    std::string_view id, expression, label, returns_data, period, stat, unit, metric, metric_namespace, name,
        dimensions, stat_block;
};
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
constexpr Spelling event_spelling { "id", "expression", "label", "returnData", "period", "stat", "unit", "metric",
    "namespace", "name", "dimensions", "metricStat" };
constexpr Spelling sns_spelling { "Id", "Expression", "Label", "ReturnData", "Period", "Stat", "Unit", "Metric",
    "Namespace", "MetricName", "Dimensions", "MetricStat" };

constexpr int longest_period = 604'800; // a week: the longest window that an alarm may evaluate

Result<AlarmMetric> metric_from(Json const& entry, Spelling const& spelling) {
    if (!entry.is_object())
        return Error { ErrorKind::invalid_input, "is not an object" };
    AlarmMetric read;
    read.id = TRY(optional_text(entry, spelling.id, most_name_bytes));
    read.expression = TRY(optional_text(entry, spelling.expression, most_text_bytes));
    read.label = TRY(optional_text(entry, spelling.label, most_text_bytes));
    read.returns_data = flag_at(entry, spelling.returns_data, true);
    if (auto const period = TRY(optional_count(entry, spelling.period, 1, longest_period)))
        read.period = Seconds { *period };
    auto const* stat = find(entry, spelling.stat_block);
    if (stat == nullptr) {
        if (read.expression.empty())
            return Error { ErrorKind::invalid_input,
                "has neither " + std::string(spelling.stat_block) + " nor " + std::string(spelling.expression) };
        return read;
    }
    if (auto const period = TRY(optional_count(*stat, spelling.period, 1, longest_period)))
        read.period = Seconds { *period };
    read.statistic = statistic_name(TRY(optional_text(*stat, spelling.stat, most_name_bytes)));
    read.unit = TRY(optional_text(*stat, spelling.unit, most_name_bytes));
    auto const* metric = find(*stat, spelling.metric);
    if (metric == nullptr)
        return wrong(spelling.metric, "is missing");
    MetricId id;
    id.metric_namespace = TRY(required_text(*metric, spelling.metric_namespace, most_name_bytes));
    id.name = TRY(required_text(*metric, spelling.name, most_name_bytes));
    id.dimensions = TRY(dimensions_from(find(*metric, spelling.dimensions), spelling.dimensions));
    read.metric = std::move(id);
    return read;
}

} // namespace

Result<std::vector<AlarmMetric>> metrics_from(JsonArray const& list, std::string_view where) {
    std::vector<AlarmMetric> metrics;
    if (list.size() > most_metrics)
        return wrong(where, "has more than " + std::to_string(most_metrics) + " entries");
    for (std::size_t i = 0; i < list.size(); ++i) {
        bool const from_sns = find(list[i], "Id") != nullptr || find(list[i], "MetricStat") != nullptr;
        auto metric = metric_from(list[i], from_sns ? sns_spelling : event_spelling);
        if (!metric)
            return metric.error().with_context(std::string(where) + "[" + std::to_string(i) + "]");
        metrics.push_back(*std::move(metric));
    }
    return metrics;
}

std::string statistic_name(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names { { { "AVERAGE", "Average" },
        { "SUM", "Sum" }, { "MINIMUM", "Minimum" }, { "MAXIMUM", "Maximum" }, { "SAMPLE_COUNT", "SampleCount" },
        { "SAMPLECOUNT", "SampleCount" } } };
    for (auto const& [sns, api] : names)
        if (text == sns)
            return std::string(api);
    return std::string(text);
}

std::string treat_missing(std::string_view text) {
    // CloudWatch's own SNS message pads the word with its label: "- TreatMissingData:     missing".
    auto const colon = text.rfind(':');
    return trim(colon == std::string_view::npos ? text : text.substr(colon + 1));
}

bool is_account_id(std::string_view text) {
    return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void fill_from_arn(Alarm& alarm) {
    auto const parts = split(alarm.arn, ':');
    if (parts.size() < 7 || parts[0] != "arn")
        return;
    // The ARN is more exact than the "Region" text, which is a name for people.
    if (is_region_code(parts[3]))
        alarm.region = parts[3];
    if (alarm.account.empty() && is_account_id(parts[4]))
        alarm.account = parts[4];
}

std::string alarm_name_from(std::string_view name_or_arn) {
    constexpr std::string_view mark = ":alarm:";
    auto const at = name_or_arn.starts_with("arn:") ? name_or_arn.find(mark) : std::string_view::npos;
    return std::string(at == std::string_view::npos ? name_or_arn : name_or_arn.substr(at + mark.size()));
}

void add_log_group(Alarm& alarm, std::string_view identifier) {
    constexpr std::string_view mark = ":log-group:";
    auto const at = identifier.find(mark);
    auto name = clean_utf8(at == std::string_view::npos ? identifier : identifier.substr(at + mark.size()));
    if (name.ends_with(":*"))
        name.resize(name.size() - 2);
    if (!name.empty() && name.size() <= most_arn_bytes && alarm.log_groups.size() < most_log_groups
        && std::find(alarm.log_groups.begin(), alarm.log_groups.end(), name) == alarm.log_groups.end())
        alarm.log_groups.push_back(std::move(name));
}

std::vector<std::string> children_of_rule(std::string_view rule) {
    // ALARM(name), OK("name or ARN"), INSUFFICIENT_DATA(name). Names with spaces or parentheses must be quoted:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    constexpr std::array<std::string_view, 3> functions { "ALARM", "OK", "INSUFFICIENT_DATA" };
    std::vector<std::string> children;
    std::size_t at = 0;
    while (at < rule.size() && children.size() < most_children) {
        auto const open = rule.find('(', at);
        if (open == std::string_view::npos)
            break;
        auto const before = trim(rule.substr(at, open - at));
        at = open + 1;
        bool const names_alarm = std::any_of(functions.begin(), functions.end(), [&](std::string_view function) {
            if (!before.ends_with(function))
                return false;
            auto const rest = std::string_view(before).substr(0, before.size() - function.size());
            return rest.empty() || rest.back() == ' ' || rest.back() == '(' || rest.back() == ')';
        });
        if (!names_alarm)
            continue;
        bool const quoted = at < rule.size() && rule[at] == '"';
        auto const from = quoted ? at + 1 : at;
        auto const end = rule.find(quoted ? '"' : ')', from);
        if (end == std::string_view::npos)
            break;
        auto const name = alarm_name_from(trim(rule.substr(from, end - from)));
        if (!name.empty() && std::find(children.begin(), children.end(), name) == children.end())
            children.push_back(name);
        at = end + 1;
    }
    return children;
}

namespace {

bool is_log_metric(MetricId const& metric) {
    // A metric filter may write into any namespace, and the notification does not say that it did. These are the ones
    // that CloudWatch's console and AWS's own guides suggest; in all others the kind stays "metric".
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateMetricFilterProcedure.html
    auto const& space = metric.metric_namespace;
    return space == "AWS/Logs" || space == "LogMetrics" || space.starts_with("LogMetrics/")
        || space.ends_with("/LogMetrics") || space == "CloudTrailMetrics";
}

bool is_select(std::string_view expression) {
    return to_lower(trim(expression).substr(0, 7)) == "select ";
}

} // namespace

AlarmKind kind_of(Alarm const& alarm) {
    if (!alarm.rule.empty())
        return AlarmKind::composite;
    if (!alarm.log_groups.empty())
        return AlarmKind::log;
    bool any_expression = false;
    bool any_band = alarm.comparison.ends_with("UpperThreshold") || alarm.comparison.ends_with("LowerThreshold");
    for (auto const& metric : alarm.metrics) {
        if (is_select(metric.expression))
            return AlarmKind::metrics_insights;
        any_expression = any_expression || !metric.expression.empty();
        any_band = any_band || contains_ignoring_case(metric.expression, "ANOMALY_DETECTION_BAND");
    }
    if (any_band)
        return AlarmKind::anomaly_band;
    if (any_expression)
        return AlarmKind::metric_math;
    for (auto const& metric : alarm.metrics)
        if (metric.metric && is_log_metric(*metric.metric))
            return AlarmKind::log;
    return AlarmKind::metric;
}

} // namespace convops::reading
