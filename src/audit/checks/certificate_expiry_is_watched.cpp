// 10: days to expiry.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms" },
    AuditNeed { .reading = "acm_certificates", .whole = false } };

constexpr std::array asked { AskedMetric { "AWS/CertificateManager", "DaysToExpiry" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    return judge_cover(estate, region, asked);
}

} // namespace

Registered make_certificate_expiry_is_watched() {
    return { .name = "certificate_expiry_is_watched",
        .number = 10,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "Every certificate in use has an alarm before it expires",
        .matters = "A certificate that runs out stops everything behind it within one second.",
        .needs = needs,
        .also = also::covered,
        .history = AuditHistory::recommended_metrics,

        .judge = judge };
}

} // namespace convops::audit_checks
