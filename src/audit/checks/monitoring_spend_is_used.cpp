// 79: what it costs, and the share that is waste.
#include "audit/costs.h"
#include "audit/coverage.h"
#include "audit/log_groups.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "cloudwatch_dashboards", .whole = false },
    AuditNeed { .reading = "cloudwatch_recent_metrics", .whole = false },
    AuditNeed { .reading = "log_groups", .whole = false } };
constexpr std::array<std::string_view, 1> beside { "cloudwatch_dashboard_bodies" };

constexpr double much = 0.1; // of an item
constexpr double worth_a_word = 1; // USD a month

// Of what is paid for nothing only stored logs can be ended without taking something away that somebody may want: an
// alarm, a dashboard or a program that sends a metric is its owner's to remove. The group that costs most.
AuditFix fix_of(AuditCost const& cost, Estate const& estate, std::string const& region) {
    if (cost.item != "log storage")
        return {};
    AuditLogGroup largest;
    for (auto const& group : log_groups_in(estate, region))
        if (!group.days && group.stored_bytes > largest.stored_bytes)
            largest = group;
    return largest.name.empty() ? AuditFix {} : expiry_fix(largest, region);
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const& cost : costs_in(estate, region)) {
        if (cost.wasted_usd < worth_a_word || cost.wasted_usd < much * cost.usd) {
            all.push_back(passes(region, cost.item));
            continue;
        }
        auto const rounded = [](double usd) { return number_words(std::round(usd * 100) / 100); };
        all.push_back(fails(region, cost.item,
            "Of " + rounded(cost.usd) + " USD a month for " + cost.item + ", " + rounded(cost.wasted_usd)
                + " USD are for nothing: " + cost.basis + ".",
            { AuditEvidence { "cloudwatch:DescribeAlarms, cloudwatch:ListMetrics, logs:DescribeLogGroups", cost.item,
                Json(cost.usd) } },
            fix_of(cost, estate, region)));
    }
    return all;
}

} // namespace

Registered make_monitoring_spend_is_used() {
    return { .name = "monitoring_spend_is_used",
        .number = 79,
        .category = AuditCategory::cost,
        .severity = AuditSeverity::medium,
        .title = "What is spent on watching is used",
        .matters
        = "Alarms without data, metrics nobody looks at and logs that are kept forever are paid for every month.",
        .needs = needs,
        .also = beside,

        .judge = judge };
}

} // namespace convops::audit_checks
