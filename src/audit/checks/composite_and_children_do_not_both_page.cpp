// 46: one incident, told by the composite and again by each of its parts.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool tells_the_same(EstateAlarm const& composite, EstateAlarm const& child) {
    return composite.actions_enabled && child.actions_enabled
        && std::any_of(child.alarm_actions.begin(), child.alarm_actions.end(), [&](auto const& action) {
               return is_topic(action)
                   && std::find(composite.alarm_actions.begin(), composite.alarm_actions.end(), action)
                   != composite.alarm_actions.end();
           });
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const& here = estate.in(region);
    for (auto const& alarm : here.alarms) {
        if (!alarm.composite() || alarm.alarm_actions.empty())
            continue;
        JsonArray loud;
        for (auto const& name : alarm.alarm.children)
            if (auto const* child = here.alarm_named(name); child != nullptr && tells_the_same(alarm, *child))
                loud.emplace_back(name);
        if (loud.empty()) {
            judged.pass(alarm);
            continue;
        }
        AuditFix fix;
        fix.cli = "# The children keep their state; only the composite tells.\n"
            + cli_command("cloudwatch", "disable-alarm-actions", { { "alarm-names", loud } }, region);
        for (auto const& name : loud) {
            auto const one = changed_alarm_fix(
                *here.alarm_named(name.as_string().c_str())->item, { { "ActionsEnabled", false } }, region);
            fix.cloudformation += one.cloudformation;
            fix.terraform += one.terraform;
        }
        judged.fail(alarm,
            "It and " + std::to_string(loud.size()) + (loud.size() == 1 ? " of its children" : " of its children")
                + " tell the same target: one incident is several pages.",
            { alarm_field(alarm, "AlarmActions"), { "cloudwatch:DescribeAlarms", "AlarmName", loud } },
            std::move(fix));
    }
    return judged.take();
}

} // namespace

Registered make_composite_and_children_do_not_both_page() {
    return { .name = "composite_and_children_do_not_both_page",
        .number = 46,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "A composite alarm pages instead of its children, not beside them",
        .matters = "A composite is there so that one incident is one page; children with the same target make it one "
                   "page more.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
