// 23: an alarm without an ALARM action changes its colour on a page that nobody looks at.
#include "audit/fixes.h"
#include "audit/judging.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

// Children of a composite alarm speak through it.
std::set<std::string> spoken_for(EstateRegion const& here) {
    std::set<std::string> children;
    for (auto const& alarm : here.alarms)
        if (alarm.composite() && !alarm.alarm_actions.empty())
            children.insert(alarm.alarm.children.begin(), alarm.alarm.children.end());
    return children;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& here = estate.in(region);
    auto const children = spoken_for(here);
    for (auto const& alarm : here.alarms) {
        if (!alarm.alarm_actions.empty() || children.contains(alarm.alarm.name)) {
            all.push_back(passes(region, name_of(alarm)));
            continue;
        }
        all.push_back(fails(region, name_of(alarm), "It has no ALARM action: when it fires, nobody is told.",
            { field_of("cloudwatch:DescribeAlarms", *alarm.item, "AlarmActions") },
            changed_alarm_fix(*alarm.item, { { "AlarmActions", JsonArray { alarm_topic.text } } }, region)));
    }
    return all;
}

} // namespace

Registered make_alarm_has_action() {
    return { .name = "alarm_has_action",
        .number = 23,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "Every alarm has an action",
        .matters = "An alarm without an action changes its colour on a page that nobody watches at night.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
