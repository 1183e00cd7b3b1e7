// 6: processor, memory, and fewer tasks than should run.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "ecs_services", .whole = false },
    AuditNeed { .reading = "ecs_clusters", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/ECS", "CPUUtilization" },
    AskedMetric { "AWS/ECS", "MemoryUtilization" }, AskedMetric { "ECS/ContainerInsights", "RunningTaskCount" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_container_service_has_alarms() {
    return { .name = "container_service_has_alarms",
        .number = 6,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every container service has alarms on processor, memory and missing tasks",
        .matters = "A service whose tasks are killed or do not start answers less and less until it stops.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
