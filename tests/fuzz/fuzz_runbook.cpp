// A runbook of any bytes: read or refused in one line, within its bounds; then matched against an incident whose
// alarm has the same bytes for a name.
#include "target.h"

#include "base/check.h"
#include "runbook/runbook.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const runbook = parse_runbook("any.md", bytes);
    if (!runbook) {
        CHECK(!runbook.error().message.empty() && runbook.error().message.find('\n') == std::string::npos);
        return;
    }
    CHECK(runbook->title.size() <= most_title_bytes + 4);
    CHECK(runbook->steps.size() <= most_steps);
    Investigation investigation;
    Alarm alarm;
    alarm.name = std::string(bytes.substr(0, most_pattern_bytes));
    investigation.incident.alarms[alarm.name].latest = alarm;
    Cause cause;
    cause.kind = CauseKind::deploy;
    cause.resource = { "ecs:service", "shop/checkout", {} };
    investigation.diagnosis.causes = { cause };
    CHECK(runbooks_for(investigation, { *runbook, *runbook }, "https://wiki.example/").size() <= 2);
}

} // namespace convops::fuzz
