// 9: connections to the outside that fail in the gateway.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "ec2_nat_gateways", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/NATGateway", "ErrorPortAllocation" },
    AskedMetric { "AWS/NATGateway", "PacketsDropCount" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_nat_gateway_has_alarms() {
    return { .name = "nat_gateway_has_alarms",
        .number = 9,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Every NAT gateway has alarms on port allocation and dropped packets",
        .matters = "A NAT gateway without ports refuses new connections, and every service behind it looks guilty.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
