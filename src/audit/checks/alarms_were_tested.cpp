// 49: an alarm that never rang has never shown that it can.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "audit/state_changes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_alarm_history", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    auto const changes = state_changes(estate, region);
    std::vector<EstateAlarm const*> untested;
    std::size_t telling = 0;
    for (auto const& alarm : estate.in(region).alarms) {
        if (is_managed(alarm) || only_scales(alarm) || alarm.alarm_actions.empty() || alarm.gone)
            continue;
        ++telling;
        auto const found = changes.find(alarm.alarm.name);
        bool const rang = alarm.alarm.state == AlarmState::alarm
            || (found != changes.end()
                && std::any_of(found->second.begin(), found->second.end(),
                    [](auto const& change) { return change.to == AlarmState::alarm; }));
        if (!rang)
            untested.push_back(&alarm);
    }
    if (telling == 0)
        return {};
    if (untested.size() * 2 < telling)
        return { passes(region, "") };
    AuditFix fix;
    fix.cli = "# This rings for real: tell the people on call before.\n"
        + cli_command("cloudwatch", "set-alarm-state",
            { { "alarm-name", untested.front()->alarm.name }, { "state-value", "ALARM" },
                { "state-reason", "Test of the alarm path" } },
            region);
    return { fails(region, "",
        std::to_string(untested.size()) + " of " + std::to_string(telling)
            + " alarms were not once in ALARM in the last 14 days: that they reach anybody is not proven.",
        { { "cloudwatch:DescribeAlarmHistory", "HistorySummary", static_cast<std::int64_t>(untested.size()) } },
        std::move(fix)) };
}

} // namespace

Registered make_alarms_were_tested() {
    return { .name = "alarms_were_tested",
        .number = 49,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::information,
        .title = "Most alarms have been in ALARM or tested lately",
        .matters = "A threshold, an action, a topic and a telephone: whether the chain holds is known when it was "
                   "pulled once.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
