#include "evidence/small_account.h"
#include "evidence/stack_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view stack_id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0a1b";

std::string event(std::string_view at, std::string_view logical, std::string_view physical, std::string_view type,
    std::string_view status, std::string_view why = "") {
    return R"({"StackId":")" + std::string(stack_id) + R"(","StackName":"shop","LogicalResourceId":")"
        + std::string(logical) + R"(","PhysicalResourceId":")" + std::string(physical) + R"(","ResourceType":")"
        + std::string(type) + R"(","Timestamp":"2026-11-23T)" + std::string(at) + R"(Z","ResourceStatus":")"
        + std::string(status) + R"(","ResourceStatusReason":")" + std::string(why) + "\"}";
}

std::string own(std::string_view at, std::string_view status) {
    return event(at, "shop", stack_id, "AWS::CloudFormation::Stack", status);
}

constexpr std::string_view checkout = "arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout";

// Newest first, as AWS answers.
std::string failed_update() {
    return "[" + own("20:11:00", "UPDATE_ROLLBACK_COMPLETE") + "," + own("20:09:00", "UPDATE_ROLLBACK_IN_PROGRESS")
        + ","
        + event("20:08:59", "Queue", "https://sqs.eu-west-1.amazonaws.com/111122223333/mail", "AWS::SQS::Queue",
            "UPDATE_FAILED", "Resource update cancelled")
        + ","
        + event("20:08:58", "Service", checkout, "AWS::ECS::Service", "UPDATE_FAILED",
            "ECS Deployment Circuit Breaker was triggered")
        + ","
        + event("20:02:05", "Queue", "https://sqs.eu-west-1.amazonaws.com/111122223333/mail", "AWS::SQS::Queue",
            "UPDATE_IN_PROGRESS")
        + "," + event("20:02:04", "Service", checkout, "AWS::ECS::Service", "UPDATE_IN_PROGRESS") + ","
        + own("20:02:00", "UPDATE_IN_PROGRESS") + "," + own("09:00:00", "UPDATE_COMPLETE") + "]";
}

void add_stack(FakeAws& aws, std::string const& events) {
    aws.on("cloudformation:ListStacks",
        R"({"StackSummaries":[{"StackId":")" + std::string(stack_id)
            + R"(","StackName":"shop","StackStatus":"UPDATE_ROLLBACK_COMPLETE","CreationTime":"2025-01-01T00:00:00Z",
            "LastUpdatedTime":"2026-11-23T20:02:00Z"},{"StackName":"old","StackStatus":"UPDATE_COMPLETE",
            "CreationTime":"2025-01-01T00:00:00Z","LastUpdatedTime":"2026-01-01T00:00:00Z"}]})");
    aws.on("cloudformation:DescribeStackEvents", R"({"StackEvents":)" + events + "}");
}

TEST(Deployments, a_rolled_back_update_names_what_it_touched_and_what_failed_first) {
    FakeAws aws;
    add_stack(aws, failed_update());
    auto const answer = ask("deployments", small_question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(2));
    auto const& change = std::get<ChangeFact>(answer.facts[0].detail);
    EXPECT_EQ(answer.facts[0].at, at_clock("20:02:00"));
    EXPECT_EQ(change.kind, ChangeKind::deploy);
    EXPECT_EQ(change.touched.front().key(), "ecs:service/shop/checkout");
    EXPECT_EQ(change.touched.back().key(), "cloudformation:stack/shop");
    EXPECT_EQ(answer.facts[0].statement,
        "CloudFormation began to update stack shop at 20:02: Service (ECS service checkout), Queue (SQS queue "
        "mail).");
    auto const& failed = std::get<ResourceEventFact>(answer.facts[1].detail);
    EXPECT_EQ(failed.kind, ResourceEventKind::deployment_failed);
    EXPECT_EQ(failed.resource.key(), "ecs:service/shop/checkout");
    EXPECT_EQ(failed.message, "ECS Deployment Circuit Breaker was triggered");
    EXPECT_THAT(answer.facts[1].statement, HasSubstr("rolled back by 20:11"));
    EXPECT_EQ(aws.calls("cloudformation:DescribeStackEvents").size(), 1U) << "only the stack that changed";
    EXPECT_EQ(aws.calls_made(), 3);
}

