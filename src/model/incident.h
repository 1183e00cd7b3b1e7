// One thing that is wrong, from one or several alarms. What happens to it is decided by incident/step.
#pragma once

#include "base/ids.h"
#include "model/alarm.h"

namespace convops {

enum class Severity : std::uint8_t { p1 = 1, p2, p3, p4 };
std::string_view to_string(Severity severity); // "P1"

enum class IncidentState : std::uint8_t { open, resolved };

// An alarm that belongs to an incident, at its latest known state.
struct IncidentAlarm {
    Alarm latest; // the newest state change by its own time, whatever the order of arrival
    std::vector<Time> fired_at; // times it went to ALARM, ascending, bounded
};

struct Incident {
    IncidentId id;
    WorkspaceId workspace;
    ConnectionId connection;
    std::string account;
    std::string region;
    IncidentState state = IncidentState::open;
    Severity severity = Severity::p3;
    Time opened_at {};
    std::optional<Time> resolved_at;
    std::map<std::string, IncidentAlarm> alarms; // by ARN, or name where no ARN is known

    // The alarm that opened it, or the first that still fires: what an investigation starts from.
    [[nodiscard]] Alarm const& leading_alarm() const;
};

} // namespace convops
