// Load balancers of version 1 ("classic"). They share the endpoint and the IAM action with those of version 2.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> load_balancers(AuditPlace const& place, Json const& item) {
    auto const name = text_at(item, "LoadBalancerName");
    return { monitored(
        { "elb:classic_load_balancer", name, arn_of(place, "elasticloadbalancing", "loadbalancer/" + name), "AWS/ELB",
            { { "LoadBalancerName", name } } },
        item, "CreatedTime", "") };
}

constexpr std::array readings {
    AuditReading { .name = "classic_load_balancers",
        .service = "elb",
        .operation = "DescribeLoadBalancers",
        .iam_action = "elasticloadbalancing:DescribeLoadBalancers",
        .list_path = "LoadBalancerDescriptions",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "PageSize", 400 } };
        },
        .resources = load_balancers },
};

} // namespace

Registered make_classic_load_balancing() {
    return readings;
}

} // namespace convops::audit_inventory
