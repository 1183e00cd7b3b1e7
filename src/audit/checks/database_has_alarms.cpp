// 4: what a database runs out of: processor, memory, storage, connections; and replicas that fall behind.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "rds_instances", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/RDS", "CPUUtilization" }, AskedMetric { "AWS/RDS", "FreeableMemory" },
    AskedMetric { "AWS/RDS", "FreeStorageSpace" }, AskedMetric { "AWS/RDS", "FreeLocalStorage" },
    AskedMetric { "AWS/RDS", "DatabaseConnections" }, AskedMetric { "AWS/RDS", "ReplicaLag" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_database_has_alarms() {
    return { .name = "database_has_alarms",
        .number = 4,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::high,
        .title = "Every database has alarms on what it runs out of",
        .matters = "A database that is out of storage, memory or connections takes everything with it that uses it.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
