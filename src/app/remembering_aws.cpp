#include "app/remembering_aws.h"

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

Result<Json> RememberingAws::remember(AwsCall const& call) {
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
