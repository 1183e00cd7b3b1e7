#include "evidence/fake_aws.h"
#include "evidence/trail.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>

namespace convops {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Question question() {
    Question asked;
    asked.alarm_at = *parse_time("2026-11-20T20:14:30Z");
    asked.now = *parse_time("2026-11-20T20:40:00Z");
    asked.region = "eu-west-1";
    return asked;
}

Json record(std::string_view source, std::string_view name, std::string_view request) {
    return { { "eventTime", "2026-11-20T20:13:05Z" }, { "eventSource", std::string(source) + ".amazonaws.com" },
        { "eventName", name }, { "eventID", "id-" + std::string(name) }, { "readOnly", false },
        { "userIdentity",
            { { "type", "AssumedRole" }, { "arn", "arn:aws:sts::111122223333:assumed-role/pipeline/deploy" } } },
        { "requestParameters", *parse_json(request) } };
}

Json event(Json const& record) {
    return { { "EventId", text_at(record, "eventID") }, { "EventName", text_at(record, "eventName") },
        { "EventTime", text_at(record, "eventTime") }, { "CloudTrailEvent", to_text(record) } };
}

FakeAws::Respond trail(JsonArray events) {
    return [=](AwsCall const&) -> Result<Json> { return Json(JsonObject { { "Events", events } }); };
}

ChangeFact change_of(Json const& record) {
    auto const fact = change_fact_from(record);
    return fact ? std::get<ChangeFact>(fact->detail) : ChangeFact {};
}

} // namespace

std::vector<std::string> touched_in(std::string_view name, std::string_view request) {
    std::vector<std::string> keys;
    for (auto const& resource : touched_by(record("ec2", name, request)))
        keys.push_back(resource.key());
    return keys;
}

TEST(Trail, a_call_that_stands_in_an_element_of_its_own_touches_what_is_named_inside) {
    using List = std::vector<std::string>;
    EXPECT_EQ(touched_in("DeleteNatGateway", R"({"DeleteNatGatewayRequest":{"NatGatewayId":"nat-1"}})"),
        (List { "nat:gateway/nat-1" }));
    EXPECT_EQ(touched_in("DeleteVpcEndpoints",
                  R"({"DeleteVpcEndpointsRequest":{"VpcEndpointId":{"tag":1,"content":"vpce-1"}}})"),
        (List { "ec2:vpc_endpoint/vpce-1" }));
    EXPECT_EQ(touched_in("DeleteRoute", R"({"routeTableId":"rtb-1","destinationCidrBlock":"0.0.0.0/0"})"),
        (List { "ec2:route_table/rtb-1" }));
    EXPECT_TRUE(touched_in("OddRequest", R"({"OddRequest":7})").empty());
}

TEST(Trail, where_something_new_was_put_is_not_changed_by_it) {
    EXPECT_TRUE(touched_in("RunInstances", R"({"subnetId":"subnet-1","instancesSet":{"items":[{}]}})").empty());
    EXPECT_TRUE(touched_in("CreateSecurityGroup", R"({"groupName":"new","vpcId":"vpc-1"})").empty());
    EXPECT_TRUE(touched_in("CreateNatGateway", R"({"CreateNatGatewayRequest":{"SubnetId":"subnet-1"}})").empty());
    using List = std::vector<std::string>;
    EXPECT_EQ(touched_in("CreateVpcEndpoint", R"({"CreateVpcEndpointRequest":{"VpcId":"vpc-1"}})"),
        (List { "ec2:vpc/vpc-1" }))
        << "its private name is answered for the whole VPC";
    EXPECT_EQ(touched_in("CreateNetworkAclEntry", R"({"networkAclId":"acl-1","ruleAction":"deny"})"),
        (List { "ec2:network_acl/acl-1" }));
    EXPECT_EQ(touched_in("ModifySubnetAttribute", R"({"subnetId":"subnet-1"})"), (List { "ec2:subnet/subnet-1" }));
}

TEST(Trail, a_rule_of_a_security_group_touches_the_groups_that_it_names_too) {
    EXPECT_EQ(
        touched_in("RevokeSecurityGroupIngress", R"({"groupId":"sg-db","ipPermissions":{"items":[{"ipProtocol":"tcp",
            "fromPort":5432,"toPort":5432,"groups":{"items":[{"groupId":"sg-app"}]},"ipRanges":{}}]}})"),
        (std::vector<std::string> { "ec2:security_group/sg-db", "ec2:security_group/sg-app" }));
}

