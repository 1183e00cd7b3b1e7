// 35: a message for every gap in the data.
#include "audit/alarm_nature.h"
#include "audit/state_changes.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_alarm_history", .whole = false } };

bool lost_data(StateChange const& change) {
    return change.to == AlarmState::insufficient_data;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::size_t most_a_day = 5, most_in_two_weeks = 19;
    AlarmJudgements judged(region);
    auto const changes = state_changes(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.insufficient_data_actions.empty() || is_managed(alarm))
            continue;
        auto const found = changes.find(alarm.alarm.name);
        std::size_t all = 0, a_day = 0;
        if (found != changes.end()) {
            all = static_cast<std::size_t>(std::count_if(found->second.begin(), found->second.end(), lost_data));
            a_day = most_within(found->second, Hours { 24 }, lost_data);
        }
        if (a_day <= most_a_day && all <= most_in_two_weeks) {
            judged.pass(alarm);
            continue;
        }
        judged.fail(alarm,
            "It told " + std::to_string(all) + " times in 14 days that it has no data, up to " + std::to_string(a_day)
                + " times within a day.",
            { alarm_field(alarm, "InsufficientDataActions"),
                { "cloudwatch:DescribeAlarmHistory", "HistorySummary", static_cast<std::int64_t>(all) } },
            alarm_fix_without(alarm, "InsufficientDataActions", region));
    }
    return judged.take();
}

} // namespace

Registered make_insufficient_data_action_does_not_storm() {
    return { .name = "insufficient_data_action_does_not_storm",
        .number = 35,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::low,
        .title = "No INSUFFICIENT_DATA action storms",
        .matters = "A metric that is published now and then sends two messages for each pause.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
