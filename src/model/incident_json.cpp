#include "model/incident_json.h"

#include "model/alarm_json.h"

namespace convops {

namespace {

constexpr int version = 1;

Result<IncidentAlarm> incident_alarm_from(Json const& json) {
    auto const* latest = find(json, "latest");
    if (latest == nullptr)
        return Error { ErrorKind::corrupt, "stored incident: an alarm without its latest state" };
    IncidentAlarm alarm { TRY(alarm_from_json(*latest)), {} };
    for (auto const& item : list_at(json, "fired_at"))
        if (auto const* text = item.if_string())
            alarm.fired_at.push_back(TRY(parse_time(*text)));
    return alarm;
}

} // namespace

std::string_view to_string(IncidentState state) {
    return state == IncidentState::open ? "open" : "resolved";
}

std::optional<Severity> severity_from(std::string_view text) {
    for (auto const severity : { Severity::p1, Severity::p2, Severity::p3, Severity::p4 })
        if (to_string(severity) == text)
            return severity;
    return std::nullopt;
}

Json to_json(Incident const& incident) {
    JsonObject alarms;
    for (auto const& [key, alarm] : incident.alarms) {
        JsonArray fired_at;
        for (auto const time : alarm.fired_at)
            fired_at.push_back(time_to_json(time));
        alarms[key] = JsonObject { { "latest", to_json(alarm.latest) }, { "fired_at", std::move(fired_at) } };
    }
    JsonObject object { { "v", version }, { "id", incident.id.text }, { "workspace", incident.workspace.text },
        { "connection", incident.connection.text }, { "account", incident.account }, { "region", incident.region },
        { "state", to_string(incident.state) }, { "severity", to_string(incident.severity) },
        { "opened_at", time_to_json(incident.opened_at) } };
    if (incident.resolved_at)
        object["resolved_at"] = time_to_json(*incident.resolved_at);
    object["alarms"] = std::move(alarms);
    return object;
}

Result<Incident> incident_from_json(Json const& json) {
    TRY(check_version(json, version, "incident"));
    auto const state = text_at(json, "state");
    auto const severity = severity_from(text_at(json, "severity"));
    auto const opened_at = time_at(json, "opened_at");
    if ((state != "open" && state != "resolved") || !severity || !opened_at || text_at(json, "id").empty())
        return Error { ErrorKind::corrupt, "stored incident: id, state, severity or time is not readable" };
    Incident incident;
    incident.id = IncidentId { text_at(json, "id") };
    incident.workspace = WorkspaceId { text_at(json, "workspace") };
    incident.connection = ConnectionId { text_at(json, "connection") };
    incident.account = text_at(json, "account");
    incident.region = text_at(json, "region");
    incident.state = state == "open" ? IncidentState::open : IncidentState::resolved;
    incident.severity = *severity;
    incident.opened_at = *opened_at;
    incident.resolved_at = time_at(json, "resolved_at");
    if (auto const* alarms = find(json, "alarms"); alarms != nullptr && alarms->is_object())
        for (auto const& [key, value] : alarms->get_object())
            incident.alarms.emplace(std::string(key), TRY(incident_alarm_from(value)));
    return incident;
}

} // namespace convops
