// 45: the maintenance ended, the silence did not.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
#include "audit/alarm_nature.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_mute_rules", .whole = false } };

constexpr Hours longest_silence { 24 };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const& here = estate.in(region);
    for (auto const& alarm : here.alarms) {
        if (!alarm.composite() || alarm.suppressor.empty())
            continue;
        auto const at = alarm.suppressor.find(":alarm:");
        auto const name = at == std::string::npos ? alarm.suppressor : alarm.suppressor.substr(at + 7);
        auto const* suppressor = here.alarm_named(name);
        if (suppressor == nullptr || suppressor->alarm.state != AlarmState::alarm || !suppressor->state_since
            || estate.now() - *suppressor->state_since <= longest_silence) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "Its suppressor " + name + " has kept it silent for "
                + format_duration(estate.now() - *suppressor->state_since) + ".",
            { alarm_field(alarm, "ActionsSuppressor"), alarm_field(*suppressor, "StateValue") });
    }
    auto all = judged.take();
    for (auto const& rule : estate.items("cloudwatch_mute_rules", region)) {
        auto const arn = text_at(rule, "AlarmMuteRuleArn");
        auto const since = time_at(rule, "LastUpdatedTimestamp");
        // A rule that recurs or ends is a plan; one that is simply on was forgotten.
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
        bool const was_left_on = text_at(rule, "Status") == "ACTIVE" && text_at(rule, "ExpireDate").empty()
            && text_at(rule, "MuteType") != "RECURRENT" && since && estate.now() - *since > longest_silence;
        all.push_back(was_left_on
                ? fails(region, arn,
                      "It has muted alarms for " + format_duration(estate.now() - *since) + " and has no end.",
                      { field_of("cloudwatch:ListAlarmMuteRules", rule, "Status"),
                          field_of("cloudwatch:ListAlarmMuteRules", rule, "ExpireDate") })
                : passes(region, arn));
    }
    return all;
}

} // namespace

Registered make_alarm_is_not_muted() {
    return { .name = "alarm_is_not_muted",
        .number = 45,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "No mute rule or suppressor was left on",
        .matters = "What was silenced for an evening stays silent until somebody remembers.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
