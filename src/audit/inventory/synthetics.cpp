// CloudWatch Synthetics canaries: checks along the path of a user.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> canaries(AuditPlace const& place, Json const& item) {
    auto const name = text_at(item, "Name");
    if (text_at(item, "Status.State") != "RUNNING")
        return {};
    return { monitored({ "synthetics:canary", name, arn_of(place, "synthetics", "canary:" + name),
                           "CloudWatchSynthetics", { { "CanaryName", name } } },
        item, "Timeline.Created", "Tags") };
}

constexpr std::array readings {
    AuditReading { .name = "synthetics_canaries",
        .service = "synthetics",
        .operation = "DescribeCanaries",
        .iam_action = "synthetics:DescribeCanaries",
        .list_path = "Canaries",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .resources = canaries },
};

} // namespace

Registered make_synthetics() {
    return readings;
}

} // namespace convops::audit_inventory
