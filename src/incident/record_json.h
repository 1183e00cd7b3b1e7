// Records and effects as the store keeps them, each with a version; unknown keys are ignored.
#pragma once

#include "base/json.h"
#include "incident/event.h"
#include "incident/grouping.h"

namespace convops {

Json to_json(IncidentRecord const& record);
Result<IncidentRecord> incident_record_from_json(Json const& json);

Json to_json(Effect const& effect);
Result<Effect> effect_from_json(Json const& json);

Json to_json(Home const& home);
Result<Home> home_from_json(Json const& json);

std::optional<MessageKind> message_kind_from(std::string_view name);

} // namespace convops
