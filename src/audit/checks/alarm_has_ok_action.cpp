// 34: who was woken also wants to hear that it is over.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

// "Root signed in" does not recover. Such counts come from metric filters, in a namespace of the account's own.
bool counts_security_events(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    return main != nullptr && main->metric && !main->metric->metric_namespace.starts_with("AWS/")
        && main->metric->dimensions.empty() && main->statistic == "Sum" && one_is_too_many(alarm);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        // Only what tells people needs an end; one event that must not happen has none.
        if (is_managed(alarm) || alarm.gone || topics_in(alarm.alarm_actions).empty())
            continue;
        if (!alarm.ok_actions.empty() || counts_security_events(alarm)) {
            judged.pass(alarm);
            continue;
        }
        JsonArray topics;
        for (auto const& topic : topics_in(alarm.alarm_actions))
            topics.emplace_back(topic);
        judged.fail(alarm, "It tells when it fires and never that it is over.", { "OKActions" },
            changed_alarm_fix(*alarm.item, { { "OKActions", std::move(topics) } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_has_ok_action() {
    return { .name = "alarm_has_ok_action",
        .number = 34,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every alarm that tells somebody also says when it is over",
        .matters = "Without an OK action nobody learns that it recovered, and incidents stay open in every tool "
                   "behind the topic.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
