// For tests of sources: what stands around the small account. An API, a web ACL, certificates, a NAT gateway, a
// bucket, a topic, an EKS cluster and quotas, in the shapes of AWS's API references (cited in the sources).
#pragma once

#include "evidence/small_account.h"

namespace convops {

inline Question wide_question() {
    auto question = small_question();
    for (auto const& [type, name] : std::initializer_list<std::pair<char const*, char const*>> {
             { "elb:load_balancer", "app/shop/0123" }, { "ec2:instance", "i-1" }, { "s3:bucket", "pictures" },
             { "sns:topic", "orders" }, { "eks:cluster", "main" }, { "apigateway:api", "shop-api" } })
        question.nearby.push_back({ { type, name, {} }, 1 });
    Fact balancer;
    balancer.detail
        = StateFact { { "elb:load_balancer", "app/shop/0123",
                          "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123" },
              StateHealth::healthy, {} };
    question.map.facts.push_back(balancer);
    return question;
}

inline void add_api_gateway(FakeAws& aws) {
    aws.on("apigateway:GetRestApis",
        R"({"item":[{"id":"abc123","name":"shop-api","createdDate":"2026-01-01T00:00:00Z"}]})");
    aws.on("apigatewayv2:GetApis", R"({"items":[{"apiId":"h77","name":"web","protocolType":"HTTP"}]})");
    aws.on("apigateway:GetStages", R"({"item":[{"stageName":"prod","deploymentId":"d2",
        "methodSettings":{"*/*":{"throttlingRateLimit":50.0,"throttlingBurstLimit":100}},
        "variables":{"fn":"pay"},"lastUpdatedDate":"2026-11-23T20:01:00Z",
        "webAclArn":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-acl/0a-1b"}]})");
    aws.on("apigateway:GetDeployments",
        R"({"item":[{"id":"d2","createdDate":"2026-11-23T20:01:00Z","description":"add coupons"},
        {"id":"d1","createdDate":"2026-10-01T08:00:00Z"}]})");
    aws.on("apigateway:GetResources", R"({"item":[{"id":"r","path":"/orders","resourceMethods":{
        "GET":{"methodIntegration":{"type":"AWS_PROXY","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:orders/invocations"}},
        "POST":{"methodIntegration":{"type":"AWS_PROXY","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}/invocations"}},
        "OPTIONS":{"methodIntegration":{"type":"MOCK"}}}}]})");
    aws.on("apigateway:GetAccount", R"({"throttleSettings":{"burstLimit":5000,"rateLimit":10000.0}})");
}

inline void add_eks(FakeAws& aws) {
    aws.on("eks:DescribeCluster",
        R"({"cluster":{"name":"main","arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","status":"ACTIVE","version":"1.33","health":{"issues":[]}}})");
    aws.on("eks:ListNodegroups", R"({"nodegroups":["workers"]})");
    aws.on(
        "eks:DescribeNodegroup", R"({"nodegroup":{"nodegroupName":"workers","clusterName":"main","status":"DEGRADED",
        "capacityType":"ON_DEMAND","scalingConfig":{"minSize":1,"maxSize":4,"desiredSize":4},
        "resources":{"autoScalingGroups":[{"name":"eks-workers-1"}]},
        "health":{"issues":[{"code":"AsgInstanceLaunchFailures","message":"You've reached your quota for vCPUs","resourceIds":["eks-workers-1"]}]}}})");
}

inline void add_edge_of_network(FakeAws& aws) {
    aws.on("acm:ListCertificates", R"({"CertificateSummaryList":[
        {"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/c-1","DomainName":"shop.example.com","Status":"EXPIRED","InUse":true,"NotAfter":1795464000},
        {"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/c-2","DomainName":"old.example.com","Status":"EXPIRED","InUse":false,"NotAfter":1700000000},
        {"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/c-3","DomainName":"fine.example.com","Status":"ISSUED","InUse":true,"NotAfter":1820000000}]})");
    aws.on("acm:DescribeCertificate",
        R"({"Certificate":{"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/c-1",
        "DomainName":"shop.example.com","Status":"EXPIRED","NotAfter":1795464000,"Type":"AMAZON_ISSUED","RenewalEligibility":"ELIGIBLE",
        "InUseBy":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123"],
        "RenewalSummary":{"RenewalStatus":"FAILED","RenewalStatusReason":"CAA_ERROR"}}})");
    aws.on("wafv2:GetWebACLForResource", R"({"WebACL":{"Name":"shop-acl","Id":"0a-1b",
        "ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-acl/0a-1b","DefaultAction":{"Allow":{}},
        "Rules":[{"Name":"rate","Priority":0,"Action":{"Block":{}},"VisibilityConfig":{"MetricName":"rate"}},
        {"Name":"core","Priority":1,"OverrideAction":{"Count":{}},"VisibilityConfig":{"MetricName":"core"}}],
        "VisibilityConfig":{"MetricName":"shop-acl"}}})");
    aws.on("ec2:DescribeNatGateways",
        R"({"natGatewaySet":[{"natGatewayId":"nat-1","state":"available","vpcId":"vpc-1","subnetId":"subnet-1",
        "natGatewayAddressSet":[{"publicIp":"203.0.113.7"}]},{"natGatewayId":"nat-0","state":"deleted"}]})");
    aws.on("ec2:DescribeRouteTables",
        R"({"routeTableSet":[{"routeTableId":"rtb-1","vpcId":"vpc-1","routeSet":[{"destinationCidrBlock":"0.0.0.0/0",
        "natGatewayId":"nat-1"}],"associationSet":[{"main":true}]}]})");
    aws.on("ec2:DescribeSubnets", R"({"subnetSet":[{"subnetId":"subnet-1","vpcId":"vpc-1"}]})");
    aws.on("ec2:DescribeNetworkAcls",
        R"({"networkAclSet":[{"networkAclId":"acl-1","vpcId":"vpc-1","associationSet":[{"subnetId":"subnet-1"}]}]})");
    aws.on("ec2:DescribeVpcEndpoints",
        R"({"vpcEndpointSet":[{"vpcEndpointId":"vpce-1","vpcId":"vpc-1","vpcEndpointType":"Interface",
        "state":"available","serviceName":"com.amazonaws.eu-west-1.sqs"}]})");
}

