#include "adapters/recorded/recorded_aws.h"

#include "base/text.h"
#include <cctype>

namespace convops {

namespace {

// Every member of `part` is in `whole` with the same value; arrays match when `whole` holds each element of `part`.
bool is_part_of(Json const& part, Json const& whole) {
    if (auto const* object = part.if_object()) {
        auto const* other = whole.if_object();
        return other != nullptr && std::all_of(object->begin(), object->end(), [&](auto const& pair) {
            auto const* value = other->if_contains(pair.key());
            return value != nullptr && is_part_of(pair.value(), *value);
        });
    }
    if (auto const* array = part.if_array()) {
        auto const* other = whole.if_array();
        return other != nullptr && std::all_of(array->begin(), array->end(), [&](Json const& element) {
            return std::any_of(
                other->begin(), other->end(), [&](Json const& candidate) { return is_part_of(element, candidate); });
        });
    }
    if (part.is_string() != whole.is_string()) // 5 and "5" are one parameter in the query protocols.
        return (part.is_string() ? std::string(part.get_string()) : to_text(part))
            == (whole.is_string() ? std::string(whole.get_string()) : to_text(whole));
    return to_text(part) == to_text(whole);
}

RecordedResponse const* find_response(RecordedAccount const& account, AwsCall const& call) {
    for (auto const& response : account.responses)
        if (response.operation == call.name() && is_part_of(response.when, call.params))
            return &response;
    return nullptr;
}

} // namespace

RecordedAws::RecordedAws(std::shared_ptr<RecordedAccount const> account, Clock& clock)
    : account_(std::move(account))
    , clock_(clock) { }

Result<Json> RecordedAws::call(AwsCall const& call) {
    ++calls_;
    auto const now = clock_.now();
    auto const name = call.name();
    if (auto const* response = find_response(*account_, call)) {
        if (response->error)
            return *response->error;
        return response->answer;
    }
    if (name == "monitoring:GetMetricData")
        return recorded_metric_data(*account_, call.params, now);
    if (name == "monitoring:ListMetrics")
        return recorded_metric_list(*account_, call.params, now);
    if (name == "monitoring:DescribeAlarms")
        return recorded_alarms(*account_, call.params);
    if (name == "logs:DescribeLogGroups")
        return recorded_log_groups(*account_, call.params, now);
    if (name == "logs:FilterLogEvents")
        return recorded_log_events(*account_, call.params, now);
    if (name == "cloudtrail:LookupEvents")
        return recorded_trail(*account_, call.params, now);
    return Json(JsonObject {});
}

std::vector<Result<Json>> RecordedAws::call_all(std::span<AwsCall const> calls) {
    std::vector<Result<Json>> answers;
    answers.reserve(calls.size());
    for (auto const& one : calls)
        answers.push_back(call(one));
    return answers;
}

Result<Json> recorded_alarms(RecordedAccount const& account, JsonObject const& params) {
    Json const asked(params);
    std::set<std::string> names;
    for (auto const& name : list_at(asked, "AlarmNames"))
        if (name.is_string())
            names.emplace(name.get_string());
    auto const state = text_at(asked, "StateValue");
    auto const children_of = text_at(asked, "ChildrenOfAlarmName");
    JsonArray metric_alarms;
    JsonArray composite_alarms;
    auto const add = [&](Json const& alarm) {
        if ((!names.empty() && !names.contains(text_at(alarm, "AlarmName")))
            || (!state.empty() && text_at(alarm, "StateValue") != state))
            return;
        if (!children_of.empty() && text_at(alarm, "ParentAlarmName") != children_of)
            return;
        (find(alarm, "AlarmRule") != nullptr ? composite_alarms : metric_alarms).push_back(alarm);
    };
    for (auto const& alarm : account.alarms)
        add(alarm);

    // The alarm of the message exists too; SNS carries it in nearly the shape of DescribeAlarms.
    auto const own_name = text_at(account.alarm_message, "AlarmName");
    bool const listed = std::any_of(account.alarms.begin(), account.alarms.end(),
        [&](Json const& alarm) { return text_at(alarm, "AlarmName") == own_name; });
    if (!own_name.empty() && !listed) {
        JsonObject alarm { { "AlarmName", own_name }, { "AlarmArn", text_at(account.alarm_message, "AlarmArn") },
            { "AlarmDescription", text_at(account.alarm_message, "AlarmDescription") },
            { "StateValue", text_at(account.alarm_message, "NewStateValue") },
            { "StateReason", text_at(account.alarm_message, "NewStateReason") },
            { "StateUpdatedTimestamp", text_at(account.alarm_message, "StateChangeTime") },
            { "ActionsEnabled", true } };
        if (auto const* trigger = find(account.alarm_message, "Trigger");
            trigger != nullptr && trigger->is_object()) {
            for (auto const& [key, value] : trigger->get_object())
                alarm[key] = value;
            auto statistic = to_lower(text_at(*trigger, "Statistic"));
            if (!statistic.empty()) { // SNS writes AVERAGE where DescribeAlarms writes Average.
                statistic[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(statistic[0])));
                alarm["Statistic"] = statistic == "Samplecount" ? "SampleCount" : statistic;
            }
            JsonArray dimensions;
            for (auto const& dimension : list_at(*trigger, "Dimensions"))
                dimensions.push_back(JsonObject { { "Name", text_at(dimension, "name", text_at(dimension, "Name")) },
                    { "Value", text_at(dimension, "value", text_at(dimension, "Value")) } });
            alarm["Dimensions"] = std::move(dimensions);
        }
        if (auto const rule = text_at(account.alarm_message, "AlarmRule"); !rule.empty())
            alarm["AlarmRule"] = rule;
        add(Json(std::move(alarm)));
    }
    return Json(JsonObject {
        { "MetricAlarms", std::move(metric_alarms) }, { "CompositeAlarms", std::move(composite_alarms) } });
}

