// 32: what no datapoint means depends on the metric. AWS says for its own recommended alarms which it is:
// error counts that are published only when there is an error are fine without one, a heartbeat is not.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

struct Advice {
    std::string_view treatment; // empty: either will do
    std::string_view why;
};

Advice advice_for(EstateAlarm const& alarm) {
    // "configure the alarm so that ... treats missing data as missing": an instance that stops reporting for a moment
    // would be stopped or recovered for it.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
    for (auto const& action : alarm.alarm_actions)
        if (action.find(":automate:") != std::string::npos || action.find(":swf:") != std::string::npos)
            return { "missing", "It acts on the instance: a gap in its metric must not look like the fault." };
    if (is_heartbeat(alarm))
        return { "breaching", "It waits for a sign of life: silence is the fault that it is there for." };
    // An alarm that fires below a number of failures is no count of failures.
    if (alarm.alarm.fires_above() && is_sparse(alarm))
        return { "notBreaching", "Its metric counts failures: no datapoint means that there was none." };
    return {};
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.composite() || is_managed(alarm) || only_scales(alarm))
            continue;
        auto const advice = advice_for(alarm);
        auto const now
            = alarm.alarm.treat_missing_data.empty() ? std::string("missing") : alarm.alarm.treat_missing_data;
        if (advice.treatment.empty() || advice.treatment == now) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm, std::string(advice.why) + " Missing data is treated as " + now + ".",
            { "TreatMissingData" },
            changed_alarm_fix(*alarm.item, { { "TreatMissingData", std::string(advice.treatment) } }, region));
    }
    return judged.take();
}

} // namespace

Registered make_alarm_treats_missing_data_well() {
    return { .name = "alarm_treats_missing_data_well",
        .number = 32,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Every alarm reads missing data as its metric means it",
        .matters = "Silence of an error count is good news, silence of a heartbeat is the fault itself; the wrong "
                   "choice hides or invents alarms.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
