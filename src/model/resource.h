// What an alarm, a fact or a cause is about. A resource is known by type and name, whichever API named it, so that
// "DBInstanceIdentifier=orders-db" and "arn:aws:rds:...:db:orders-db" are the same thing.
#pragma once

#include "model/metric.h"

#include <optional>
#include <string>
#include <string_view>

namespace convops {

struct Resource {
    // One of: elb:load_balancer elb:target_group ecs:cluster ecs:service ecs:task_definition rds:instance rds:cluster
    // lambda:function ec2:instance ebs:volume sqs:queue sns:topic dynamodb:table elasticache:cluster apigateway:api
    // s3:bucket autoscaling:group nat:gateway kinesis:stream states:machine events:rule eks:cluster
    // eks:workload (a deployment and its pods) cloudfront:distribution waf:web_acl acm:certificate custom:metric (a
    // resource known only by custom dimensions) external:host (a dependency outside the account) account
    std::string type;
    // ecs:service "cluster/service"; eks:workload "cluster/namespace/workload"; elb:load_balancer "app/shop/0123";
    // elb:target_group "targetgroup/shop/0123"; others plain.
    std::string name;
    std::string arn; // may be empty; not part of the identity

    [[nodiscard]] std::string key() const { return type + "/" + name; }
    // What a person calls it: "orders-db", "checkout" (of "shop/checkout"), "shop" (of "app/shop/0123").
    [[nodiscard]] std::string short_name() const;
    // "RDS instance orders-db", "ECS service checkout".
    [[nodiscard]] std::string display() const;
    // The ARN when known, otherwise the name: what contracts.md calls "ARN or name".
    [[nodiscard]] std::string arn_or_name() const { return arn.empty() ? name : arn; }

    bool operator==(Resource const& other) const { return type == other.type && name == other.name; }
    auto operator<=>(Resource const& other) const { return key() <=> other.key(); }
};

// The resource that a metric describes, from its namespace and dimensions; custom:metric when only custom dimensions
// say.
std::optional<Resource> resource_of(MetricId const& metric);
std::optional<Resource> resource_from_arn(std::string_view arn);

// Where CloudWatch keeps the metrics of a resource: each namespace with the dimensions that select it (an ECS service
// has AWS/ECS and ECS/ContainerInsights). Empty when the type has no metrics of its own.
std::vector<MetricId> metric_families(Resource const& resource); // name is empty in each

} // namespace convops
