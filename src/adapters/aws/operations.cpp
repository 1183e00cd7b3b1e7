#include "adapters/aws/operations.h"

namespace convops {

namespace {

using enum Protocol;
using enum Access;

constexpr NamePair eks_names[] = { { "clusterName", "name" } };
constexpr NamePair lower_pages[] = { { "MaxResults", "maxResults" }, { "NextToken", "nextToken" } };
// The API reference writes these in lower case and the SDKs in upper case; both arrive.
constexpr NamePair guardduty_names[]
    = { { "detectorId", "DetectorId" }, { "FindingIds", "findingIds" }, { "FindingCriteria", "findingCriteria" },
          { "SortCriteria", "sortCriteria" }, { "MaxResults", "maxResults" }, { "NextToken", "nextToken" } };
constexpr NamePair rest_api_names[] = { { "restApiId", "restapi_id" } };
constexpr NamePair http_api_names[]
    = { { "ApiId", "apiId" }, { "MaxResults", "maxResults" }, { "NextToken", "nextToken" } };
constexpr NamePair bucket_names[] = { { "MaxBuckets", "max-buckets" }, { "ContinuationToken", "continuation-token" },
    { "Prefix", "prefix" }, { "BucketRegion", "bucket-region" } };
constexpr NamePair health_check_names[] = { { "Marker", "marker" }, { "MaxItems", "maxitems" } };

constexpr NamePair kafka_names[] = { { "ClusterNameFilter", "clusterNameFilter" },
    { "ClusterTypeFilter", "clusterTypeFilter" }, { "MaxResults", "maxResults" }, { "NextToken", "nextToken" } };
constexpr NamePair domain_names[] = { { "EngineType", "engineType" } };

constexpr std::string_view start_and_end = "StartTime EndTime";

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
constexpr double describe_alarms_per_second = 9;
constexpr double get_metric_data_per_second = 50;
constexpr double list_metrics_per_second = 25;
// "The rate of lookup requests is limited to two per second, per account, per Region."
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
constexpr double lookup_events_per_second = 2;

constexpr AwsOperation operations[] = {
    { .service = "acm", .name = "DescribeCertificate" },
    { .service = "acm", .name = "ListCertificates" },
    { .service = "apigateway", .name = "GetAccount", .method = "GET", .path = "/account" },
    { .service = "apigateway",
        .name = "GetDeployments",
        .method = "GET",
        .path = "/restapis/{restapi_id}/deployments",
        .renamed = rest_api_names },
    { .service = "apigateway",
        .name = "GetResources",
        .method = "GET",
        .path = "/restapis/{restapi_id}/resources",
        .renamed = rest_api_names },
    { .service = "apigateway", .name = "GetRestApis", .method = "GET", .path = "/restapis" },
    { .service = "apigateway",
        .name = "GetStages",
        .method = "GET",
        .path = "/restapis/{restapi_id}/stages",
        .renamed = rest_api_names },
    { .service = "apigatewayv2", .name = "GetApis", .method = "GET", .path = "/v2/apis", .renamed = http_api_names },
    { .service = "apigatewayv2",
        .name = "GetDeployments",
        .method = "GET",
        .path = "/v2/apis/{apiId}/deployments",
        .renamed = http_api_names },
    { .service = "apigatewayv2",
        .name = "GetIntegrations",
        .method = "GET",
        .path = "/v2/apis/{apiId}/integrations",
        .renamed = http_api_names },
    { .service = "apigatewayv2",
        .name = "GetStages",
        .method = "GET",
        .path = "/v2/apis/{apiId}/stages",
        .renamed = http_api_names },
    { .service = "application-autoscaling", .name = "DescribeScalableTargets" },
    { .service = "application-autoscaling", .name = "DescribeScalingActivities" },
    { .service = "autoscaling", .name = "DescribeAutoScalingGroups" },
    { .service = "autoscaling", .name = "DescribePolicies" },
    { .service = "autoscaling", .name = "DescribeScalingActivities" },
    { .service = "budgets", .name = "DescribeBudgets" },
    { .service = "cloudformation", .name = "DescribeStackEvents" },
    { .service = "cloudformation", .name = "DescribeStacks" },
    { .service = "cloudformation", .name = "ListStacks" },
    { .service = "cloudfront", .name = "ListDistributions", .method = "GET", .path = "/2020-05-31/distribution" },
    { .service = "cloudtrail", .name = "DescribeTrails" },
    { .service = "cloudtrail", .name = "GetEventSelectors" },
    { .service = "cloudtrail", .name = "GetTrailStatus" },
    { .service = "cloudtrail",
        .name = "LookupEvents",
        .times = start_and_end,
        .per_second = lookup_events_per_second },
    { .service = "codedeploy", .name = "BatchGetDeployments" },
    { .service = "codedeploy", .name = "GetDeployment" },
    { .service = "codedeploy", .name = "ListDeployments", .times = "start end" },
    { .service = "cognito-idp", .name = "ListUserPoolClients" },
    { .service = "cognito-idp", .name = "ListUserPools" },
    { .service = "dynamodb", .name = "DescribeTable" },
    { .service = "dynamodb", .name = "ListTables" },
    { .service = "ec2", .name = "DescribeFlowLogs" },
    { .service = "ec2", .name = "DescribeInstanceStatus" },
    { .service = "ec2", .name = "DescribeInstances" },
    { .service = "ec2", .name = "DescribeNatGateways" },
    { .service = "ec2", .name = "DescribeNetworkAcls" },
    { .service = "ec2", .name = "DescribeNetworkInterfaces" },
    { .service = "ec2", .name = "DescribeRegions" },
    { .service = "ec2", .name = "DescribeRouteTables" },
    { .service = "ec2", .name = "DescribeSecurityGroups" },
    { .service = "ec2", .name = "DescribeSubnets" },
    { .service = "ec2", .name = "DescribeVolumeStatus" },
    { .service = "ec2", .name = "DescribeVolumes" },
    { .service = "ec2", .name = "DescribeVpcEndpoints" },
    { .service = "ec2", .name = "DescribeVpcs" },
    { .service = "ec2", .name = "DescribeVpnConnections" },
    { .service = "ecs", .name = "DescribeClusters" },
    { .service = "ecs", .name = "DescribeServices" },
    { .service = "ecs", .name = "DescribeTaskDefinition" },
    { .service = "ecs", .name = "DescribeTasks" },
    { .service = "ecs", .name = "ListClusters" },
    { .service = "ecs", .name = "ListServices" },
    { .service = "ecs", .name = "ListTasks" },
    { .service = "eks", .name = "DescribeCluster", .method = "GET", .path = "/clusters/{name}" },
    { .service = "eks",
        .name = "DescribeNodegroup",
        .method = "GET",
        .path = "/clusters/{name}/node-groups/{nodegroupName}",
        .renamed = eks_names },
    { .service = "eks",
        .name = "ListAddons",
        .method = "GET",
        .path = "/clusters/{name}/addons",
        .renamed = eks_names },
    { .service = "eks", .name = "ListClusters", .method = "GET", .path = "/clusters" },
    { .service = "eks",
        .name = "ListNodegroups",
        .method = "GET",
        .path = "/clusters/{name}/node-groups",
        .renamed = eks_names },
    { .service = "elasticache", .name = "DescribeCacheClusters" },
    { .service = "elasticache", .name = "DescribeCacheSubnetGroups" },
    { .service = "elasticache", .name = "DescribeEvents", .times = start_and_end },
    { .service = "elasticache", .name = "DescribeReplicationGroups" },
    { .service = "elasticfilesystem",
        .name = "DescribeFileSystems",
        .method = "GET",
        .path = "/2015-02-01/file-systems" },
    { .service = "elasticfilesystem",
        .name = "DescribeMountTargets",
        .method = "GET",
        .path = "/2015-02-01/mount-targets" },
    { .service = "elasticloadbalancing", .name = "DescribeListeners" },
    { .service = "elasticloadbalancing", .name = "DescribeLoadBalancerAttributes" },
    { .service = "elasticloadbalancing", .name = "DescribeLoadBalancers" },
    { .service = "elasticloadbalancing", .name = "DescribeRules" },
    { .service = "elasticloadbalancing", .name = "DescribeTags" },
    { .service = "elasticloadbalancing", .name = "DescribeTargetGroups" },
    { .service = "elasticloadbalancing", .name = "DescribeTargetHealth" },
    { .service = "elb", .name = "DescribeLoadBalancers" },
    { .service = "events", .name = "ListRules" },
    { .service = "events", .name = "ListTargetsByRule" },
    { .service = "firehose", .name = "ListDeliveryStreams" },
    { .service = "guardduty",
        .name = "GetFindings",
        .path = "/detector/{DetectorId}/findings/get",
        .renamed = guardduty_names },
    { .service = "guardduty", .name = "ListDetectors", .method = "GET", .path = "/detector", .renamed = lower_pages },
    { .service = "guardduty",
        .name = "ListFindings",
        .path = "/detector/{DetectorId}/findings",
        .renamed = guardduty_names },
    { .service = "health", .name = "DescribeAffectedEntities", .times = "from to" },
    { .service = "health", .name = "DescribeEventDetails" },
    { .service = "health", .name = "DescribeEvents", .times = "from to" },
    { .service = "iam", .name = "ListAccountAliases" },
    { .service = "inspector2", .name = "BatchGetAccountStatus", .path = "/status/batch/get" },
    { .service = "inspector2",
        .name = "ListFindings",
        .path = "/findings/list",
        .times = "startInclusive endInclusive" },
    { .service = "kafka",
        .name = "ListClustersV2",
        .method = "GET",
        .path = "/api/v2/clusters",
        .renamed = kafka_names },
    { .service = "kinesis", .name = "DescribeStreamSummary" },
    { .service = "kinesis", .name = "ListStreams", .per_second = 5 }, // "five transactions per second per account"
    { .service = "kms", .name = "DescribeKey" },
    { .service = "kms", .name = "GetKeyPolicy" },
    { .service = "lambda", .name = "GetAccountSettings", .method = "GET", .path = "/2016-08-19/account-settings" },
    { .service = "lambda",
        .name = "GetFunctionConcurrency",
        .method = "GET",
        .path = "/2019-09-30/functions/{FunctionName}/concurrency" },
    // Not GetFunction: its answer holds a link to the customer's code.
    { .service = "lambda",
        .name = "GetFunctionConfiguration",
        .method = "GET",
        .path = "/2015-03-31/functions/{FunctionName}/configuration" },
    { .service = "lambda",
        .name = "GetPolicy",
        .method = "GET",
        .path = "/2015-03-31/functions/{FunctionName}/policy" },
    { .service = "lambda",
        .name = "ListAliases",
        .method = "GET",
        .path = "/2015-03-31/functions/{FunctionName}/aliases" },
    { .service = "lambda",
        .name = "ListEventSourceMappings",
        .method = "GET",
        .path = "/2015-03-31/event-source-mappings" },
    { .service = "lambda", .name = "ListFunctions", .method = "GET", .path = "/2015-03-31/functions" },
    { .service = "lambda",
        .name = "ListVersionsByFunction",
        .method = "GET",
        .path = "/2015-03-31/functions/{FunctionName}/versions" },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    { .service = "logs", .name = "DescribeLogGroups", .per_second = 10 },
    { .service = "logs", .name = "DescribeMetricFilters" },
    { .service = "logs", .name = "DescribeSubscriptionFilters" },
    { .service = "logs", .name = "FilterLogEvents" },
    { .service = "logs", .name = "GetQueryResults" },
    { .service = "logs", .name = "ListLogAnomalyDetectors" },
    { .service = "logs", .name = "StartQuery" },
    { .service = "logs", .name = "StopQuery" },
    { .service = "monitoring", .name = "DescribeAlarmHistory", .times = "StartDate EndDate" },
    { .service = "monitoring", .name = "DescribeAlarms", .per_second = describe_alarms_per_second },
    { .service = "monitoring", .name = "DescribeAlarmsForMetric", .per_second = describe_alarms_per_second },
    { .service = "monitoring", .name = "DescribeAnomalyDetectors", .per_second = 10 },
    { .service = "monitoring", .name = "GetDashboard" },
    { .service = "monitoring",
        .name = "GetMetricData",
        .times = start_and_end,
        .per_second = get_metric_data_per_second },
    { .service = "monitoring", .name = "GetMetricStatistics", .times = start_and_end, .per_second = 100 },
    { .service = "monitoring", .name = "ListAlarmMuteRules" },
    { .service = "monitoring", .name = "ListDashboards" },
    { .service = "monitoring", .name = "ListMetrics", .per_second = list_metrics_per_second },
    { .service = "monitoring", .name = "ListTagsForResource" },
    { .service = "opensearch", .name = "DescribeDomains", .path = "/2021-01-01/opensearch/domain-info" },
    { .service = "opensearch",
        .name = "ListDomainNames",
        .method = "GET",
        .path = "/2021-01-01/domain",
        .renamed = domain_names },
    { .service = "pi", .name = "DescribeDimensionKeys", .times = start_and_end },
    { .service = "pi", .name = "GetResourceMetrics", .times = start_and_end },
    { .service = "rds", .name = "DescribeDBClusters" },
    { .service = "rds", .name = "DescribeDBInstances" },
    { .service = "rds", .name = "DescribeDBParameters" },
    { .service = "rds", .name = "DescribeEvents", .times = start_and_end },
    { .service = "rds", .name = "DescribePendingMaintenanceActions" },
    { .service = "redshift", .name = "DescribeClusters" },
    { .service = "route53",
        .name = "GetHealthCheckStatus",
        .method = "GET",
        .path = "/2013-04-01/healthcheck/{HealthCheckId}/status" },
    { .service = "route53",
        .name = "ListHealthChecks",
        .method = "GET",
        .path = "/2013-04-01/healthcheck",
        .renamed = health_check_names },
    { .service = "s3", .name = "GetBucketLocation", .method = "GET", .path = "/{Bucket}?location" },
    { .service = "s3",
        .name = "GetBucketNotificationConfiguration",
        .method = "GET",
        .path = "/{Bucket}?notification" },
    { .service = "s3", .name = "GetBucketReplication", .method = "GET", .path = "/{Bucket}?replication" },
    { .service = "s3",
        .name = "ListBucketMetricsConfigurations",
        .method = "GET",
        .path = "/{Bucket}?metrics",
        .renamed = bucket_names },
    { .service = "s3", .name = "ListBuckets", .method = "GET", .renamed = bucket_names },
    { .service = "secretsmanager", .name = "GetSecretValue", .access = secret },
    { .service = "securityhub", .name = "DescribeHub", .method = "GET", .path = "/accounts" },
    { .service = "securityhub", .name = "GetFindings", .path = "/findings" },
    { .service = "servicequotas", .name = "GetServiceQuota" },
    { .service = "servicequotas", .name = "ListServiceQuotas" },
    { .service = "sns", .name = "GetSubscriptionAttributes" },
    { .service = "sns", .name = "GetTopicAttributes" },
    { .service = "sns", .name = "ListSubscriptions" },
    { .service = "sns", .name = "ListSubscriptionsByTopic" },
    { .service = "sns", .name = "ListTopics" },
    { .service = "sqs", .name = "ChangeMessageVisibility", .access = intake },
    { .service = "sqs", .name = "DeleteMessage", .access = intake },
    { .service = "sqs", .name = "GetQueueAttributes" },
    { .service = "sqs", .name = "GetQueueUrl" },
    { .service = "sqs", .name = "ListQueues" },
    { .service = "sqs", .name = "ReceiveMessage", .access = intake },
    { .service = "states", .name = "DescribeStateMachine" },
    { .service = "states", .name = "ListStateMachines" },
    { .service = "sts", .name = "AssumeRole", .access = session },
    { .service = "sts", .name = "AssumeRoleWithWebIdentity", .access = session },
    { .service = "sts", .name = "GetCallerIdentity", .access = session },
    { .service = "synthetics", .name = "DescribeCanaries", .path = "/canaries" },
    { .service = "tagging", .name = "GetResources" },
    { .service = "wafv2", .name = "GetWebACL" },
    { .service = "wafv2", .name = "GetWebACLForResource" },
    { .service = "wafv2", .name = "ListLoggingConfigurations" },
    { .service = "wafv2", .name = "ListResourcesForWebACL" },
    { .service = "wafv2", .name = "ListWebACLs" },
    { .service = "xray", .name = "BatchGetTraces", .path = "/Traces" },
    { .service = "xray", .name = "GetServiceGraph", .path = "/ServiceGraph", .times = start_and_end },
    { .service = "xray", .name = "GetTraceSummaries", .path = "/TraceSummaries", .times = start_and_end },
};

} // namespace

std::span<AwsOperation const> aws_operations() {
    return operations;
}

AwsOperation const* find_aws_operation(AwsService const& service, std::string_view name) {
    for (auto const& operation : operations)
        if (operation.service == service.name && operation.name == name)
            return &operation;
    return nullptr;
}

std::string_view to_string(Protocol protocol) {
    switch (protocol) {
    case query:
        return "query";
    case ec2:
        return "ec2";
    case json_1_0:
        return "json-1.0";
    case json_1_1:
        return "json-1.1";
    case rest_json:
        return "rest-json";
    case rest_xml:
        return "rest-xml";
    }
    return "";
}

std::string_view to_string(Access access) {
    switch (access) {
    case read:
        return "read";
    case intake:
        return "intake";
    case session:
        return "session";
    case secret:
        return "secret";
    }
    return "";
}

} // namespace convops
