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

// The name under which users reach it, as far as AWS knows it.
std::string host_of(AuditResource const& resource) {
    for (auto const field : { "DNSName", "DomainName" })
        if (auto host = text_at(*resource.item, field); !host.empty())
            return host;
    auto const endpoint = text_at(*resource.item, "apiEndpoint");
    return endpoint.starts_with("https://") ? endpoint.substr(8) : "";
}

AuditFix health_check(std::string const& host) {
    if (host.empty())
        return {};
    AuditFix fix;
    fix.cli = cli_command("route53", "create-health-check",
        { { "caller-reference", "path-of-users" },
            { "health-check-config",
                JsonObject { { "Type", "HTTPS" }, { "FullyQualifiedDomainName", host }, { "Port", 443 },
                    { "ResourcePath", "/" }, { "RequestInterval", 30 }, { "FailureThreshold", 3 } } } },
        "");
    fix.cloudformation
        = cloudformation_resource(identifier_of("health check " + host, ""), "AWS::Route53::HealthCheck",
            { { "HealthCheckConfig",
                JsonObject { { "Type", "HTTPS" }, { "FullyQualifiedDomainName", host }, { "Port", 443 },
                    { "ResourcePath", "/" }, { "RequestInterval", 30 }, { "FailureThreshold", 3 } } } });
    fix.terraform = terraform_resource("aws_route53_health_check", identifier_of("health check " + host, "_"),
        { { "type", "HTTPS" }, { "fqdn", host }, { "port", 443 }, { "resource_path", "/" },
            { "request_interval", 30 }, { "failure_threshold", 3 } });
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const&) {
    std::size_t entrances = 0;
    std::size_t checks = 0;
    std::string host;
    for (auto const& [region, here] : estate.regions)
        for (auto const& resource : here.resources) {
            entrances += is_entrance(resource) ? 1 : 0;
            if (host.empty() && is_entrance(resource))
                host = host_of(resource);
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
        health_check(host)) };
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
