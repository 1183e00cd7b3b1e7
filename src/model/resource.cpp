#include "model/resource.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

// How CloudWatch names a resource type:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
struct Naming {
    std::string_view metric_namespace;
    std::string_view dimension; // the dimension that holds the name
    std::string_view parent; // a dimension whose value goes in front: "cluster/service"; empty for none
    std::string_view type;
};

// The first row of a type is the one that metric_families() leads with. More specific rows stand before general ones.
constexpr std::array<Naming, 38> namings { {
    { "AWS/ApplicationELB", "TargetGroup", "", "elb:target_group" },
    { "AWS/ApplicationELB", "LoadBalancer", "", "elb:load_balancer" },
    { "AWS/NetworkELB", "TargetGroup", "", "elb:target_group" },
    { "AWS/NetworkELB", "LoadBalancer", "", "elb:load_balancer" },
    { "AWS/ELB", "LoadBalancerName", "", "elb:load_balancer" },
    { "AWS/ECS", "ServiceName", "ClusterName", "ecs:service" },
    { "ECS/ContainerInsights", "ServiceName", "ClusterName", "ecs:service" },
    { "AWS/ECS", "ClusterName", "", "ecs:cluster" },
    { "ECS/ContainerInsights", "ClusterName", "", "ecs:cluster" },
    { "AWS/RDS", "DBInstanceIdentifier", "", "rds:instance" },
    { "AWS/RDS", "DBClusterIdentifier", "", "rds:cluster" },
    { "AWS/DocDB", "DBInstanceIdentifier", "", "rds:instance" },
    { "AWS/Lambda", "FunctionName", "", "lambda:function" },
    { "LambdaInsights", "function_name", "", "lambda:function" },
    { "AWS/EC2", "InstanceId", "", "ec2:instance" },
    { "AWS/EC2", "AutoScalingGroupName", "", "autoscaling:group" },
    { "CWAgent", "InstanceId", "", "ec2:instance" },
    { "AWS/AutoScaling", "AutoScalingGroupName", "", "autoscaling:group" },
    { "AWS/EBS", "VolumeId", "", "ebs:volume" },
    { "AWS/SQS", "QueueName", "", "sqs:queue" },
    { "AWS/SNS", "TopicName", "", "sns:topic" },
    { "AWS/DynamoDB", "TableName", "", "dynamodb:table" },
    { "AWS/ElastiCache", "CacheClusterId", "", "elasticache:cluster" },
    { "AWS/ElastiCache", "ReplicationGroupId", "", "elasticache:cluster" },
    { "AWS/ApiGateway", "ApiName", "", "apigateway:api" },
    { "AWS/ApiGateway", "ApiId", "", "apigateway:api" },
    { "AWS/S3", "BucketName", "", "s3:bucket" },
    { "AWS/NATGateway", "NatGatewayId", "", "nat:gateway" },
    { "AWS/Kinesis", "StreamName", "", "kinesis:stream" },
    { "AWS/States", "StateMachineArn", "", "states:machine" },
    { "AWS/Events", "RuleName", "", "events:rule" },
    { "ContainerInsights", "ClusterName", "", "eks:cluster" },
    { "AWS/EKS", "ClusterName", "", "eks:cluster" },
    { "AWS/WAFV2", "WebACL", "", "waf:web_acl" },
    { "AWS/CloudFront", "DistributionId", "", "cloudfront:distribution" },
    { "AWS/Logs", "LogGroupName", "", "logs:group" },
    { "AWS/CertificateManager", "CertificateArn", "", "acm:certificate" },
    { "AWS/EFS", "FileSystemId", "", "efs:file_system" },
} };

struct TypeWords {
    std::string_view type;
    std::string_view words;
};

constexpr std::array<TypeWords, 36> type_words { {
    { "elb:load_balancer", "load balancer" },
    { "elb:target_group", "target group" },
    { "ecs:cluster", "ECS cluster" },
    { "ecs:service", "ECS service" },
    { "ecs:task_definition", "task definition" },
    { "rds:instance", "RDS instance" },
    { "rds:cluster", "RDS cluster" },
    { "lambda:function", "Lambda function" },
    { "ec2:instance", "EC2 instance" },
    { "autoscaling:group", "Auto Scaling group" },
    { "ebs:volume", "EBS volume" },
    { "sqs:queue", "SQS queue" },
    { "sns:topic", "SNS topic" },
    { "dynamodb:table", "DynamoDB table" },
    { "elasticache:cluster", "ElastiCache cluster" },
    { "apigateway:api", "API" },
    { "s3:bucket", "S3 bucket" },
    { "nat:gateway", "NAT gateway" },
    { "kinesis:stream", "Kinesis stream" },
    { "states:machine", "state machine" },
    { "events:rule", "EventBridge rule" },
    { "eks:cluster", "EKS cluster" },
    { "eks:workload", "workload" },
    { "cloudfront:distribution", "CloudFront distribution" },
    { "logs:group", "log group" },
    { "acm:certificate", "certificate" },
    { "efs:file_system", "EFS file system" },
    { "waf:web_acl", "web ACL" },
    { "ec2:security_group", "security group" },
    { "ec2:route_table", "route table" },
    { "ec2:network_acl", "network ACL" },
    { "ec2:vpc_endpoint", "VPC endpoint" },
    { "ec2:subnet", "subnet" },
    { "ec2:vpc", "VPC" },
    { "external:host", "external host" },
    { "custom:metric", "metric of" },
} };