TEST(Trail, events_have_kinds) {
    struct Row {
        std::string_view source, name, request;
        std::optional<ChangeKind> kind;
    };
    using enum ChangeKind;
    for (auto const& row :
        std::initializer_list<Row> {
            { "ecs", "UpdateService", R"({"cluster":"a","service":"b","taskDefinition":"b:2"})", deploy },
            { "ecs", "UpdateService", R"({"cluster":"a","service":"b","desiredCount":2})", scaling },
            { "ecs", "RegisterTaskDefinition", "{}", deploy }, { "ecs", "SubmitTaskStateChange", "{}", std::nullopt },
            { "lambda", "UpdateFunctionCode20150331v2", "{}", deploy },
            { "lambda", "UpdateFunctionConfiguration20150331v2", "{}", config },
            { "lambda", "PutFunctionConcurrency20171031", "{}", scaling },
            { "lambda", "AddPermission20150331v2", "{}", permission }, { "rds", "ModifyDBInstance", "{}", config },
            { "rds", "RebootDBInstance", "{}", scaling }, { "ec2", "RevokeSecurityGroupIngress", "{}", network },
            { "ec2", "ReplaceRoute", "{}", network }, { "ec2", "ReplaceNetworkAclEntry", "{}", network },
            { "ec2", "RunInstances", "{}", scaling }, { "iam", "DetachRolePolicy", "{}", permission },
            { "kms", "DisableKey", "{}", permission }, { "kms", "Decrypt", "{}", std::nullopt },
            { "s3", "PutBucketPolicy", "{}", permission },
            { "sqs", "SetQueueAttributes", R"({"attributes":{"Policy":"{}"}})", permission },
            { "sqs", "SetQueueAttributes", R"({"attributes":{"VisibilityTimeout":"5"}})", config },
            { "elasticloadbalancing", "ModifyTargetGroup", "{}", config },
            { "sts", "AssumeRole", "{}", std::nullopt }, { "logs", "CreateLogStream", "{}", std::nullopt },
            { "tagging", "TagResources", "{}", std::nullopt }, { "signin", "ConsoleLogin", "{}", std::nullopt },
            { "newservice", "PutThing", "{}", other } })
        EXPECT_EQ(
            change_kind_of(std::string(row.source) + ".amazonaws.com", row.name, *parse_json(row.request)), row.kind)
            << row.source << " " << row.name;
}

