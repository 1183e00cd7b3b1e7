// The two ways in which CloudWatch spells an alarm's state change: PascalCase in SNS messages, camelCase in events.
#include "alarm/reading.h"

#include "base/text.h"

namespace convops::reading {

Result<Alarm> sns_base(Json const& message) {
    Alarm alarm;
    alarm.name = TRY(required_text(message, "AlarmName", most_name_bytes));
    alarm.state = TRY(required_state(message, "NewStateValue"));
    alarm.changed_at = TRY(required_time(message, "StateChangeTime"));
    if (find(message, "OldStateValue") != nullptr)
        alarm.previous_state = TRY(required_state(message, "OldStateValue"));
    else
        alarm.previous_state = AlarmState::insufficient_data; // A new alarm's state before it is known.
    alarm.description = TRY(optional_text(message, "AlarmDescription", most_text_bytes));
    alarm.reason = TRY(optional_text(message, "NewStateReason", most_text_bytes));
    alarm.arn = TRY(optional_text(message, "AlarmArn", most_arn_bytes));
    auto const account = TRY(optional_text(message, "AWSAccountId", most_name_bytes));
    if (is_account_id(account))
        alarm.account = account;
    alarm.region = region_code(TRY(optional_text(message, "Region", most_name_bytes)));
    fill_from_arn(alarm);
    alarm.suppressed = !TRY(optional_text(message, "ActionsSuppressedBy", most_name_bytes)).empty();
    return alarm;
}

namespace {

Result<> read_configuration(Alarm& alarm, Json const& block) {
    constexpr int most_periods = 100'000;
    alarm.description = TRY(optional_text(block, "configuration.description", most_text_bytes));
    alarm.rule = TRY(optional_text(block, "configuration.alarmRule", 16 * 1024)); // AlarmRule: at most 10,240
    auto const* metrics = TRY(optional_list(block, "configuration.metrics", most_metrics));
    alarm.metrics = TRY(metrics_from(*metrics, "configuration.metrics"));
    // State change events leave the thresholds out; configuration copies carry them. Both are read.
    alarm.comparison = TRY(optional_text(block, "configuration.comparisonOperator", most_name_bytes));
    alarm.threshold = TRY(optional_number(block, "configuration.threshold"));
    alarm.treat_missing_data
        = treat_missing(TRY(optional_text(block, "configuration.treatMissingData", most_name_bytes)));
    auto const figures = figures_from_reason(alarm.reason);
    auto const periods = TRY(optional_count(block, "configuration.evaluationPeriods", 1, most_periods));
    alarm.evaluation_periods = periods ? *periods : figures.evaluated.value_or(1);
    auto const needed = TRY(optional_count(block, "configuration.datapointsToAlarm", 1, most_periods));
    alarm.datapoints_to_alarm = needed ? *needed : figures.needed.value_or(alarm.evaluation_periods);
    return {};
}

// "reasonData" of a composite alarm: {"triggeringAlarms":[{"arn":...,"state":{...}}]}.
void add_triggering_children(Alarm& alarm, std::string_view reason_json) {
    auto const data = parse_json(reason_json, { .bytes = 64 * 1024, .depth = 16 });
    if (!data)
        return;
    for (auto const& child : list_at(*data, "triggeringAlarms")) {
        auto const name = clean_utf8(alarm_name_from(text_at(child, "arn")));
        if (!name.empty() && name.size() <= most_name_bytes && alarm.children.size() < most_children
            && std::find(alarm.children.begin(), alarm.children.end(), name) == alarm.children.end())
            alarm.children.push_back(name);
    }
}

} // namespace

Result<Alarm> alarm_from_block(Json const& block, std::string_view where) {
    auto const read = [&]() -> Result<Alarm> {
        Alarm alarm;
        alarm.name = TRY(required_text(block, "alarmName", most_name_bytes));
        alarm.state = TRY(required_state(block, "state.value"));
        alarm.changed_at = TRY(required_time(block, "state.timestamp"));
        alarm.reason = TRY(optional_text(block, "state.reason", most_text_bytes));
        alarm.suppressed = !TRY(optional_text(block, "state.actionsSuppressedBy", most_name_bytes)).empty();
        alarm.previous_state = AlarmState::insufficient_data;
        if (find(block, "previousState.value") != nullptr)
            alarm.previous_state = TRY(required_state(block, "previousState.value"));
        TRY(read_configuration(alarm, block));
        auto const reason_json = TRY(optional_text(block, "state.reasonData", 64 * 1024));
        if (!alarm.rule.empty()) {
            alarm.children = children_of_rule(alarm.rule);
            add_triggering_children(alarm, reason_json);
        } else {
            fill_from_reason(alarm, reason_json);
        }
        return alarm;
    };
    return read().with_context(where);
}

Result<> check_contributor(Alarm const& alarm, bool is_contributor) {
    if (is_contributor && alarm.state != AlarmState::alarm)
        return Error { ErrorKind::not_found,
            "the state of one contributor of alarm \"" + shorten(alarm.name, 80)
                + "\": the alarm's own state change decides" };
    return {};
}

} // namespace convops::reading
