#include "model/incident.h"

#include "base/check.h"

namespace convops {

std::string_view to_string(Severity severity) {
    switch (severity) {
    case Severity::p1:
        return "P1";
    case Severity::p2:
        return "P2";
    case Severity::p3:
        return "P3";
    case Severity::p4:
        return "P4";
    }
    return "P4";
}

Alarm const& Incident::leading_alarm() const {
    CHECK(!alarms.empty());
    auto const* leading = &alarms.begin()->second;
    for (auto const& [key, alarm] : alarms) {
        auto const fires = [](IncidentAlarm const& a) { return a.latest.state == AlarmState::alarm; };
        if ((fires(alarm) && !fires(*leading))
            || (fires(alarm) == fires(*leading) && alarm.latest.changed_at < leading->latest.changed_at))
            leading = &alarm;
    }
    return leading->latest;
}

} // namespace convops