TEST(Trail, records_name_what_they_touched) {
    struct Row {
        std::string_view source, name, request, first;
    };
    for (auto const& row :
        std::initializer_list<Row> {
            { "ecs", "UpdateService", R"({"cluster":"shop","service":"checkout"})", "ecs:service/shop/checkout" },
            { "ecs", "UpdateService",
                R"({"cluster":"arn:aws:ecs:eu-west-1:1:cluster/shop","service":"arn:aws:ecs:eu-west-1:1:service/checkout"})",
                "ecs:service/shop/checkout" },
            { "ecs", "RegisterTaskDefinition", R"({"family":"checkout"})", "ecs:task_definition/checkout" },
            { "rds", "ModifyDBInstance", R"({"dBInstanceIdentifier":"orders-db"})", "rds:instance/orders-db" },
            { "lambda", "UpdateFunctionCode20150331v2",
                R"({"functionName":"arn:aws:lambda:eu-west-1:1:function:thumb:live"})", "lambda:function/thumb" },
            { "lambda", "UpdateAlias", R"({"functionName":"1:function:thumb"})", "lambda:function/thumb" },
            { "autoscaling", "SetDesiredCapacity", R"({"autoScalingGroupName":"web"})", "autoscaling:group/web" },
            { "ec2", "RevokeSecurityGroupIngress", R"({"groupId":"sg-1"})", "ec2:security_group/sg-1" },
            { "ec2", "StopInstances", R"({"instancesSet":{"items":[{"instanceId":"i-1"}]}})", "ec2:instance/i-1" },
            { "sqs", "PurgeQueue", R"({"queueUrl":"https://sqs.eu-west-1.amazonaws.com/1/jobs"})", "sqs:queue/jobs" },
            { "elasticloadbalancing", "ModifyRule",
                R"({"ruleArn":"arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/01/02/03"})",
                "elb:load_balancer/app/shop/01" },
            { "application-autoscaling", "RegisterScalableTarget", R"({"resourceId":"service/shop/checkout"})",
                "ecs:service/shop/checkout" },
            { "iam", "DetachRolePolicy", R"({"roleName":"checkout-task","policyArn":"arn:aws:iam::1:policy/queue"})",
                "iam:role/checkout-task" } }) {
        auto const touched = touched_by(record(row.source, row.name, row.request));
        ASSERT_THAT(touched, Not(IsEmpty())) << row.name;
        EXPECT_EQ(touched.front().key(), row.first);
    }
}

TEST(Trail, records_say_what_was_set_and_keep_secrets) {
    EXPECT_EQ(
        settings_in(record("ecs", "UpdateService",
            R"({"cluster":"a","service":"b","desiredCount":2,"taskDefinition":"arn:aws:ecs:x:1:task-definition/b:7"})")),
        "desiredCount 2, taskDefinition b:7");
    EXPECT_EQ(
        settings_in(record("rds", "ModifyDBParameterGroup",
            R"({"dBParameterGroupName":"pg","parameters":[{"parameterName":"max_connections","parameterValue":"50"}]})")),
        "max_connections 50");
    EXPECT_EQ(settings_in(record("rds", "ModifyDBInstance",
                  R"({"dBInstanceIdentifier":"d","masterUserPassword":"hunter2","allocatedStorage":200})")),
        "masterUserPassword (a secret), allocatedStorage 200");
    auto const task = settings_in(record("ecs", "RegisterTaskDefinition",
        R"({"family":"b","containerDefinitions":[{"name":"b","image":"1.dkr.ecr/shop/b:1.42",
            "environment":[{"name":"DB_POOL_SIZE","value":"2"},{"name":"API_TOKEN","value":"abc"}]}]})"));
    EXPECT_THAT(task, HasSubstr("image b:1.42"));
    EXPECT_THAT(task, HasSubstr("DB_POOL_SIZE 2"));
    EXPECT_THAT(task, Not(HasSubstr("abc")));
    EXPECT_THAT(settings_in(record("ec2", "AuthorizeSecurityGroupIngress",
                    R"({"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":5432,"toPort":5432,
            "ipRanges":{"items":[{"cidrIp":"10.0.0.0/16"}]}}]}})")),
        HasSubstr("fromPort 5432"));
}

TEST(Trail, it_knows_who_made_a_change_and_whether_anybody_did) {
    auto made = record("ecs", "RunTask", "{}");
    EXPECT_EQ(actor_of(made), "pipeline/deploy");
    EXPECT_FALSE(is_automatic(made));
    made.as_object()["sourceIPAddress"] = "events.amazonaws.com";
    EXPECT_TRUE(is_automatic(made));
    made.as_object()["userIdentity"] = { { "type", "AWSService" }, { "invokedBy", "cloudformation.amazonaws.com" } };
    EXPECT_FALSE(is_automatic(made)); // Somebody updated the stack.
    EXPECT_EQ(actor_of(made), "cloudformation.amazonaws.com");
    made.as_object()["userIdentity"] = { { "type", "IAMUser" }, { "arn", "arn:aws:iam::1:user/ops/jonas" } };
    EXPECT_EQ(actor_of(made), "jonas");
    made.as_object()["errorCode"] = "AccessDenied";
    EXPECT_TRUE(change_of(made).failed);
    EXPECT_THAT(change_fact_from(made)->statement, HasSubstr("jonas (an AWS service) tried RunTask"));
    EXPECT_THAT(change_fact_from(made)->statement, HasSubstr("it was refused (AccessDenied)"));
}

TEST(CloudtrailChanges, a_change_before_the_alarm_is_a_fact_and_noise_is_not) {
    FakeAws aws;
    aws.on("cloudtrail:LookupEvents",
        trail({ event(record("ecs", "UpdateService",
                    R"({"cluster":"shop","service":"checkout","taskDefinition":"checkout:42"})")),
            event(record("sts", "AssumeRole", "{}")) }));
    auto const answer = ask("cloudtrail_changes", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1)); // The trail of us-east-1 repeated it.
    EXPECT_EQ(answer.facts[0].statement,
        "pipeline/deploy called UpdateService on ECS service checkout at 20:13:05: taskDefinition checkout:42.");
    EXPECT_THAT(answer.facts[0].link, HasSubstr("cloudtrailv2/home?region=eu-west-1#/events/id-UpdateService"));
    EXPECT_THAT(answer.facts[0].cli, HasSubstr("aws cloudtrail lookup-events --lookup-attributes"));
    auto const calls = aws.calls("cloudtrail:LookupEvents");
    ASSERT_THAT(calls, SizeIs(2));
    EXPECT_EQ(text_at(Json(calls[0].params), "StartTime"), "2026-11-20T18:44:30Z");
    EXPECT_EQ(calls[1].region, "us-east-1");
}

