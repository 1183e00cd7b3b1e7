// 23: an alarm without an ALARM action changes its colour on a page that nobody looks at.
#include "audit/alarm_nature.h"
#include "audit/alarm_rules.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };
constexpr auto beside = also::both(also::existence_and_deployments, also::hearing);

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const roles = roles_in(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        // What watches nothing any more needs no action, and a suppressor or a deployment's alarm tells nobody by
        // design.
        if (alarm.gone || roles.suppressors.contains(alarm.alarm.name))
            continue;
        auto const told_by_rule = rule_tells(estate, region, alarm);
        if (!alarm.alarm_actions.empty() || roles.spoken_for.contains(alarm.alarm.name) || told_by_rule == true) {
            judged.pass(alarm);
            continue;
        }
        if (!told_by_rule) {
            judged.unknown(alarm,
                "It has no ALARM action, and whether an EventBridge rule tells of it could not be read.",
                refused_for_rules(estate, region));
            continue;
        }
        judged.fail(alarm, "It has no ALARM action: when it fires, nobody is told.", { "AlarmActions" },
            changed_alarm_fix(*alarm.item, { { "AlarmActions", JsonArray { alarm_topic.text } } }, region));
    }
    return judged.take();
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
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
