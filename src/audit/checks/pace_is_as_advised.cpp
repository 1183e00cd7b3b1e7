// 17: alarms far quicker or slower than advised.
#include "audit/coverage.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

constexpr double far = 4; // times quicker or slower
// Nobody misses a night over it: AWS's own default is a period of 5 minutes, and three of them are no fault.
constexpr double still_in_time = 900; // seconds

double wanted_seconds(RecommendedRow const& row) {
    return static_cast<double>(row.pace.period) * row.pace.datapoints;
}

// The advice nearest to what is set: one metric has several (the depth of a queue, and of a dead-letter queue).
RecommendedRow const* advice_for(MetricId const& metric, bool above, double own) {
    RecommendedRow const* best = nullptr;
    auto const distance = [&](RecommendedRow const& row) { return std::fabs(std::log(wanted_seconds(row) / own)); };
    for (auto const* alarm : recommended_for(metric.metric_namespace))
        if (alarm->row->metric == metric.name && fires_above(alarm->row->comparison) == above
            && (best == nullptr || distance(*alarm->row) < distance(*best)))
            best = alarm->row;
    return best;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& alarm : estate.in(region).alarms) {
        auto const& one = alarm.alarm;
        if (one.kind != AlarmKind::metric || one.metrics.size() != 1 || !one.metrics.front().metric)
            continue;
        auto const own = static_cast<double>(one.period().count()) * one.datapoints_to_alarm;
        auto const* advised = own > 0 ? advice_for(*one.metrics.front().metric, one.fires_above(), own) : nullptr;
        if (advised == nullptr)
            continue;
        auto const wanted = wanted_seconds(*advised);
        if (own <= std::max(far * wanted, still_in_time) && wanted <= far * own) {
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