TEST(CloudtrailChanges, an_empty_trail_proves_nothing_while_the_alarm_is_young) {
    FakeAws aws;
    EXPECT_THAT(ask("cloudtrail_changes", question(), aws).gaps, IsEmpty());
    auto young = question();
    young.now = young.alarm_at + Minutes { 2 };
    auto const answer = ask("cloudtrail_changes", young, aws);
    ASSERT_THAT(answer.gaps, SizeIs(1));
    EXPECT_EQ(answer.gaps[0].iam_action, "");
    EXPECT_THAT(answer.gaps[0].why, HasSubstr("up to 15 minutes late"));
}

TEST(CloudtrailChanges, denied_throttled_and_late_are_gaps) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        FakeAws aws;
        aws.fail("cloudtrail:LookupEvents", kind);
        auto const answer = ask("cloudtrail_changes", question(), aws);
        EXPECT_THAT(answer.facts, IsEmpty());
        ASSERT_THAT(answer.gaps, SizeIs(1));
        EXPECT_EQ(answer.gaps[0].iam_action, "cloudtrail:LookupEvents");
        EXPECT_EQ(answer.gaps[0].kind, kind);
    }
}

TEST(CloudtrailChanges, a_trail_without_end_is_cut_and_says_so) {
    FakeAws aws;
    aws.on("cloudtrail:LookupEvents", R"({"Events": [], "NextToken": "more"})");
    auto const answer = ask("cloudtrail_changes", question(), aws);
    EXPECT_THAT(aws.calls("cloudtrail:LookupEvents"), SizeIs(8));
    EXPECT_THAT(answer.gaps, Not(IsEmpty()));
}

TEST(CloudtrailChanges, hostile_records_break_nothing) {
    auto hostile
        = record("ecs", "UpdateService", R"({"service":{"a":[]},"cluster":7,"desiredCount":[[[[[[[1]]]]]]]})");
    hostile.as_object()["userIdentity"]
        = { { "arn", "arn:aws:sts::1:assumed-role/" }, { "type", "x\n\x1b[31m" }, { "invokedBy", 5 } };
    FakeAws aws;
    JsonArray events { event(hostile), 5, nullptr, { { "CloudTrailEvent", std::string(50'000, '{') } },
        { { "EventId", "1" }, { "EventName", "DeleteService\x1b[2J" }, { "EventSource", "ecs.amazonaws.com" },
            { "EventTime", 1795204800 }, { "Username", std::string(5'000, 'a') }, { "CloudTrailEvent", "[1]" } } };
    aws.on("cloudtrail:LookupEvents", trail(events));
    auto const answer = ask("cloudtrail_changes", question(), aws);
    EXPECT_THAT(answer.facts, SizeIs(2));
    for (auto const& fact : answer.facts) {
        EXPECT_EQ(fact.statement.find('\x1b'), std::string::npos);
        EXPECT_LT(fact.statement.size(), 1'000U);
    }
}

TEST(CloudtrailChanges, genuine_records_of_attack_techniques_all_classify) {
    auto const* folder = std::getenv("CONVOPS_SHARED_DATA");
    auto const samples
        = std::filesystem::path(folder == nullptr ? "../shared/data" : folder) / "aws-samples/cloudtrail";
    if (!std::filesystem::is_directory(samples)) {
        std::cout << "not run: " << samples.string() << " is not there\n";
        return;
    }
    int files = 0;
    int changes = 0;
    for (auto const& entry : std::filesystem::directory_iterator(samples)) {
        std::ifstream in(entry.path(), std::ios::binary);
        std::string const bytes { std::istreambuf_iterator<char>(in), {} };
        auto const parsed = parse_json(bytes);
        ASSERT_TRUE(parsed) << entry.path();
        ++files;
        for (auto const& one : list_at(*parsed, "")) {
            auto const fact = change_fact_from(one);
            EXPECT_TRUE(!fact || !flag_at(one, "readOnly"));
            if (!fact)
                continue;
            ++changes;
            EXPECT_FALSE(std::get<ChangeFact>(fact->detail).actor.empty()) << to_text(one);
            EXPECT_LT(fact->statement.size(), 1'000U);
        }
    }
    EXPECT_EQ(files, 35);
    EXPECT_GE(changes, 25);
}

} // namespace convops
