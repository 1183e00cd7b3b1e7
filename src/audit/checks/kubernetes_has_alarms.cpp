// 13: nodes, as Container Insights measures them.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "eks_clusters", .whole = false },
    AuditNeed { .reading = "eks_addon_names", .whole = false },
    AuditNeed { .reading = "cloudwatch_recent_metrics", .whole = false } };

constexpr std::array asked { AskedMetric { "ContainerInsights", "node_cpu_reserved_capacity" },
    AskedMetric { "ContainerInsights", "node_cpu_utilization" },
    AskedMetric { "ContainerInsights", "node_filesystem_utilization" },
    AskedMetric { "ContainerInsights", "node_memory_reserved_capacity" },
    AskedMetric { "ContainerInsights", "node_memory_utilization" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_kubernetes_has_alarms() {
    return { .name = "kubernetes_has_alarms",
        .number = 13,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Every observed Kubernetes cluster has alarms on its nodes",
        .matters = "Nodes without memory or disk evict pods, and nobody deployed anything.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
