// 12: balances of EFS, RDS storage and burstable instances.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "efs_file_systems", .whole = false },
    AuditNeed { .reading = "rds_instances", .whole = false },
    AuditNeed { .reading = "ec2_instances", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/EFS", "BurstCreditBalance" },
    AskedMetric { "AWS/EC2", "CPUCreditBalance" }, AskedMetric { "AWS/RDS", "EBSByteBalance%" },
    AskedMetric { "AWS/RDS", "EBSIOBalance%" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_burst_balance_has_alarm() {
    return { .name = "burst_balance_has_alarm",
        .number = 12,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Everything that works on saved-up credits has an alarm on its balance",
        .matters
        = "Credits hide a load that is too high until they are gone; then the machine is suddenly a tenth as fast.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
