// 48: when a database falls, forty alarms ring.
#include "audit/alarm_nature.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    constexpr std::size_t many = 50; // so many that one outage fills a screen
    std::size_t metric_alarms = 0, composites = 0;
    for (auto const& alarm : estate.in(region).alarms) {
        composites += alarm.composite() ? 1 : 0;
        metric_alarms += !alarm.composite() && !is_managed(alarm) && !topics_in(alarm.alarm_actions).empty() ? 1 : 0;
    }
    if (metric_alarms < many)
        return {};
    if (composites > 0)
        return { passes(region, "") };
    return { fails(region, "",
        std::to_string(metric_alarms) + " alarms tell people one by one; no composite alarm gathers them.",
        { { "cloudwatch:DescribeAlarms", "CompositeAlarms", JsonArray {} } }) };
}

} // namespace

Registered make_many_alarms_have_a_composite() {
    return { .name = "many_alarms_have_a_composite",
        .number = 48,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::medium,
        .title = "Where there are many alarms, composites gather them",
        .matters = "Without a composite one outage is a storm of single pages, and the cause drowns in it.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
