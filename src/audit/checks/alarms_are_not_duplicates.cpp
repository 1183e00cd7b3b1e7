// 36: the same condition twice, told to the same people.
#include "audit/alarm_nature.h"
#include "base/text.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

// A line of a shell script that others' words must not break out of.
std::string shell_comment(std::string_view name) {
    return replace_all(clean_utf8(shorten(name, 120)), "\n", " ");
}

std::string everything_but_the_name(EstateAlarm const& alarm) {
    Json copy = *alarm.item;
    if (!copy.is_object())
        return alarm.alarm.name;
    auto& fields = copy.as_object();
    for (std::string_view const field : { "AlarmName", "AlarmArn", "AlarmDescription",
             "AlarmConfigurationUpdatedTimestamp", "StateValue", "StateReason", "StateReasonData",
             "StateUpdatedTimestamp", "StateTransitionedTimestamp", "ActionsEnabled", "ActionsSuppressedBy",
             "ActionsSuppressedReason", "EvaluationState", "OKActions", "InsufficientDataActions", "@of", "@list" })
        fields.erase(boost::json::string_view(field.data(), field.size()));
    // Written or left to its default, it is the same alarm.
    if (!fields.contains("DatapointsToAlarm"))
        fields["DatapointsToAlarm"] = std::to_string(alarm.alarm.datapoints_to_alarm);
    else
        fields["DatapointsToAlarm"]
            = text_at(copy, "DatapointsToAlarm", std::to_string(alarm.alarm.datapoints_to_alarm));
    if (text_at(copy, "TreatMissingData").empty())
        fields["TreatMissingData"] = "missing";
    return to_canonical_text(copy);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    std::map<std::string, EstateAlarm const*> first;
    for (auto const& alarm : estate.in(region).alarms) {
        // One that is switched off tells nobody a second time: that is what mends a duplicate.
        if (is_managed(alarm) || !alarm.actions_enabled)
            continue;
        auto const [seen, is_first] = first.emplace(everything_but_the_name(alarm), &alarm);
        if (is_first) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It is the same as " + seen->second->alarm.name + ": metric, threshold, periods and actions.",
            { { "cloudwatch:DescribeAlarms", "AlarmName", Json(seen->second->alarm.name) },
                alarm_field(alarm, "Threshold") },
            silence_fix(
                alarm, region, "One of the two is enough. This keeps " + shell_comment(seen->second->alarm.name)));
    }
    return judged.take();
}

} // namespace

Registered make_alarms_are_not_duplicates() {
    return { .name = "alarms_are_not_duplicates",
        .number = 36,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "No two alarms are the same",
        .matters = "A duplicate doubles every page and every bill, and one of the two is forgotten when the "
                   "threshold changes.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
