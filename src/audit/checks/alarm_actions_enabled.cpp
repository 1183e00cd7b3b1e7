// 24: an alarm whose actions are switched off fires in silence. They are often disabled for one evening and
// forgotten.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

// Another alarm fires at the same and tells the same: this one was a duplicate, and switching it off mended that.
bool twin_tells(EstateAlarm const& alarm, EstateRegion const& here) {
    auto const* main = alarm.alarm.main_metric();
    if (main == nullptr || !main->metric)
        return false;
    auto const& metric = *main->metric;
    auto const same = here.alarms_by_resource.find(resource_key(metric.metric_namespace, metric.dimensions));
    if (same == here.alarms_by_resource.end())
        return false;
    return std::any_of(same->second.begin(), same->second.end(), [&](std::size_t index) {
        auto const& other = here.alarms[index];
        auto const* its = other.alarm.main_metric();
        return other.actions_enabled && its != nullptr && its->metric && its->metric->name == metric.name
            && its->statistic == main->statistic && other.alarm.comparison == alarm.alarm.comparison
            && other.alarm.threshold == alarm.alarm.threshold && other.alarm.period() == alarm.alarm.period()
            && other.alarm_actions == alarm.alarm_actions;
    });
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const roles = roles_in(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        // Without an action there is nothing to enable, and switching off is the advice for an alarm on what is gone.
        if (alarm.alarm_actions.empty() || roles.suppressors.contains(alarm.alarm.name) || alarm.gone)
            continue;
        if (alarm.actions_enabled || roles.spoken_for.contains(alarm.alarm.name)
            || twin_tells(alarm, estate.in(region))) {
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
