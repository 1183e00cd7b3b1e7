// 78: services that look for intruders and holes.
#include "audit/also.h"
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "guardduty_detectors" }, AuditNeed { .reading = "security_hub" },
    AuditNeed { .reading = "inspector_status" } };

AuditFix enable(std::string_view service, std::string const& region) {
    AuditFix fix;
    if (service == "GuardDuty") {
        fix.cli = cli_command("guardduty", "create-detector", { { "enable", true } }, region);
        fix.cloudformation = cloudformation_resource(
            identifier_of("guardduty " + region, ""), "AWS::GuardDuty::Detector", { { "Enable", true } });
        fix.terraform = terraform_resource(
            "aws_guardduty_detector", identifier_of("guardduty " + region, "_"), { { "enable", true } });
    } else if (service == "Security Hub") {
        fix.cli = cli_command("securityhub", "enable-security-hub", {}, region);
        fix.cloudformation
            = cloudformation_resource(identifier_of("security hub " + region, ""), "AWS::SecurityHub::Hub", {});
        fix.terraform
            = terraform_resource("aws_securityhub_account", identifier_of("security hub " + region, "_"), {});
    } else {
        fix.cli = cli_command(
            "inspector2", "enable", { { "resource-types", JsonArray { "EC2", "ECR", "LAMBDA" } } }, region);
    }
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    if (estate.in(region).resources.empty())
        return {};
    auto const& inspected = estate.items("inspector_status", region);
    bool const inspector = std::any_of(inspected.begin(), inspected.end(), [](Json const& account) {
        auto const status = text_at(account, "state.status");
        return status == "ENABLED" || status == "ENABLING";
    });
    struct Service {
        std::string_view name, api, field;
        bool on;
    };
    std::vector<AuditJudgement> all;
    for (auto const& service : { Service { "GuardDuty", "guardduty:ListDetectors", "detectorIds",
                                     !estate.items("guardduty_detectors", region).empty() },
             Service {
                 "Security Hub", "securityhub:DescribeHub", "HubArn", !estate.items("security_hub", region).empty() },
             Service { "Inspector", "inspector2:BatchGetAccountStatus", "state.status", inspector } }) {
        if (service.on)
            all.push_back(passes(region, std::string(service.name)));
        else
            all.push_back(fails(region, std::string(service.name),
                std::string(service.name) + " is off in a Region that is used.",
                { AuditEvidence { std::string(service.api), std::string(service.field), nullptr } },
                enable(service.name, region)));
    }
    return all;
}

} // namespace

Registered make_threat_detection_is_on() {
    return { .name = "threat_detection_is_on",
        .number = 78,
        .category = AuditCategory::depth,
        .severity = AuditSeverity::medium,
        .title = "GuardDuty, Security Hub and Inspector are on",
        .matters = "An intruder looks like load at first; without findings he is treated as load.",
        .needs = needs,
        .also = also::resources,

        .judge = judge };
}

} // namespace convops::audit_checks
