#include "base/text.h"
#include "verification/judging.h"

namespace convops {

namespace {

// As AWS Health spells services: https://docs.aws.amazon.com/health/latest/ug/aws-health-concepts-and-terms.html
constexpr std::pair<std::string_view, std::string_view> services[] { { "elb:", "ELASTICLOADBALANCING" },
    { "ecs:", "ECS" }, { "ecs:", "FARGATE" }, { "rds:", "RDS" }, { "rds:", "AURORA" }, { "lambda:", "LAMBDA" },
    { "ec2:", "EC2" }, { "ebs:", "EBS" }, { "ec2:", "EBS" }, { "sqs:", "SQS" }, { "sns:", "SNS" },
    { "dynamodb:", "DYNAMODB" }, { "elasticache:", "ELASTICACHE" }, { "apigateway:", "APIGATEWAY" }, { "s3:", "S3" },
    { "autoscaling:", "AUTOSCALING" }, { "autoscaling:", "EC2" }, { "nat:", "NATGATEWAY" }, { "nat:", "VPC" },
    { "kinesis:", "KINESIS" }, { "states:", "STATES" }, { "eks:", "EKS" }, { "cloudfront:", "CLOUDFRONT" } };

bool concerns(std::string_view service, std::vector<Resource> const& involved) {
    auto const wanted = to_lower(service);
    for (auto const& resource : involved)
        for (auto const& [type, name] : services)
            if (resource.type.starts_with(type) && to_lower(name) == wanted)
                return true;
    return false;
}

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    std::vector<Resource> involved;
    for (auto const& [resource, distance] : neighbourhood(evidence, alarm.resources()))
        involved.push_back(resource);
    for (auto const& [fact, event] : evidence.all<ServiceEventFact>()) {
        bool const here = event->region == alarm.region || event->region == "global";
        if (here && event->status == "open" && event->category == "issue" && concerns(event->service, involved))
            return found(CheckVerdict::supports,
                "AWS reports an open issue of " + event->service + " in " + event->region + " since "
                    + format_clock(event->when.from) + ".",
                { fact->id });
    }
    if (auto finding = cannot_tell(evidence, { "aws_health" }))
        return *finding;
    return found(CheckVerdict::refutes, "AWS reports no open issue of the services involved.");
}

} // namespace

Check make_aws_side() {
    return { "aws_side", "Is it AWS's side?", CheckEffect::suppress, judge };
}

} // namespace convops
