// How people and what followed judge one incident, and how often causes of its kind were right in its workspace.
#pragma once

#include "incident/assessing.h"
#include "ports/store.h"

namespace convops {

// `memory`: where judgements are kept; nullptr: no track record.
Result<Assessment> assessment_of(IncidentRecord const& record, Store* memory, Time now);

} // namespace convops
