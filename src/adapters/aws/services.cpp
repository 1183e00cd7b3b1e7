// The services that this program can talk to: protocol, version, endpoint and pace of each.
#include "adapters/aws/answer_lists.h"
#include "adapters/aws/operations.h"

namespace convops {

namespace {

using enum Protocol;

constexpr NamePair rds_request_lists[]
    = { { "Filters", "Filter" }, { "Values", "Value" }, { "EventCategories", "EventCategory" } };

// EC2 writes lists as Name.1 and its own names on the wire. Both the SDKs' and the API reference's spellings are
// accepted. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
constexpr NamePair ec2_request_lists[] = { { "InstanceIds", "InstanceId" }, { "Filters", "Filter" },
    { "Values", "Value" }, { "VolumeIds", "VolumeId" }, { "GroupIds", "GroupId" }, { "GroupNames", "GroupName" },
    { "NatGatewayIds", "NatGatewayId" }, { "RouteTableIds", "RouteTableId" },
    { "NetworkInterfaceIds", "NetworkInterfaceId" }, { "SubnetIds", "SubnetId" }, { "VpcIds", "VpcId" },
    { "NetworkAclIds", "NetworkAclId" }, { "VpcEndpointIds", "VpcEndpointId" }, { "RegionNames", "RegionName" },
    { "FlowLogIds", "FlowLogId" }, { "VpnConnectionIds", "VpnConnectionId" } };

constexpr NamePair redshift_request_lists[] = { { "TagKeys", "TagKey" }, { "TagValues", "TagValue" } };

constexpr AwsService services[] = {
    { .name = "acm", .id = "ACM", .version = "CertificateManager" },
    { .name = "apigateway", .id = "API_GATEWAY", .protocol = rest_json, .version = "2015-07-09", .per_second = 5 },
    { .name = "apigatewayv2",
        .id = "APIGATEWAYV2",
        .protocol = rest_json,
        .version = "2018-11-29",
        .host = "apigateway",
        .signing_name = "apigateway",
        .per_second = 5 },
    { .name = "application-autoscaling", .id = "APPLICATION_AUTO_SCALING", .version = "AnyScaleFrontendService" },
    { .name = "autoscaling",
        .id = "AUTO_SCALING",
        .protocol = query,
        .version = "2011-01-01",
        .answer_lists = answer_lists::autoscaling },
    { .name = "budgets", .id = "BUDGETS", .version = "AWSBudgetServiceGateway", .scope = Scope::global },
    { .name = "cloudformation",
        .id = "CLOUDFORMATION",
        .protocol = query,
        .version = "2010-05-15",
        .answer_lists = answer_lists::cloudformation },
    { .name = "cloudfront",
        .id = "CLOUDFRONT",
        .protocol = rest_xml,
        .version = "2020-05-31",
        .scope = Scope::global,
        .answer_lists = answer_lists::cloudfront },
    { .name = "cloudtrail",
        .id = "CLOUDTRAIL",
        .version = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
        .per_second = 10 },
    { .name = "codedeploy", .id = "CODEDEPLOY", .version = "CodeDeploy_20141006" },
    { .name = "cognito-idp",
        .id = "COGNITO_IDENTITY_PROVIDER",
        .version = "AWSCognitoIdentityProviderService",
        .per_second = 5 },
    { .name = "dynamodb", .id = "DYNAMODB", .protocol = json_1_0, .version = "DynamoDB_20120810" },
    { .name = "ec2",
        .id = "EC2",
        .protocol = ec2,
        .version = "2016-11-15",
        .answer_lists = answer_lists::ec2,
        .request_lists = ec2_request_lists },
    { .name = "ecs", .id = "ECS", .version = "AmazonEC2ContainerServiceV20141113" },
    { .name = "eks", .id = "EKS", .protocol = rest_json, .version = "2017-11-01" },
    { .name = "elasticache",
        .id = "ELASTICACHE",
        .protocol = query,
        .version = "2015-02-02",
        .answer_lists = answer_lists::elasticache },
    { .name = "elasticfilesystem", .id = "EFS", .protocol = rest_json, .version = "2015-02-01" },
    { .name = "elasticloadbalancing",
        .also = "elbv2",
        .id = "ELASTIC_LOAD_BALANCING_V2",
        .protocol = query,
        .version = "2015-12-01",
        .answer_lists = answer_lists::elasticloadbalancing },
    // The load balancers of before 2016: the same endpoint, told apart by the version.
    { .name = "elb",
        .id = "ELASTIC_LOAD_BALANCING",
        .protocol = query,
        .version = "2012-06-01",
        .host = "elasticloadbalancing",
        .signing_name = "elasticloadbalancing",
        .answer_lists = answer_lists::elb },
    { .name = "events", .id = "EVENTBRIDGE", .version = "AWSEvents" },
    { .name = "firehose", .id = "FIREHOSE", .version = "Firehose_20150804" },
    { .name = "guardduty", .id = "GUARDDUTY", .protocol = rest_json, .version = "2017-11-28" },
    { .name = "health", .id = "HEALTH", .version = "AWSHealth_20160804", .scope = Scope::global },
    { .name = "iam",
        .id = "IAM",
        .protocol = query,
        .version = "2010-05-08",
        .scope = Scope::global,
        .answer_lists = answer_lists::iam },
    { .name = "inspector2", .id = "INSPECTOR2", .protocol = rest_json, .version = "2020-06-08" },
    { .name = "kafka", .id = "KAFKA", .protocol = rest_json, .version = "2018-11-14", .per_second = 5 },
    { .name = "kinesis", .id = "KINESIS", .version = "Kinesis_20131202" },
    { .name = "kms", .id = "KMS", .version = "TrentService" },
    { .name = "lambda",
        .id = "LAMBDA",
        .protocol = rest_json,
        .version = "2015-03-31",
        // "Invocation requests ... all other control plane API requests: 15 per second."
        // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
        .per_second = 15 },
    { .name = "logs", .id = "CLOUDWATCH_LOGS", .version = "Logs_20140328", .per_second = 5 },
    { .name = "monitoring",
        .also = "cloudwatch",
        .id = "CLOUDWATCH",
        .protocol = query,
        .version = "2010-08-01",
        .answer_lists = answer_lists::monitoring },
    { .name = "opensearch",
        .also = "es",
        .id = "OPENSEARCH",
        .protocol = rest_json,
        .version = "2021-01-01",
        .host = "es",
        .signing_name = "es",
        .per_second = 5 },
    { .name = "pi", .id = "PI", .version = "PerformanceInsightsv20180227" },
    { .name = "rds",
        .id = "RDS",
        .protocol = query,
        .version = "2014-10-31",
        .answer_lists = answer_lists::rds,
        .request_lists = rds_request_lists },
    { .name = "redshift",
        .id = "REDSHIFT",
        .protocol = query,
        .version = "2012-12-01",
        .answer_lists = answer_lists::redshift,
        .request_lists = redshift_request_lists },
    { .name = "route53",
        .id = "ROUTE_53",
        .protocol = rest_xml,
        .version = "2013-04-01",
        .scope = Scope::global,
        .answer_lists = answer_lists::route53,
        // "All requests: five requests per second per AWS account."
        // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
        .per_second = 5 },
    { .name = "s3", .id = "S3", .protocol = rest_xml, .version = "2006-03-01", .answer_lists = answer_lists::s3 },
    { .name = "secretsmanager", .id = "SECRETS_MANAGER", .version = "secretsmanager" },
    { .name = "securityhub", .id = "SECURITYHUB", .protocol = rest_json, .version = "2018-10-26", .per_second = 3 },
    { .name = "servicequotas",
        .also = "service-quotas",
        .id = "SERVICE_QUOTAS",
        .version = "ServiceQuotasV20190624",
        .per_second = 10 },
    { .name = "sns", .id = "SNS", .protocol = query, .version = "2010-03-31", .answer_lists = answer_lists::sns },
    { .name = "sqs", .id = "SQS", .protocol = json_1_0, .version = "AmazonSQS", .per_second = 300 },
    { .name = "states", .id = "SFN", .protocol = json_1_0, .version = "AWSStepFunctions" },
    { .name = "sts", .id = "STS", .protocol = query, .version = "2011-06-15", .per_second = 300 },
    { .name = "synthetics", .id = "SYNTHETICS", .protocol = rest_json, .version = "2017-10-11" },
    { .name = "tagging",
        .id = "RESOURCE_GROUPS_TAGGING_API",
        .version = "ResourceGroupsTaggingAPI_20170126",
        .per_second = 15 },
    { .name = "wafv2", .id = "WAFV2", .version = "AWSWAF_20190729", .per_second = 5 },
    { .name = "xray", .id = "XRAY", .protocol = rest_json, .version = "2016-04-12" },
};

} // namespace

std::span<AwsService const> aws_services() {
    return services;
}

AwsService const* find_aws_service(std::string_view name) {
    for (auto const& service : services)
        if (service.name == name || (!service.also.empty() && service.also == name))
            return &service;
    return nullptr;
}

} // namespace convops
