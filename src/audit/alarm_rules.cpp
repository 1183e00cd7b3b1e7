#include "audit/alarm_rules.h"

#include <algorithm>

namespace convops {

namespace {

std::string_view text_of(Json const& value) {
    return value.is_string() ? std::string_view(value.as_string().data(), value.as_string().size())
                             : std::string_view();
}

// One entry of a pattern's list: a text, or a comparison with one operator.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
bool entry_takes(Json const& entry, std::string_view value) {
    if (entry.is_string())
        return text_of(entry) == value;
    if (!entry.is_object() || entry.as_object().size() != 1)
        return false;
    auto const& [name, operand] = *entry.as_object().begin();
    std::string_view const comparison(name.data(), name.size());
    if (comparison == "prefix")
        return operand.is_string() && value.starts_with(text_of(operand));
    if (comparison == "suffix")
        return operand.is_string() && value.ends_with(text_of(operand));
    if (comparison == "exists")
        return operand.is_bool() && operand.as_bool();
    if (comparison != "anything-but")
        return false;
    if (operand.is_string())
        return text_of(operand) != value;
    return operand.is_array()
        && std::none_of(operand.as_array().begin(), operand.as_array().end(),
            [&](auto const& one) { return text_of(one) == value; });
}

// A key that the pattern does not have lets every value through.
bool takes(Json const& pattern, std::string_view path, std::string_view value) {
    if (find(pattern, path) == nullptr)
        return true;
    auto const& entries = list_at(pattern, path);
    return std::any_of(entries.begin(), entries.end(), [&](auto const& entry) { return entry_takes(entry, value); });
}

bool only_keys(Json const& object, std::initializer_list<std::string_view> known) {
    if (!object.is_object())
        return false;
    return std::all_of(object.as_object().begin(), object.as_object().end(), [&](auto const& entry) {
        std::string_view const key(entry.key().data(), entry.key().size());
        return std::find(known.begin(), known.end(), key) != known.end();
    });
}

} // namespace

bool pattern_takes(Json const& pattern, EstateAlarm const& alarm) {
    if (!only_keys(pattern, { "source", "detail-type", "resources", "account", "region", "detail" }))
        return false;
    if (auto const* detail = find(pattern, "detail");
        detail != nullptr && !only_keys(*detail, { "alarmName", "state" }))
        return false;
    if (auto const* state = find(pattern, "detail.state"); state != nullptr && !only_keys(*state, { "value" }))
        return false;
    return takes(pattern, "source", "aws.cloudwatch")
        && takes(pattern, "detail-type", "CloudWatch Alarm State Change")
        && takes(pattern, "resources", alarm.alarm.arn) && takes(pattern, "account", alarm.alarm.account)
        && takes(pattern, "region", alarm.alarm.region) && takes(pattern, "detail.alarmName", alarm.alarm.name)
        && takes(pattern, "detail.state.value", "ALARM");
}

std::optional<bool> rule_tells(Estate const& estate, std::string const& region, EstateAlarm const& alarm) {
    auto const& rules = estate.account->listing("event_rules", region);
    auto const& targets = estate.account->listing("event_targets", region);
    for (std::size_t i = 0; i < rules.items.size(); ++i) {
        auto const& rule = rules.items[i];
        if (text_at(rule, "State") != "ENABLED")
            continue;
        auto const pattern = parse_json(text_at(rule, "EventPattern"));
        if (pattern && pattern_takes(*pattern, alarm)
            && !estate.account->items_of("event_targets", region, i).empty())
            return true;
    }
    if (!rules.whole() || !targets.whole())
        return std::nullopt;
    return false;
}

std::string refused_for_rules(Estate const& estate, std::string const& region) {
    auto const& rules = estate.account->listing("event_rules", region);
    return rules.whole() ? estate.account->listing("event_targets", region).refused_action() : rules.refused_action();
}

} // namespace convops
