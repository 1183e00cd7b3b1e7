// 3: what users feel first: errors, unhealthy hosts, latency.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "load_balancers", .whole = false },
    AuditNeed { .reading = "target_groups", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count" },
    AskedMetric { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count" },
    AskedMetric { "AWS/ApplicationELB", "TargetResponseTime" },
    AskedMetric { "AWS/ApplicationELB", "UnHealthyHostCount" },
    AskedMetric { "AWS/ApplicationELB", "HealthyHostCount" }, AskedMetric { "AWS/NetworkELB", "UnHealthyHostCount" },
    AskedMetric { "AWS/NetworkELB", "HealthyHostCount" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_load_balancer_has_alarms() {
    return { .name = "load_balancer_has_alarms",
        .number = 3,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every load balancer has alarms on errors, unhealthy hosts and latency",
        .matters = "A load balancer sees every failed request of users, before any other part does.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
