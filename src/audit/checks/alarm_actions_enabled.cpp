// 24: an alarm whose actions are switched off fires in silence. They are often disabled for one evening and
// forgotten.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const roles = roles_in(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        // Without an action there is nothing to enable, and switching off is the advice for an alarm on what is gone.
        if (alarm.alarm_actions.empty() || roles.suppressors.contains(alarm.alarm.name) || alarm.gone)
            continue;
        if (alarm.actions_enabled || roles.spoken_for.contains(alarm.alarm.name)) {
            judged.pass(alarm);
            continue;
        }
        auto fix = changed_alarm_fix(*alarm.item, { { "ActionsEnabled", true } }, region);
        fix.cli = cli_command(
            "cloudwatch", "enable-alarm-actions", { { "alarm-names", JsonArray { alarm.alarm.name } } }, region);
        judged.fail(alarm, "Its actions are switched off: it fires and nobody is told.",
            { "ActionsEnabled", "AlarmActions" }, std::move(fix));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_actions_enabled() {
    return { .name = "alarm_actions_enabled",
        .number = 24,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "Every alarm has its actions switched on",
        .matters
        = "Actions that were disabled for a maintenance and forgotten make an alarm that fires and tells nobody.",
        .needs = needs,
        .also = also::existence_and_deployments,
        .judge = judge };
}

} // namespace convops::audit_checks
