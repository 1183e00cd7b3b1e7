// 17: alarms far quicker or slower than advised.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

constexpr double far = 4; // times quicker or slower

RecommendedRow const* advice_for(MetricId const& metric, bool above) {
    for (auto const* alarm : recommended_for(metric.metric_namespace))
        if (alarm->row->metric == metric.name && fires_above(alarm->row->comparison) == above)
            return alarm->row;
    return nullptr;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& alarm : estate.in(region).alarms) {
        auto const& one = alarm.alarm;
        if (one.kind != AlarmKind::metric || one.metrics.size() != 1 || !one.metrics.front().metric)
            continue;
        auto const* advised = advice_for(*one.metrics.front().metric, one.fires_above());
        if (advised == nullptr)
            continue;
        auto const own = static_cast<double>(one.period().count()) * one.datapoints_to_alarm;
        auto const wanted = static_cast<double>(advised->pace.period) * advised->pace.datapoints;
        if (own <= far * wanted && wanted <= far * own) {
            all.push_back(passes(region, name_of(alarm)));
            continue;
        }
        auto const spoken = [](double seconds) {
            return format_duration(Milliseconds { static_cast<std::int64_t>(seconds * 1'000) });
        };
        all.push_back(fails(region, name_of(alarm),
            "It fires after " + spoken(own) + " of trouble; advised for " + std::string(advised->metric) + " are "
                + spoken(wanted) + ".",
            { field_of("cloudwatch:DescribeAlarms", *alarm.item, "Period"),
                field_of("cloudwatch:DescribeAlarms", *alarm.item, "DatapointsToAlarm"),
                field_of("cloudwatch:DescribeAlarms", *alarm.item, "EvaluationPeriods") },
            changed_alarm_fix(*alarm.item,
                { { "Period", advised->pace.period }, { "DatapointsToAlarm", advised->pace.datapoints },
                    { "EvaluationPeriods", advised->pace.periods } },
                region)));
    }
    return all;
}

} // namespace

Registered make_pace_is_as_advised() {
    return { .name = "pace_is_as_advised",
        .number = 17,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::low,
        .title = "Period and M-of-N of each alarm are near what is advised",
        .matters = "Four times slower than advised finds a fault when the night is over; four times quicker wakes "
                   "people for a passing cloud.",
        .needs = needs,

        .judge = judge };
}

} // namespace convops::audit_checks
