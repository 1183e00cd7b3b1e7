#include "app/remembering_aws.h"

#include "app/anomaly_store.h"
#include "app/incident_memory.h"

namespace convops {

namespace {

constexpr std::string_view own_service = "convops";
constexpr std::size_t most_listed = 50;

std::set<std::string> texts_in(JsonArray const& list) {
    std::set<std::string> texts;
    for (auto const& each : list)
        if (auto const* text = each.if_string())
            texts.emplace(*text);
    return texts;
}

// The same alarm, or a resource in common: the rest can not become alike enough.
bool may_be_alike(PastIncident const& past, std::string const& alarm, std::set<std::string> const& resources) {
    return std::find(past.alarms.begin(), past.alarms.end(), alarm) != past.alarms.end()
        || resources.contains(past.gist.resource.key())
        || std::any_of(past.resources.begin(), past.resources.end(),
            [&](std::string const& key) { return resources.contains(key); });
}

} // namespace

Result<Json> RememberingAws::call(AwsCall const& call) {
    return call.service == own_service ? remember(call) : inner_.call(call);
}

std::vector<Result<Json>> RememberingAws::call_all(std::span<AwsCall const> calls) {
    if (std::none_of(calls.begin(), calls.end(), [](AwsCall const& each) { return each.service == own_service; }))
        return inner_.call_all(calls);
    std::vector<Result<Json>> answers;
    for (auto const& each : calls)
        answers.push_back(call(each));
    return answers;
}

// How often the watch found this series odd, in the shape of CloudWatch's alarm history.
Result<Json> RememberingAws::anomalies_of(Json const& asked) {
    JsonArray items;
    auto const add = [&](Time at, std::string_view from, std::string_view to) {
        items.push_back(JsonObject { { "Timestamp", format_time(at) }, { "HistoryItemType", "StateUpdate" },
            { "HistorySummary", "Alarm updated from " + std::string(from) + " to " + std::string(to) } });
    };
    auto const from = time_at(asked, "StartDate");
    if (store_ != nullptr && from)
        for (auto const& past :
            TRY(history_of_series(*store_, workspace_, connection_, text_at(asked, "AlarmName"), *from, now_))) {
            add(past.at, "OK", "ALARM");
            if (past.over_at)
                add(*past.over_at, "ALARM", "OK");
        }
    return Json(JsonObject { { "AlarmHistoryItems", std::move(items) } });
}

Result<Json> RememberingAws::remember(AwsCall const& call) {
    if (call.operation == "ListAnomalies")
        return anomalies_of(Json(call.params));
    if (call.operation != "ListPastIncidents")
        return Error { ErrorKind::invalid_input, "there is no " + call.name() };
    JsonArray listed;
    if (store_ != nullptr) {
        Json const asked(call.params);
        auto const alarm = text_at(asked, "AlarmName");
        auto const resources = texts_in(list_at(asked, "Resources"));
        for (auto const& past : TRY(past_incidents(*store_, workspace_, incident_, now_)))
            if (listed.size() < most_listed && may_be_alike(past, alarm, resources))
                listed.push_back(to_json(past));
    }
    return Json(JsonObject { { "PastIncidents", std::move(listed) } });
}

} // namespace convops
