// CloudFront distributions; their metrics are in us-east-1 alone.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> distributions(AuditPlace const&, Json const& item) {
    auto const id = text_at(item, "Id");
    if (text_at(item, "Enabled") == "false")
        return {};
    return { monitored({ "cloudfront:distribution", id, text_at(item, "ARN"), "AWS/CloudFront",
                           { { "DistributionId", id }, { "Region", "Global" } } },
        item, "", "") };
}

constexpr std::array readings {
    AuditReading { .name = "cloudfront_distributions",
        .service = "cloudfront",
        .operation = "ListDistributions",
        .iam_action = "cloudfront:ListDistributions",
        .list_path = "Items",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .place = ReadingPlace::global,
        .resources = distributions },
};

} // namespace

Registered make_cloudfront() {
    return readings;
}

} // namespace convops::audit_inventory
