// What the alarm formats share: strict reading of required fields, the two spellings of a metric query, region names,
// and what CloudWatch says in prose. Pure.
#pragma once

#include "base/json.h"
#include "model/alarm.h"

namespace convops::reading {

// PutMetricAlarm allows far fewer of each; these bound what a hostile document can make us keep.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
inline constexpr std::size_t most_metrics = 100;
inline constexpr std::size_t most_dimensions = 30;
inline constexpr std::size_t most_children = 100; // the documented limit of a composite alarm's rule
inline constexpr std::size_t most_datapoints = 100;
inline constexpr std::size_t most_log_groups = 50;
inline constexpr std::size_t most_name_bytes = 1024; // 255 characters of UTF-8
inline constexpr std::size_t most_arn_bytes = 2048;
inline constexpr std::size_t most_text_bytes = 8192; // description, reason, expression, query

// A text, cleaned of control characters. invalid_input names the path when it is absent, empty or not a text.
Result<std::string> required_text(Json const& json, std::string_view path, std::size_t most_bytes);
// As above, but absent and null give "".
Result<std::string> optional_text(Json const& json, std::string_view path, std::size_t most_bytes);
Result<std::optional<double>> optional_number(Json const& json, std::string_view path);
Result<std::optional<int>> optional_count(Json const& json, std::string_view path, int least, int most);
Result<AlarmState> required_state(Json const& json, std::string_view path);
Result<Time> required_time(Json const& json, std::string_view path);
// Absent and null give an empty array; anything else that is no array is invalid_input.
Result<JsonArray const*> optional_list(Json const& json, std::string_view path, std::size_t most);

// The entries of "Trigger.Metrics" (SNS, PascalCase) or "configuration.metrics" (EventBridge, camelCase).
Result<std::vector<AlarmMetric>> metrics_from(JsonArray const& list, std::string_view where);
// [{ "name", "value" }] or { name: value }.
Result<std::map<std::string, std::string>> dimensions_from(Json const* json, std::string_view where);

// "AVERAGE" -> "Average", "SAMPLE_COUNT" -> "SampleCount"; others as they are ("p99").
std::string statistic_name(std::string_view text);
// "- TreatMissingData:                    missing" -> "missing".
std::string treat_missing(std::string_view text);

// "EU (Ireland)", "EU - Ireland", "Europe (Ireland)", "eu-west-1" -> "eu-west-1"; empty when unknown.
std::string region_code(std::string_view name);
bool is_region_code(std::string_view text);
bool is_account_id(std::string_view text); // twelve digits
// account, region from "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:name"; fields stay when the ARN does not say.
void fill_from_arn(Alarm& alarm);
// "a" from "arn:...:alarm:a"; the text itself when it is no alarm ARN.
std::string alarm_name_from(std::string_view name_or_arn);

// Adds "/ecs/shop" from a name or "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/shop:*".
void add_log_group(Alarm& alarm, std::string_view identifier);

// "ALARM(a) OR OK(\"b\")" -> a, b; distinct, in order, bounded.
std::vector<std::string> children_of_rule(std::string_view rule);

// From "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (06/03/15 17:43:27), ...] was greater than ...".
struct ReasonFigures {
    std::vector<double> datapoints; // newest first, as CloudWatch lists them
    std::string comparison; // "GreaterThanThreshold"
    std::optional<double> threshold;
    std::optional<int> evaluated; // the 3 of "2 out of the last 3"
    std::optional<int> needed; // the 1 of "minimum 1 datapoint for OK -> ALARM transition"
};
ReasonFigures figures_from_reason(std::string_view reason);

// Fills what the alarm does not have yet from the reason text, and from reasonData (JSON in a text) where given.
void fill_from_reason(Alarm& alarm, std::string_view reason_json);

// The fields that every alarm message in SNS has, whatever the alarm watches: who, where, which state, when, why.
Result<Alarm> sns_base(Json const& message);
// "alarmName", "state", "previousState", "configuration": the block that EventBridge calls "detail" and a direct
// Lambda invocation "alarmData". Account, region, ARN and a spare time come from around it.
Result<Alarm> alarm_from_block(Json const& block, std::string_view where);

// A message about one contributor (one time series of a Metrics Insights or log alarm): its ALARM is an alarm, but
// its OK says nothing about the others, so it must never resolve an incident. not_found then.
Result<> check_contributor(Alarm const& alarm, bool is_contributor);

// Decides the kind from the metrics; log_groups and rule win.
AlarmKind kind_of(Alarm const& alarm);

} // namespace convops::reading
