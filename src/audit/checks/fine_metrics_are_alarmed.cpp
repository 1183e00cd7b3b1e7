// 80: high-resolution metrics nobody alarms on.
#include "audit/also.h"
#include "audit/costs.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "cloudwatch_recent_metrics", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const history = estate.history.find(region);
    auto const custom = custom_metrics_in(estate, region);
    if (custom.empty())
        return all;
    if (history == estate.history.end() || history->second.shortfall)
        return { not_known(region, "", "How finely metrics are sent could not be read.",
            history == estate.history.end() ? "" : history->second.shortfall->iam_action) };
    Watchers const watchers(estate, region);
    for (auto const& metric : history->second.fine) {
        if (watchers.of(metric).empty())
            all.push_back(fails(region, to_text(metric), "It has several points a minute, and no alarm reads them.",
                { AuditEvidence { "cloudwatch:GetMetricData", "points a minute", Json("several") } }));
        else
            all.push_back(passes(region, to_text(metric)));
    }
    return all;
}

} // namespace

Registered make_fine_metrics_are_alarmed() {
    return { .name = "fine_metrics_are_alarmed",
        .number = 80,
        .category = AuditCategory::cost,
        .severity = AuditSeverity::low,
        .title = "High-resolution metrics have an alarm that needs them",
        .matters = "Points every second cost no more to keep, but the calls that send them are paid one by one; "
                   "without an alarm of 10 or 30 s nobody needs them.",
        .needs = needs,
        .also = also::hearing,
        .history = AuditHistory::fine_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