Result<Json> recorded_trail(RecordedAccount const& account, JsonObject const& params, Time now) {
    Json const asked(params);
    auto const from = time_at(asked, "StartTime").value_or(now - Hours { 24 * 90 });
    auto const to = std::min(time_at(asked, "EndTime").value_or(now), now);
    auto const most
        = static_cast<std::size_t>(std::clamp<std::int64_t>(integer_at(asked, "MaxResults").value_or(50), 1, 50));
    std::vector<std::pair<Time, Json const*>> found;
    for (auto const& record : account.trail) {
        auto const at = time_at(record, "eventTime");
        if (!at || *at < from || *at > to)
            continue;
        bool wanted = true;
        for (auto const& attribute : list_at(asked, "LookupAttributes")) {
            auto const key = text_at(attribute, "AttributeKey");
            auto const value = text_at(attribute, "AttributeValue");
            if (key == "ReadOnly")
                wanted = wanted && (flag_at(record, "readOnly") ? "true" : "false") == value;
            else if (key == "EventName")
                wanted = wanted && text_at(record, "eventName") == value;
            else if (key == "EventSource")
                wanted = wanted && text_at(record, "eventSource") == value;
        }
        if (wanted)
            found.emplace_back(*at, &record);
    }
    std::stable_sort(
        found.begin(), found.end(), [](auto const& a, auto const& b) { return a.first > b.first; }); // newest first
    auto const offset
        = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_at(asked, "NextToken").value_or(0)));
    JsonArray events;
    for (std::size_t i = offset; i < found.size() && events.size() < most; ++i) {
        auto const& record = *found[i].second;
        events.push_back(JsonObject { { "EventId", text_at(record, "eventID") },
            { "EventName", text_at(record, "eventName") },
            { "ReadOnly", flag_at(record, "readOnly") ? "true" : "false" },
            { "EventTime", seconds_since_epoch(found[i].first) }, { "EventSource", text_at(record, "eventSource") },
            { "Username",
                text_at(record, "userIdentity.userName",
                    text_at(record, "userIdentity.sessionContext.sessionIssuer.userName")) },
            { "CloudTrailEvent", to_text(record) } });
    }
    JsonObject answer { { "Events", std::move(events) } };
    if (offset + most < found.size())
        answer["NextToken"] = std::to_string(offset + most);
    return Json(std::move(answer));
}

} // namespace convops
