#include "model/aws_health_names.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

struct HealthName {
    std::string_view type; // what the type of a resource begins with
    std::string_view service;
};

// As AWS Health spells services: https://docs.aws.amazon.com/health/latest/ug/aws-health-concepts-and-terms.html
constexpr auto names = std::to_array<HealthName>({ { "elb:", "ELASTICLOADBALANCING" }, { "ecs:", "ECS" },
    { "ecs:", "FARGATE" }, { "rds:", "RDS" }, { "rds:", "AURORA" }, { "lambda:", "LAMBDA" }, { "ec2:", "EC2" },
    { "ebs:", "EBS" }, { "ec2:", "EBS" }, { "sqs:", "SQS" }, { "sns:", "SNS" }, { "dynamodb:", "DYNAMODB" },
    { "elasticache:", "ELASTICACHE" }, { "apigateway:", "APIGATEWAY" }, { "s3:", "S3" },
    { "autoscaling:", "AUTOSCALING" }, { "autoscaling:", "EC2" }, { "nat:", "NATGATEWAY" }, { "nat:", "VPC" },
    { "kinesis:", "KINESIS" }, { "states:", "STATES" }, { "eks:", "EKS" }, { "cloudfront:", "CLOUDFRONT" } });

} // namespace

bool health_service_concerns(std::string_view service, Resource const& resource) {
    auto const wanted = to_lower(service);
    return std::any_of(names.begin(), names.end(), [&](HealthName const& name) {
        return resource.type.starts_with(name.type) && to_lower(name.service) == wanted;
    });
}

} // namespace convops