inline void add_storage_and_topics(FakeAws& aws) {
    aws.on("ec2:DescribeVolumes",
        R"({"volumeSet":[{"volumeId":"vol-1","volumeType":"gp3","status":"in-use","size":"100","iops":"3000","throughput":"125",
        "attachmentSet":[{"instanceId":"i-1","device":"/dev/xvda"}]}]})");
    aws.on("ec2:DescribeVolumeStatus", R"({"volumeStatusSet":[{"volumeId":"vol-1","volumeStatus":{"status":"impaired",
        "details":[{"name":"io-enabled","status":"failed"},{"name":"io-performance","status":"not-applicable"}]},
        "eventsSet":[{"eventType":"potential-data-inconsistency","notBefore":"2026-11-23T20:06:00Z"}]}]})");
    aws.on("s3:ListBucketMetricsConfigurations", R"({"MetricsConfiguration":{"Id":"EntireBucket"}})");
    aws.on("s3:GetBucketReplication",
        R"({"Role":"r","Rule":{"ID":"copy","Status":"Disabled","Destination":{"Bucket":"arn:aws:s3:::pictures-copy"}}})");
    aws.on("sns:ListSubscriptionsByTopic", R"({"Subscriptions":[
        {"SubscriptionArn":"arn:aws:sns:eu-west-1:111122223333:orders:1","Protocol":"sqs","Endpoint":"arn:aws:sqs:eu-west-1:111122223333:mail","TopicArn":"arn:aws:sns:eu-west-1:111122223333:orders"},
        {"SubscriptionArn":"PendingConfirmation","Protocol":"email","Endpoint":"jane@example.com","TopicArn":"arn:aws:sns:eu-west-1:111122223333:orders"}]})");
    aws.on("sns:GetTopicAttributes",
        R"({"Attributes":{"SubscriptionsConfirmed":"1","SubscriptionsPending":"1","SubscriptionsDeleted":"2"}})");
    aws.on("sns:GetSubscriptionAttributes", R"({"Attributes":{"Protocol":"sqs"}})");
    aws.on("lambda:GetPolicy",
        R"j({"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"apigateway.amazonaws.com\"},\"Condition\":{\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:execute-api:eu-west-1:111122223333:abc123/*/GET/orders\"}}},{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Condition\":{\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:sns:eu-west-1:111122223333:orders\"}}}]}"})j");
    aws.on("servicequotas:ListServiceQuotas", [](AwsCall const& call) -> Result<Json> {
        if (text_at(Json(call.params), "ServiceCode") != "lambda")
            return Json(JsonObject {});
        return parse_json(
            R"({"Quotas":[{"ServiceCode":"lambda","QuotaCode":"L-B99A9384","QuotaName":"Concurrent executions","Value":1000.0,"Adjustable":true,
        "UsageMetric":{"MetricNamespace":"AWS/Lambda","MetricName":"ConcurrentExecutions","MetricDimensions":{},"MetricStatisticRecommendation":"Maximum"}},
        {"ServiceCode":"lambda","QuotaCode":"L-2","QuotaName":"Function and layer storage","Value":75.0}]})");
    });
}

// Each query gets a datapoint a minute for the hour before: `level` until 20:10, `after` since.
inline void answer_metrics(FakeAws& aws, double level, double after) {
    aws.on("monitoring:GetMetricData", [=](AwsCall const& call) -> Result<Json> {
        JsonArray results;
        for (auto const& query : list_at(Json(call.params), "MetricDataQueries")) {
            JsonArray times;
            JsonArray values;
            for (auto at = at_clock("19:16:00"); at < at_clock("20:16:00"); at += Minutes { 1 }) {
                times.emplace_back(format_time(at));
                values.emplace_back(at < at_clock("20:10:00") ? level : after);
            }
            results.push_back(
                JsonObject { { "Id", text_at(query, "Id") }, { "Timestamps", times }, { "Values", values } });
        }
        return Json(JsonObject { { "MetricDataResults", results } });
    });
}

inline void add_wide_account(FakeAws& aws) {
    add_small_account(aws);
    add_api_gateway(aws);
    add_eks(aws);
    add_edge_of_network(aws);
    add_storage_and_topics(aws);
    answer_metrics(aws, 5, 970);
}

} // namespace convops