std::optional<std::string> dimension_value(MetricId const& metric, std::string_view name) {
    auto const at = metric.dimensions.find(std::string(name));
    return at == metric.dimensions.end() ? std::nullopt : std::optional(at->second);
}

// Container Insights calls the owner of pods "PodName", and the Kubernetes service in front of them "Service"; both
// carry the name of one workload.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
constexpr std::array<std::string_view, 2> workload_dimensions { "PodName", "Service" };

std::optional<Resource> workload_of(MetricId const& metric) {
    auto const cluster = dimension_value(metric, "ClusterName");
    auto const space = dimension_value(metric, "Namespace");
    if (metric.metric_namespace != "ContainerInsights" || !cluster || !space)
        return std::nullopt;
    for (auto const dimension : workload_dimensions)
        if (auto const name = dimension_value(metric, dimension))
            return Resource { "eks:workload", *cluster + "/" + *space + "/" + *name, {} };
    return std::nullopt;
}

} // namespace

std::string Resource::short_name() const {
    if (type == "elb:load_balancer" || type == "elb:target_group") {
        // "app/shop/0123", "targetgroup/shop/0123"; a classic load balancer has the plain name.
        auto const parts = split(name, '/');
        return parts.size() == 3 ? parts[1] : name;
    }
    if (type == "acm:certificate" || type == "states:machine")
        return name.substr(name.find_last_of(":/") + 1);
    if (type == "ecs:service" || type == "ecs:task_definition" || type == "eks:workload")
        return name.substr(name.rfind('/') + 1);
    return name;
}

std::string Resource::display() const {
    for (auto const& row : type_words)
        if (row.type == type)
            return std::string(row.words) + " " + short_name();
    return short_name();
}

std::optional<Resource> resource_of(MetricId const& metric) {
    if (auto workload = workload_of(metric))
        return workload;
    for (auto const& row : namings) {
        if (row.metric_namespace != metric.metric_namespace)
            continue;
        auto const name = dimension_value(metric, row.dimension);
        if (!name)
            continue;
        if (row.parent.empty())
            return Resource { std::string(row.type), *name, {} };
        if (auto const parent = dimension_value(metric, row.parent))
            return Resource { std::string(row.type), *parent + "/" + *name, {} };
    }
    if (metric.dimensions.empty())
        return Resource { "custom:metric", metric.metric_namespace, {} };
    // A custom namespace often names a known thing by AWS's own dimension.
    for (auto const& row : namings)
        if (row.parent.empty() && row.type != "ecs:cluster" && row.type != "eks:cluster")
            if (auto const name = dimension_value(metric, row.dimension))
                return Resource { std::string(row.type), *name, {} };
    std::string name = metric.metric_namespace;
    for (auto const& [key, value] : metric.dimensions)
        name += "/" + value;
    return Resource { "custom:metric", name, {} };
}

