// Load balancers of version 2 (application, network), their attributes and target groups.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

// "loadbalancer/app/shop/0123" -> "app/shop/0123"; "targetgroup/shop/0123" stays.
std::string dimension_of(std::string const& arn) {
    auto const at = arn.find(":loadbalancer/");
    return at == std::string::npos ? after_last(arn, ':')
                                   : arn.substr(at + std::string_view(":loadbalancer/").size());
}

std::vector<AuditResource> load_balancers(AuditPlace const&, Json const& item) {
    auto const arn = text_at(item, "LoadBalancerArn");
    auto const type = text_at(item, "Type");
    if (type != "application" && type != "network")
        return {};
    return { monitored({ "elb:load_balancer", dimension_of(arn), arn,
                           type == "application" ? "AWS/ApplicationELB" : "AWS/NetworkELB",
                           { { "LoadBalancer", dimension_of(arn) } } },
        item, "CreatedTime", "") };
}

std::vector<AuditResource> target_groups(AuditPlace const&, Json const& item) {
    std::vector<AuditResource> all;
    auto const arn = text_at(item, "TargetGroupArn");
    for (auto const& owner : list_at(item, "LoadBalancerArns")) {
        if (!owner.is_string())
            continue;
        auto const balancer = dimension_of(owner.as_string().c_str());
        auto const* space = balancer.starts_with("app/") ? "AWS/ApplicationELB" : "AWS/NetworkELB";
        if (balancer.starts_with("app/") || balancer.starts_with("net/"))
            all.push_back(monitored({ "elb:target_group", dimension_of(arn), arn, space,
                                        { { "LoadBalancer", balancer }, { "TargetGroup", dimension_of(arn) } } },
                item, "", ""));
    }
    return all;
}

constexpr std::array readings {
    AuditReading { .name = "load_balancers",
        .service = "elasticloadbalancing",
        .operation = "DescribeLoadBalancers",
        .iam_action = "elasticloadbalancing:DescribeLoadBalancers",
        .list_path = "LoadBalancers",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "PageSize", 400 } };
        },
        .resources = load_balancers },
    AuditReading { .name = "load_balancer_attributes",
        .service = "elasticloadbalancing",
        .operation = "DescribeLoadBalancerAttributes",
        .iam_action = "elasticloadbalancing:DescribeLoadBalancerAttributes",
        .parent = "load_balancers",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "LoadBalancerArn", text_at(*parents.front(), "LoadBalancerArn") } };
        } },
    AuditReading { .name = "target_groups",
        .service = "elasticloadbalancing",
        .operation = "DescribeTargetGroups",
        .iam_action = "elasticloadbalancing:DescribeTargetGroups",
        .list_path = "TargetGroups",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "PageSize", 400 } };
        },
        .resources = target_groups },
};

} // namespace

Registered make_load_balancing() {
    return readings;
}

} // namespace convops::audit_inventory
