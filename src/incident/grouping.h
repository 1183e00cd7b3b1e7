// Which incident an alarm belongs to. Pure: open and recent incidents in, ids out.
#pragma once

#include "incident/policy.h"
#include "incident/record.h"

namespace convops {

using Dependency = std::pair<std::string, std::string>; // keys of two resources, one of which calls the other

struct HomeAlarm {
    std::string name;
    std::vector<std::string> children; // composite
    std::vector<std::string> resources; // keys
    std::vector<AlarmChange> changes; // ascending
};

// What grouping needs to know of an incident that is open or was until recently.
struct Home {
    IncidentId id;
    IncidentState state = IncidentState::open;
    Time opened_at {};
    std::optional<Time> resolved_at;
    std::map<std::string, HomeAlarm> alarms; // by alarm key

    [[nodiscard]] bool full() const { return alarms.size() >= most_alarms_of_incident; }
};

Home home_of(IncidentRecord const& record);

// Every incident that this alarm links to, oldest first: the first one is its home, the others turn out to be the
// same incident. Empty: an ALARM opens a new incident; an OK or INSUFFICIENT_DATA came before (or without) its ALARM.
std::vector<IncidentId> find_homes(std::vector<Home> const& homes, Alarm const& alarm,
    std::vector<Dependency> const& dependencies, Policy const& policy);

std::optional<IncidentId> find_home(std::vector<Home> const& homes, Alarm const& alarm,
    std::vector<Dependency> const& dependencies, Policy const& policy);

// Firings of this alarm in all homes within the flapping window before `at`.
std::vector<Time> recent_firings(
    std::vector<Home> const& homes, std::string const& key, Time at, Policy const& policy);

} // namespace convops
