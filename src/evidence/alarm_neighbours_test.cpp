// For every sort of thing that an alarm can be about: what the investigation asks to find those before and behind it.
#include "evidence/small_account.h"
#include "evidence/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {

std::vector<Fact> state_machine_facts(Json const& machine);

namespace {

struct Row {
    std::string_view metric_namespace;
    std::map<std::string, std::string> dimensions;
    std::string_view type;
    std::vector<std::string> behind; // asked to find what it calls, holds or stands on
    std::vector<std::string> before; // asked to find who calls it
};

std::string const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:ship";
std::string const certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/c-1";

// Callers name what they call in their environment, which is read of every service and function.
std::vector<std::string> const environments { "ecs:DescribeTaskDefinition", "lambda:ListFunctions" };

std::vector<Row> rows() {
    return {
        { "AWS/ApplicationELB", { { "LoadBalancer", "app/shop/0123" } }, "elb:load_balancer",
            { "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth" },
            { "elasticloadbalancing:DescribeLoadBalancers", "wafv2:GetWebACLForResource" } },
        { "AWS/ApplicationELB", { { "TargetGroup", "targetgroup/shop/0123" }, { "LoadBalancer", "app/shop/0123" } },
            "elb:target_group", { "elasticloadbalancing:DescribeTargetHealth", "ecs:DescribeServices" },
            { "elasticloadbalancing:DescribeTargetGroups" } },
        { "AWS/NetworkELB", { { "LoadBalancer", "net/shop/0123" } }, "elb:load_balancer",
            { "elasticloadbalancing:DescribeTargetGroups" }, environments },
        { "AWS/ELB", { { "LoadBalancerName", "old-shop" } }, "elb:load_balancer", { "elb:DescribeLoadBalancers" },
            environments },
        { "AWS/ECS", { { "ServiceName", "checkout" }, { "ClusterName", "shop" } }, "ecs:service",
            { "ecs:DescribeTaskDefinition", "ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls" },
            { "ecs:DescribeServices", "elasticloadbalancing:DescribeTargetGroups" } },
        { "AWS/ECS", { { "ClusterName", "shop" } }, "ecs:cluster", { "ecs:DescribeServices" },
            { "elasticloadbalancing:DescribeTargetGroups" } },
        { "AWS/RDS", { { "DBInstanceIdentifier", "orders-db" } }, "rds:instance",
            { "rds:DescribeDBInstances", "ec2:DescribeSubnets" },
            { "ec2:DescribeSecurityGroups", "ecs:DescribeTaskDefinition", "lambda:ListFunctions" } },
        { "AWS/RDS", { { "DBClusterIdentifier", "orders" } }, "rds:cluster", { "rds:DescribeDBClusters" },
            environments },
        { "AWS/DocDB", { { "DBInstanceIdentifier", "papers" } }, "rds:instance", { "rds:DescribeDBInstances" },
            environments },
        { "AWS/Lambda", { { "FunctionName", "mailer" } }, "lambda:function",
            { "lambda:GetFunctionConfiguration", "ec2:DescribeRouteTables" },
            { "lambda:ListEventSourceMappings", "lambda:GetPolicy", "events:ListRules" } },
        { "AWS/EC2", { { "InstanceId", "i-1" } }, "ec2:instance",
            { "ec2:DescribeVolumes", "ec2:DescribeRouteTables" },
            { "elasticloadbalancing:DescribeTargetHealth", "ec2:DescribeSecurityGroups" } },
        { "AWS/EC2", { { "AutoScalingGroupName", "web" } }, "autoscaling:group", { "ec2:DescribeInstances" },
            { "elasticloadbalancing:DescribeTargetHealth" } },
        { "AWS/EBS", { { "VolumeId", "vol-1" } }, "ebs:volume", { "ec2:DescribeVolumes" },
            { "ec2:DescribeInstances" } },
        { "AWS/SQS", { { "QueueName", "mail" } }, "sqs:queue", { "lambda:ListEventSourceMappings" },
            { "sqs:GetQueueAttributes", "ecs:DescribeTaskDefinition", "lambda:ListFunctions" } },
        { "AWS/SNS", { { "TopicName", "orders" } }, "sns:topic", { "sns:ListSubscriptionsByTopic" }, environments },
        { "AWS/DynamoDB", { { "TableName", "carts" } }, "dynamodb:table", { "lambda:ListEventSourceMappings" },
            environments },
        { "AWS/ElastiCache", { { "CacheClusterId", "basket" } }, "elasticache:cluster",
            { "elasticache:DescribeReplicationGroups", "elasticache:DescribeCacheSubnetGroups" }, environments },
        { "AWS/ApiGateway", { { "ApiName", "shop-api" } }, "apigateway:api", { "apigateway:GetRestApis" },
            { "lambda:ListFunctions" } },
        { "AWS/S3", { { "BucketName", "pictures" } }, "s3:bucket", { "s3:GetBucketNotificationConfiguration" },
            environments },
        { "AWS/NATGateway", { { "NatGatewayId", "nat-1" } }, "nat:gateway", { "ec2:DescribeNatGateways" },
            { "ec2:DescribeRouteTables", "ec2:DescribeSubnets" } },
        { "AWS/Kinesis", { { "StreamName", "clicks" } }, "kinesis:stream", { "lambda:ListEventSourceMappings" },
            environments },
        { "AWS/States", { { "StateMachineArn", machine } }, "states:machine", { "states:DescribeStateMachine" },
            { "events:ListRules", "lambda:ListFunctions" } },
        { "AWS/Events", { { "RuleName", "nightly" } }, "events:rule", { "events:ListRules" }, {} },
        { "ContainerInsights", { { "ClusterName", "main" } }, "eks:cluster",
            { "eks:DescribeCluster", "ec2:DescribeInstances" }, { "elasticloadbalancing:DescribeTargetHealth" } },
        { "AWS/WAFV2", { { "WebACL", "porch" }, { "Region", "eu-west-1" }, { "Rule", "ALL" } }, "waf:web_acl",
            { "wafv2:ListWebACLs" }, { "wafv2:ListResourcesForWebACL" } },
        { "AWS/CloudFront", { { "DistributionId", "E1" } }, "cloudfront:distribution",
            { "cloudfront:ListDistributions", "elasticloadbalancing:DescribeLoadBalancers" }, {} },
        { "AWS/CertificateManager", { { "CertificateArn", certificate } }, "acm:certificate", {},
            { "acm:DescribeCertificate" } },
        { "AWS/EFS", { { "FileSystemId", "fs-1" } }, "efs:file_system",
            { "elasticfilesystem:DescribeMountTargets", "ec2:DescribeRouteTables" },
            { "ecs:DescribeTaskDefinition" } },
        { "AWS/Logs", { { "LogGroupName", "/aws/lambda/mailer" } }, "logs:group", {}, { "lambda:ListFunctions" } },
    };
}

// What is asked of an account in which there is one of each.
void add_one_of_each(FakeAws& aws) {
    add_small_account(aws);
    aws.on("wafv2:ListWebACLs", R"({"WebACLs":[{"Name":"porch","Id":"0a-1b",
        "ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/porch/0a-1b"}]})");
    aws.on("wafv2:ListResourcesForWebACL", [](AwsCall const& call) -> Result<Json> {
        return parse_json(text_at(Json(call.params), "ResourceType") == "APPLICATION_LOAD_BALANCER"
                ? R"({"ResourceArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123"]})"
                : R"({"ResourceArns":["arn:aws:apigateway:eu-west-1::/restapis/abc123/stages/prod"]})");
    });
    aws.on("cloudfront:ListDistributions",
        R"({"Items":[{"Id":"E0","Origins":{"Items":[{"DomainName":"other.example.com"}]}},
        {"Id":"E1","ARN":"arn:aws:cloudfront::111122223333:distribution/E1",
         "WebACLId":"arn:aws:wafv2:us-east-1:111122223333:global/webacl/gate/1","Origins":{"Items":[
         {"DomainName":"shop-1.eu-west-1.elb.amazonaws.com"},{"DomainName":"pictures.s3.eu-west-1.amazonaws.com"}]}}]})");
    aws.on("acm:DescribeCertificate",
        R"({"Certificate":{"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/c-1",
        "InUseBy":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123"]}})");
    aws.on("states:DescribeStateMachine",
        R"j({"stateMachineArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:ship","status":"ACTIVE",
        "definition":"{\"States\":{\"Pack\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:mailer\"}}}"})j");
    aws.on("elb:DescribeLoadBalancers", R"({"LoadBalancerDescriptions":[{"LoadBalancerName":"old-shop",
        "DNSName":"Old-Shop-1.eu-west-1.elb.amazonaws.com","Instances":[{"InstanceId":"i-1"}]}]})");
    aws.on("s3:GetBucketNotificationConfiguration",
        R"({"CloudFunctionConfiguration":{"CloudFunction":"arn:aws:lambda:eu-west-1:111122223333:function:mailer"},
        "QueueConfiguration":[{"Queue":"arn:aws:sqs:eu-west-1:111122223333:mail"}]})");
    aws.on("elasticfilesystem:DescribeMountTargets", R"({"MountTargets":[{"SubnetId":"subnet-a"}]})");
}

