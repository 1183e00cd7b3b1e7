// GuardDuty, Security Hub and Inspector: are they on?
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "guardduty_detectors",
        .service = "guardduty",
        .operation = "ListDetectors",
        .iam_action = "guardduty:ListDetectors",
        .list_path = "detectorIds",
        .token_in = "NextToken",
        .token_out = "nextToken" },
    AuditReading { .name = "security_hub",
        .service = "securityhub",
        .operation = "DescribeHub",
        .iam_action = "securityhub:DescribeHub",
        // "Either the account is not subscribed to Security Hub, or the account does not have permission":
        // InvalidAccessException is both, and only its message tells which.
        // https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html#API_DescribeHub_Errors
        .off_words = "is not subscribed to AWS Security Hub" },
    AuditReading { .name = "inspector_status",
        .service = "inspector2",
        .operation = "BatchGetAccountStatus",
        .iam_action = "inspector2:BatchGetAccountStatus",
        .list_path = "accounts",
        .params = [](AuditPlace const& place, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "accountIds", JsonArray { place.account } } };
        } },
};

} // namespace

Registered make_security() {
    return readings;
}

} // namespace convops::audit_inventory
