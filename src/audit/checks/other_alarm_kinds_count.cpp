// 19: other kinds of alarms count as coverage.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& alarm : estate.in(region).alarms) {
        if (alarm.alarm.kind == AlarmKind::metric || alarm.alarm.kind == AlarmKind::log)
            continue;
        auto const unread = std::find_if(alarm.alarm.metrics.begin(), alarm.alarm.metrics.end(), [](auto const& one) {
            return one.expression.starts_with("SELECT") && !parse_insights_query(one.expression);
        });
        if (unread == alarm.alarm.metrics.end())
            all.push_back(passes(region, name_of(alarm)));
        else
            all.push_back(fails(region, name_of(alarm),
                "Its query has conditions of which this audit can not tell what they select; it counts for nothing.",
                { AuditEvidence { "cloudwatch:DescribeAlarms", "Metrics.Expression", Json(unread->expression) } }));
    }
    return all;
}

} // namespace

Registered make_other_alarm_kinds_count() {
    return { .name = "other_alarm_kinds_count",
        .number = 19,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::information,
        .title = "Coverage by queries, anomaly bands and composite alarms counts",
        .matters = "One query or composite alarm can stand for a hundred plain ones.",
        .needs = needs,

        .judge = judge };
}

} // namespace convops::audit_checks
