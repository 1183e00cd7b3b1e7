// 37: a warning that rings like a critical alarm is one.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"

#include <algorithm>
#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::string what_it_watches(EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    return (main == nullptr || !main->metric ? alarm.alarm.name : to_text(*main->metric) + " " + main->statistic)
        + (alarm.alarm.fires_above() ? " above" : " below");
}

bool is_milder(EstateAlarm const* a, EstateAlarm const* b) {
    return a->alarm.fires_above() ? *a->alarm.threshold < *b->alarm.threshold
                                  : *a->alarm.threshold > *b->alarm.threshold;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    std::map<std::string, std::vector<EstateAlarm const*>> levels;
    for (auto const& alarm : estate.in(region).alarms)
        if (has_static_threshold(alarm) && !is_managed(alarm) && !only_scales(alarm)
            && alarm.alarm.kind == AlarmKind::metric && !alarm.alarm_actions.empty() && alarm.actions_enabled
            && !alarm.gone)
            levels[what_it_watches(alarm)].push_back(&alarm);
    for (auto& [metric, alarms] : levels) {
        std::sort(alarms.begin(), alarms.end(), is_milder);
        for (std::size_t i = 0; i < alarms.size(); ++i) {
            auto const& alarm = *alarms[i];
            bool const told_alike = i > 0 && alarms[i - 1]->alarm.threshold != alarm.alarm.threshold
                && alarms[i - 1]->alarm_actions == alarm.alarm_actions;
            if (!told_alike) {
                judged.pass(alarm);
                continue;
            }
            judged.fail(alarm,
                "It is the stricter of two levels of one metric and tells the same target as the milder one, "
                    + alarms[i - 1]->alarm.name + ".",
                { alarm_field(alarm, "AlarmActions"), alarm_field(alarm, "Threshold"),
                    alarm_field(*alarms[i - 1], "Threshold") },
                changed_alarm_fix(*alarm.item, { { "AlarmActions", JsonArray { alarm_topic.text } } }, region));
        }
    }
    return judged.take();
}

} // namespace

Registered make_warning_and_critical_reach_different_people() {
    return { .name = "warning_and_critical_reach_different_people",
        .number = 37,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Warning and critical go to different targets",
        .matters = "When the early warning pages like the real thing, both are soon muted.",
        .needs = needs,
        .also = also::existence,
        .judge = judge };
}

} // namespace convops::audit_checks
