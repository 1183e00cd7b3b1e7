// EC2 Auto Scaling: the policies that alarms call.
#include "audit/inventory.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "autoscaling_policies",
        .service = "autoscaling",
        .operation = "DescribePolicies",
        .iam_action = "autoscaling:DescribePolicies",
        .list_path = "ScalingPolicies",
        .token_in = "NextToken",
        .token_out = "NextToken" },
};

} // namespace

Registered make_autoscaling() {
    return readings;
}

} // namespace convops::audit_inventory