Evidence investigated(Resource const& centre, FakeAws& aws) {
    auto question = small_question();
    question.centre = { centre };
    question.nearby.clear();
    question.map = {};
    FakeClock clock;
    return collect_evidence(question, sources::all(), aws, clock);
}

TEST(AlarmNeighbours, for_every_namespace_an_investigation_asks_who_stands_before_and_behind) {
    for (auto const& row : rows()) {
        auto const resource = resource_of({ std::string(row.metric_namespace), "Any", row.dimensions });
        ASSERT_TRUE(resource);
        EXPECT_EQ(resource->type, row.type) << row.metric_namespace;
        FakeAws aws;
        add_one_of_each(aws);
        auto const evidence = investigated(*resource, aws);
        std::set<std::string> asked;
        for (auto const& call : aws.calls())
            asked.insert(call.name());
        for (auto const* list : { &row.behind, &row.before })
            for (auto const& operation : *list)
                EXPECT_TRUE(asked.contains(operation)) << row.metric_namespace << " does not ask " << operation;
    }
}

// "a > b" for the resource on either side.
std::set<std::string> edges_around(Resource const& centre) {
    FakeAws aws;
    add_one_of_each(aws);
    return edges_of(investigated(centre, aws));
}

TEST(AlarmNeighbours, a_web_acl_is_tied_to_what_it_protects) {
    auto const edges = edges_around({ "waf:web_acl", "porch", {} });
    EXPECT_TRUE(edges.contains("elb:load_balancer/app/shop/0123 > waf:web_acl/porch"));
    EXPECT_TRUE(edges.contains("apigateway:api/abc123 > waf:web_acl/porch"));
}