namespace {

// Which part of what follows the prefix is the name.
enum class NameIs : std::uint8_t {
    rest,
    with_prefix,
    up_to_colon,
    up_to_slash,
    up_to_last_slash,
    behind_last_slash,
    whole_arn
};

struct ArnNaming {
    std::string_view service, prefix, type;
    NameIs name = NameIs::rest;
};

// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
constexpr auto arn_namings = std::to_array<ArnNaming>({
    { "elasticloadbalancing", "targetgroup/", "elb:target_group", NameIs::with_prefix },
    { "elasticloadbalancing", "loadbalancer/", "elb:load_balancer" },
    // listener/app/shop/0123/4567 belongs to app/shop/0123
    { "elasticloadbalancing", "listener/", "elb:load_balancer", NameIs::up_to_last_slash },
    { "ecs", "service/", "ecs:service" },
    { "ecs", "cluster/", "ecs:cluster" },
    { "ecs", "task-definition/", "ecs:task_definition" },
    { "rds", "db:", "rds:instance" },
    { "rds", "cluster:", "rds:cluster" },
    { "lambda", "function:", "lambda:function", NameIs::up_to_colon },
    { "ec2", "instance/", "ec2:instance" },
    { "ec2", "volume/", "ebs:volume" },
    { "ec2", "natgateway/", "nat:gateway" },
    { "sqs", "", "sqs:queue" },
    { "sns", "", "sns:topic", NameIs::up_to_colon },
    { "dynamodb", "table/", "dynamodb:table", NameIs::up_to_slash },
    { "elasticache", "cluster:", "elasticache:cluster" },
    { "elasticache", "replicationgroup:", "elasticache:cluster" },
    { "s3", "", "s3:bucket", NameIs::up_to_slash },
    { "kinesis", "stream/", "kinesis:stream" },
    { "states", "", "states:machine", NameIs::whole_arn }, // CloudWatch's dimension holds the whole ARN.
    { "events", "rule/", "events:rule", NameIs::behind_last_slash },
    { "execute-api", "", "apigateway:api", NameIs::up_to_slash }, // abc123/prod/GET/orders
    { "eks", "cluster/", "eks:cluster" },
    { "logs", "log-group:", "logs:group", NameIs::up_to_colon },
    { "acm", "", "acm:certificate", NameIs::whole_arn },
});

std::string name_in(std::string_view arn, std::string_view tail, ArnNaming const& row) {
    auto const rest = tail.substr(row.prefix.size());
    switch (row.name) {
    case NameIs::rest:
        return std::string(rest);
    case NameIs::with_prefix:
        return std::string(tail);
    case NameIs::up_to_colon:
        return std::string(rest.substr(0, rest.find(':')));
    case NameIs::up_to_slash:
        return std::string(rest.substr(0, rest.find('/')));
    case NameIs::up_to_last_slash:
        return std::string(rest.substr(0, rest.rfind('/')));
    case NameIs::behind_last_slash:
        return std::string(rest.substr(rest.rfind('/') + 1));
    case NameIs::whole_arn:
        return std::string(arn);
    }
    return std::string(rest);
}

// Those whose name stands between other words.
std::optional<std::pair<std::string_view, std::string>> name_within(std::string_view service, std::string_view tail) {
    auto const steps = split(tail, '/');
    if (service == "autoscaling") {
        constexpr std::string_view before = "autoScalingGroupName/";
        if (auto const at = tail.find(before); at != std::string_view::npos)
            return std::pair { std::string_view("autoscaling:group"), std::string(tail.substr(at + before.size())) };
    } else if (service == "apigateway") { // /restapis/abc123/stages/prod, /apis/abc123
        for (std::size_t i = 0; i + 1 < steps.size(); ++i)
            if (steps[i] == "restapis" || steps[i] == "apis")
                return std::pair { std::string_view("apigateway:api"), steps[i + 1] };
    } else if (service == "wafv2") { // regional/webacl/shop/0123-4567
        if (steps.size() >= 3 && steps[1] == "webacl")
            return std::pair { std::string_view("waf:web_acl"), steps[2] };
    }
    return std::nullopt;
}

} // namespace

std::optional<Resource> resource_from_arn(std::string_view arn) {
    auto const parts = split(arn, ':'); // arn:partition:service:region:account:resource...
    if (parts.size() < 6 || parts[0] != "arn")
        return std::nullopt;
    auto const tail
        = arn.substr(parts[0].size() + parts[1].size() + parts[2].size() + parts[3].size() + parts[4].size() + 5);
    for (auto const& row : arn_namings)
        if (row.service == parts[2] && tail.starts_with(row.prefix))
            return Resource { std::string(row.type), name_in(arn, tail, row), std::string(arn) };
    if (auto within = name_within(parts[2], tail))
        return Resource { std::string(within->first), std::move(within->second), std::string(arn) };
    return std::nullopt;
}

std::vector<MetricId> metric_families(Resource const& resource) {
    std::vector<MetricId> families;
    if (auto const parts = split(resource.name, '/'); resource.type == "eks:workload" && parts.size() == 3)
        for (auto const dimension : workload_dimensions)
            families.push_back({ "ContainerInsights", "",
                { { "ClusterName", parts[0] }, { "Namespace", parts[1] }, { std::string(dimension), parts[2] } } });
    for (auto const& row : namings) {
        if (row.type != resource.type)
            continue;
        MetricId family { std::string(row.metric_namespace), "", {} };
        if (row.parent.empty()) {
            family.dimensions[std::string(row.dimension)] = resource.name;
        } else {
            auto const slash = resource.name.find('/');
            if (slash == std::string::npos)
                continue;
            family.dimensions[std::string(row.parent)] = resource.name.substr(0, slash);
            family.dimensions[std::string(row.dimension)] = resource.name.substr(slash + 1);
        }
        families.push_back(std::move(family));
    }
    return families;
}

} // namespace convops
