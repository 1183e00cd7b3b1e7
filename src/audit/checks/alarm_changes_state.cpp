// 29: green for a quarter of a year. Either all is well, or the threshold is out of reach.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "base/text.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

bool watches_what_should_be_quiet(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (main == nullptr || !main->metric || alarm.alarm.kind != AlarmKind::metric)
        return true; // metric math, bands and queries: what their level means is not known here
    auto const name = to_lower(main->metric->name);
    for (std::string_view const word : { "statuscheck", "hostcount", "daystoexpiry", "estimatedcharges", "deadletter",
             "dlq", "freestoragespace", "portallocation", "burst", "credit" })
        if (name.find(word) != std::string::npos)
            return true;
    return counts_failures(*main) || is_sparse(alarm) || is_heartbeat(alarm) || one_is_too_many(alarm);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.alarm.state != AlarmState::ok || is_managed(alarm) || alarm.gone || alarm.composite())
            continue;
        auto const quiet_for = alarm.state_since ? estate.now() - *alarm.state_since : Milliseconds { 0 };
        auto const unchanged_for = alarm.configured_at ? estate.now() - *alarm.configured_at : quiet_for;
        // Quiet is what failures, heartbeats and the health of hosts are meant to be.
        if (quiet_for <= Days { 90 } || unchanged_for <= Days { 90 } || watches_what_should_be_quiet(alarm)) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It has been OK for " + format_duration(quiet_for) + " without a break: " + condition_words(alarm)
                + " may be out of reach.",
            { alarm_field(alarm, "StateValue"),
                alarm_field(alarm,
                    alarm.item->as_object().contains("StateTransitionedTimestamp") ? "StateTransitionedTimestamp"
                                                                                   : "StateUpdatedTimestamp"),
                alarm_field(alarm, "Threshold") });
    }
    return judged.take();
}

} // namespace

Registered make_alarm_changes_state() {
    return { .name = "alarm_changes_state",
        .number = 29,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every alarm on a level has changed its state within 90 days",
        .matters = "A level that never comes near its threshold in a quarter of a year would probably not reach it "
                   "in an incident either.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
