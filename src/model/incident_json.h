// An Incident as stored JSON, version 1; the rules are those of alarm_json.h.
#pragma once

#include "base/json.h"
#include "model/incident.h"

namespace convops {

Json to_json(Incident const& incident);
Result<Incident> incident_from_json(Json const& json);

std::string_view to_string(IncidentState state); // "open", "resolved"
std::optional<Severity> severity_from(std::string_view text); // "P1"

} // namespace convops