TEST(Deployments, a_finished_update_ends_and_an_older_one_of_the_same_page_is_left_out) {
    FakeAws aws;
    add_stack(aws,
        "[" + own("20:10:00", "UPDATE_COMPLETE") + ","
            + event("20:05:00", "Table", "carts", "AWS::DynamoDB::Table", "UPDATE_COMPLETE") + ","
            + own("20:04:00", "UPDATE_IN_PROGRESS") + "," + own("19:40:00", "UPDATE_COMPLETE") + ","
            + event("19:35:00", "Fn", "mailer", "AWS::Lambda::Function", "UPDATE_COMPLETE") + ","
            + own("19:30:00", "UPDATE_IN_PROGRESS") + "]");
    auto const answer = ask("deployments", small_question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(2));
    auto const& change = std::get<ChangeFact>(answer.facts[0].detail);
    EXPECT_EQ(change.kind, ChangeKind::config);
    EXPECT_THAT(change.touched, SizeIs(2));
    EXPECT_EQ(std::get<ResourceEventFact>(answer.facts[1].detail).kind, ResourceEventKind::deployment_finished);
}

TEST(Deployments, codedeploy_tells_version_targets_and_end) {
    FakeAws aws;
    aws.on("codedeploy:ListDeployments", R"({"deployments":["d-1"]})");
    aws.on("codedeploy:BatchGetDeployments",
        R"json({"deploymentsInfo":[{"deploymentId":"d-1","applicationName":"shop","status":"Failed","creator":"user",
        "createTime":"2026-11-23T20:03:00Z","completeTime":"2026-11-23T20:07:00Z","computePlatform":"ECS",
        "errorInformation":{"code":"ECS_UPDATE_ERROR","message":"The ECS service cannot be updated"},
        "revision":{"revisionType":"AppSpecContent","appSpecContent":{"content":
        "{\"version\":1,\"Resources\":[{\"TargetService\":{\"Type\":\"AWS::ECS::Service\",\"Properties\":{\"TaskDefinition\":\"arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:42\",\"LoadBalancerInfo\":{\"ContainerName\":\"app\"}}}}]}"}}}]})json");
    auto const answer = ask("deployments", small_question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(2));
    auto const& change = std::get<ChangeFact>(answer.facts[0].detail);
    std::vector<std::string> touched;
    for (auto const& resource : change.touched)
        touched.push_back(resource.key());
    EXPECT_EQ(
        touched, (std::vector<std::string> { "ecs:task_definition/checkout:42", "codedeploy:application/shop" }));
    EXPECT_EQ(std::get<ResourceEventFact>(answer.facts[1].detail).kind, ResourceEventKind::deployment_failed);
    EXPECT_THAT(answer.facts[1].statement, HasSubstr("The ECS service cannot be updated"));
}

TEST(Deployments, an_appspec_in_yaml_names_the_function_and_a_scale_out_is_automatic) {
    auto const deployment = *parse_json(R"json({"deploymentId":"d-2","applicationName":"mail","status":"InProgress",
        "creator":"autoscaling","createTime":1795464000,"revision":{"string":{"content":
        "version: 0.0\nResources:\n  - fn:\n      Type: AWS::Lambda::Function\n      Properties:\n        Name: \"mailer\"\n        Alias: \"live\"\n"}}})json");
    auto question = small_question();
    Window const look { Time {}, at_clock("23:59:59") };
    auto const facts = codedeploy_facts(deployment, question, look);
    ASSERT_THAT(facts, SizeIs(1));
    auto const& change = std::get<ChangeFact>(facts[0].detail);
    EXPECT_TRUE(change.automatic);
    EXPECT_EQ(change.touched.front().key(), "lambda:function/mailer");
}

TEST(Deployments, faults_are_gaps_and_hostile_answers_break_nothing) {
    for (auto const* operation : { "codedeploy:ListDeployments", "cloudformation:ListStacks",
             "cloudformation:DescribeStackEvents", "codedeploy:BatchGetDeployments" })
        for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
            FakeAws aws;
            add_stack(aws, failed_update());
            aws.on("codedeploy:ListDeployments", R"({"deployments":["d-1"]})");
            aws.fail(operation, kind, "no");
            auto const answer = ask("deployments", small_question(), aws);
            ASSERT_THAT(answer.gaps, SizeIs(1)) << operation;
            EXPECT_EQ(answer.gaps[0].iam_action, operation);
        }
    FakeAws hostile;
    add_stack(hostile,
        R"([7,{"StackId":["x"]},{"StackId":"s","PhysicalResourceId":"s","StackName":"a\u001b[2J\n","Timestamp":"2026-11-23T20:02:00Z","ResourceStatus":"UPDATE_IN_PROGRESS"}])");
    for (auto const& fact : ask("deployments", small_question(), hostile).facts) {
        EXPECT_EQ(fact.statement.find('\x1b'), std::string::npos);
        EXPECT_EQ(fact.statement.find('\n'), std::string::npos);
    }
}

} // namespace
} // namespace convops
