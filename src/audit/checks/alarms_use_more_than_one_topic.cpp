// 40: one topic for everything has one urgency.
#include "audit/alarm_nature.h"
#include "audit/topic_fixes.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::size_t few = 10; // for a handful of alarms one topic is right
    std::map<std::string, std::size_t> by_topic;
    std::size_t telling = 0;
    for (auto const& alarm : estate.in(region).alarms) {
        if (is_managed(alarm) || alarm.alarm_actions.empty() || only_scales(alarm))
            continue;
        ++telling;
        for (auto const& action : alarm.alarm_actions)
            ++by_topic[action];
    }
    if (telling < few)
        return {};
    if (by_topic.size() > 1)
        return { passes(region, "") };
    auto const& only = by_topic.begin()->first;
    return { fails(region, only, "All " + std::to_string(telling) + " alarms of the Region go to this one topic.",
        { { "cloudwatch:DescribeAlarms", "AlarmActions", Json(only) } }, new_topic_fix("alarms-urgent", region)) };
}

} // namespace

Registered make_alarms_use_more_than_one_topic() {
    return { .name = "alarms_use_more_than_one_topic",
        .number = 40,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Urgent alarms have a topic of their own",
        .matters
        = "When everything goes to one topic nobody can be woken for the urgent without being woken for all.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
