// How much a past incident is like the present one, from 0 to 1, and why. Pure; decided when everything was read,
// because log lines and changes count.
#pragma once

#include "model/past_incident.h"

namespace convops {

// Weights of what both have in common; together 1.
struct Likeness {
    static constexpr double alarm = 0.4;
    static constexpr double resource = 0.2;
    static constexpr double pattern = 0.2; // a log pattern that was new or surged then, and is there now
    static constexpr double change = 0.1; // the cause was a change then, and a change of that kind was made now
    static constexpr double actor = 0.1; // made by the same
};
inline constexpr double least_likeness = 0.4; // the same alarm; or the same resource and log lines
inline constexpr std::size_t most_past_facts = 10; // the most alike, then the newest

// Judges every fact of past_incidents and drops those that are not alike. Numbers the facts again.
void judge_likeness(Evidence& evidence);

// "fixed by rolling back ECS service checkout"; empty: not known.
std::string what_fixed(PastIncident const& past);

} // namespace convops
