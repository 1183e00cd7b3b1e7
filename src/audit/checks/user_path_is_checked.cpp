// 20: a check along the path of a user.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "synthetics_canaries" },
    AuditNeed { .reading = "route53_health_checks" }, AuditNeed { .reading = "load_balancers", .whole = false },
    AuditNeed { .reading = "rest_apis", .whole = false }, AuditNeed { .reading = "http_apis", .whole = false },
    AuditNeed { .reading = "cloudfront_distributions", .whole = false } };

bool is_entrance(AuditResource const& resource) {
    return resource.resource.type == "elb:load_balancer" || resource.resource.type == "apigateway:api"
        || resource.resource.type == "cloudfront:distribution";
}

AuditFix health_check() {
    AuditFix fix;
    fix.cli = cli_command("synthetics", "describe-canaries", {}, "")
        + "\n# None runs. Make one from the blueprint \"heartbeat monitoring\" for the page that users open first.";
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const&) {
    std::size_t entrances = 0;
    std::size_t checks = 0;
    for (auto const& [region, here] : estate.regions)
        for (auto const& resource : here.resources) {
            entrances += is_entrance(resource) ? 1 : 0;
            checks += resource.resource.type == "synthetics:canary" || resource.metric_namespace == "AWS/Route53" ? 1
                                                                                                                  : 0;
        }
    if (entrances == 0)
        return {};
    if (checks > 0)
        return { passes("", "") };
    return { fails("", "",
        "Users come in at " + std::to_string(entrances) + (entrances == 1 ? " place" : " places")
            + ", and nothing checks their path from outside.",
        { { "synthetics:DescribeCanaries", "Canaries", JsonArray {} },
            { "route53:ListHealthChecks", "HealthChecks", JsonArray {} } },
        health_check()) };
}

} // namespace

Registered make_user_path_is_checked() {
    return { .name = "user_path_is_checked",
        .number = 20,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "The path that users take is checked from outside",
        .matters = "Everything inside can be green while users get nothing: DNS, certificates, a login that fails.",
        .needs = needs,
        .per_region = false,
        .judge = judge };
}

} // namespace convops::audit_checks
