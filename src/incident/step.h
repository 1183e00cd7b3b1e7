// The life of an incident as one pure function: what is known + what happened -> what is known now + what to do.
//
//     (none) --ALARM--> open --all OK, for the hold time--> resolved --ALARM within 5 min--> open
//                         \--7 days without OK-----------/      (joined with an older incident: resolved for good)
//
// Everything arrives at least once and in any order, so step() answers duplicates with "nothing changed" and gives
// the same incident for any order of the same alarm events.
#pragma once

#include "incident/event.h"
#include "incident/policy.h"

namespace convops {

struct Step {
    IncidentRecord record;
    std::vector<Effect> effects;
    bool changed = false; // false: a duplicate, or no longer of interest; there is nothing to store
    std::string because; // one sentence: why this was the answer
};

// `before` is absent only for the ALARM that opens an incident; any other event without a record changes nothing.
Step step(std::optional<IncidentRecord> const& before, Event const& event, Time now, Policy const& policy);

// The alarm with its endless parts cut, as a record keeps it.
Alarm bounded(Alarm alarm);

} // namespace convops