TEST(AlarmNeighbours, a_distribution_is_tied_to_its_origins_and_its_web_acl_and_no_other_distribution_is_told) {
    auto const edges = edges_around({ "cloudfront:distribution", "E1", {} });
    EXPECT_TRUE(edges.contains("cloudfront:distribution/E1 > external:host/shop-1.eu-west-1.elb.amazonaws.com"));
    EXPECT_TRUE(edges.contains("cloudfront:distribution/E1 > s3:bucket/pictures"));
    EXPECT_TRUE(edges.contains("cloudfront:distribution/E1 > waf:web_acl/gate"));
    EXPECT_FALSE(edges.contains("cloudfront:distribution/E0 > external:host/other.example.com"));
}

TEST(AlarmNeighbours, a_bucket_is_tied_to_whom_it_tells) {
    auto const edges = edges_around({ "s3:bucket", "pictures", {} });
    EXPECT_TRUE(edges.contains("s3:bucket/pictures > lambda:function/mailer"));
    EXPECT_TRUE(edges.contains("s3:bucket/pictures > sqs:queue/mail"));
}

TEST(AlarmNeighbours, a_certificate_a_classic_load_balancer_and_a_state_machine_are_tied) {
    EXPECT_TRUE(edges_around({ "acm:certificate", certificate, {} })
            .contains("elb:load_balancer/app/shop/0123 > acm:certificate/" + certificate));
    auto const classic = edges_around({ "elb:load_balancer", "old-shop", {} });
    EXPECT_TRUE(classic.contains("elb:load_balancer/old-shop > ec2:instance/i-1"));
    EXPECT_TRUE(
        classic.contains("external:host/old-shop-1.eu-west-1.elb.amazonaws.com > elb:load_balancer/old-shop"));
    EXPECT_TRUE(edges_around({ "states:machine", machine, {} })
            .contains("states:machine/" + machine + " > lambda:function/mailer"));
}

