// 26: what has been red for days is no longer looked at.
#include "audit/alarm_nature.h"
#include "audit/also.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const roles = roles_in(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        // A scale-in alarm is in ALARM whenever there is little to do; a suppressor whenever it is maintenance.
        if (is_managed(alarm) || only_scales(alarm) || roles.suppressors.contains(alarm.alarm.name) || alarm.gone)
            continue;
        auto const since = alarm.state_since;
        if (alarm.alarm.state != AlarmState::alarm || !since || estate.now() - *since <= Hours { 24 }) {
            judged.pass(alarm);
            continue;
        }
        auto const lasts = format_duration(estate.now() - *since);
        judged.fail(alarm,
            estate.now() - *since > Days { 7 }
                ? "It has been in ALARM for " + lasts + ": either nobody acts on it or its threshold is wrong."
                : "It has been in ALARM for " + lasts + ".",
            { "StateValue",
                alarm.item->as_object().contains("StateTransitionedTimestamp") ? "StateTransitionedTimestamp"
                                                                               : "StateUpdatedTimestamp" });
    }
    return judged.take();
}

} // namespace

Registered make_alarm_recovers() {
    return { .name = "alarm_recovers",
        .number = 26,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "No alarm stays in ALARM for more than a day",
        .matters
        = "A red alarm that stays red hides the next real problem behind it, and teaches people to look away.",
        .needs = needs,
        .also = also::existence_and_deployments,
        .judge = judge };
}

} // namespace convops::audit_checks
