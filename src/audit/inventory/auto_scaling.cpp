// Auto Scaling groups and which of their metrics are on.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> groups(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "AutoScalingGroupName");
    return { monitored({ "autoscaling:group", name, text_at(item, "AutoScalingGroupARN"), "AWS/AutoScaling",
                           { { "AutoScalingGroupName", name } } },
        item, "CreatedTime", "Tags") };
}

constexpr std::array readings {
    AuditReading { .name = "auto_scaling_groups",
        .service = "autoscaling",
        .operation = "DescribeAutoScalingGroups",
        .iam_action = "autoscaling:DescribeAutoScalingGroups",
        .list_path = "AutoScalingGroups",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 } };
        },
        .resources = groups },
    AuditReading { .name = "auto_scaling_policies",
        .service = "autoscaling",
        .operation = "DescribePolicies",
        .iam_action = "autoscaling:DescribePolicies",
        .list_path = "ScalingPolicies",
        .token_in = "NextToken",
        .token_out = "NextToken" },
};

} // namespace

Registered make_auto_scaling() {
    return readings;
}

} // namespace convops::audit_inventory