TEST(AlarmNeighbours, a_state_machine_calls_what_its_states_name_and_no_integration_is_a_thing) {
    auto const definition = R"({"States":{
        "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"pack:live"}},
        "B":{"Type":"Map","Iterator":{"States":{"C":{"Resource":"arn:aws:states:::dynamodb:putItem",
            "Parameters":{"TableName":"orders"}}}}},
        "D":{"Resource":"arn:aws:states:::sqs:sendMessage",
            "Parameters":{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/mail"}},
        "E":{"Parameters":{"FunctionName.$":"$.name","FunctionName":"${Fn}"}}}})";
    Evidence evidence;
    evidence.facts = state_machine_facts(
        JsonObject { { "stateMachineArn", machine }, { "status", "ACTIVE" }, { "definition", definition } });
    EXPECT_THAT(edges_of(evidence),
        testing::UnorderedElementsAre("states:machine/" + machine + " > lambda:function/pack",
            "states:machine/" + machine + " > dynamodb:table/orders",
            "states:machine/" + machine + " > sqs:queue/mail"));
    // What is no definition, or is nested beyond reason, leaves the state alone.
    for (auto const& broken : { std::string("{"), std::string(100'000, '[') })
        EXPECT_EQ(
            state_machine_facts(JsonObject { { "stateMachineArn", machine }, { "definition", broken } }).size(), 1U);
}

TEST(AlarmNeighbours, what_is_denied_is_a_gap_with_its_action_and_other_alarms_ask_nothing) {
    for (auto const& [centre, operation, action] :
        std::initializer_list<std::tuple<Resource, std::string, std::string>> {
            { { "waf:web_acl", "porch", {} }, "wafv2:ListResourcesForWebACL", "wafv2:ListResourcesForWebACL" },
            { { "cloudfront:distribution", "E1", {} }, "cloudfront:ListDistributions",
                "cloudfront:ListDistributions" },
            { { "states:machine", machine, {} }, "states:DescribeStateMachine", "states:DescribeStateMachine" },
            { { "s3:bucket", "pictures", {} }, "s3:GetBucketNotificationConfiguration", "s3:GetBucketNotification" },
            { { "elb:load_balancer", "old-shop", {} }, "elb:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeLoadBalancers" },
            { { "efs:file_system", "fs-1", {} }, "elasticfilesystem:DescribeMountTargets",
                "elasticfilesystem:DescribeMountTargets" } }) {
        FakeAws aws;
        add_one_of_each(aws);
        aws.fail(operation, ErrorKind::access_denied, "no");
        auto question = small_question();
        question.centre = { centre };
        auto const answer = ask("alarm_neighbours", question, aws);
        ASSERT_FALSE(answer.gaps.empty()) << operation;
        EXPECT_EQ(answer.gaps[0].iam_action, action);
    }
    FakeAws aws;
    add_one_of_each(aws);
    EXPECT_TRUE(ask("alarm_neighbours", small_question(), aws).facts.empty());
    EXPECT_TRUE(aws.calls().empty());
}

} // namespace
} // namespace convops
