// Checks of category A on answers in AWS's shape: one thing of each kind, without its alarm and with it.
#include "audit/account_under_audit.h"
#include "audit/made_account.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace convops {
namespace {

struct Covered {
    std::string_view check, reading, item;
    MetricId metric; // that the check asks for
    std::string_view statistic;
    double threshold;
    std::string_view comparison;
};

std::vector<Covered> const& covered() {
    static std::vector<Covered> const all {
        { "recommended_alarms_exist", "state_machines",
            R"([{"stateMachineArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:refund","name":"refund","type":"STANDARD"}])",
            { "AWS/States", "ExecutionsFailed",
                { { "StateMachineArn", "arn:aws:states:eu-west-1:111122223333:stateMachine:refund" } } },
            "Sum", 0, "GreaterThanThreshold" },
        { "function_has_alarms", "lambda_functions",
            R"([{"FunctionName":"checkout","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:checkout","Timeout":30}])",
            { "AWS/Lambda", "Errors", { { "FunctionName", "checkout" } } }, "Sum", 0, "GreaterThanThreshold" },
        { "container_service_has_alarms", "ecs_services",
            R"([{"serviceName":"web","serviceArn":"arn:aws:ecs:eu-west-1:111122223333:service/shop/web","clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","desiredCount":2,"status":"ACTIVE"}])",
            { "AWS/ECS", "CPUUtilization", { { "ClusterName", "shop" }, { "ServiceName", "web" } } }, "Average", 80,
            "GreaterThanThreshold" },
        { "backlog_has_alarm", "kinesis_streams",
            R"([{"StreamName":"clicks","StreamARN":"arn:aws:kinesis:eu-west-1:111122223333:stream/clicks","StreamStatus":"ACTIVE"}])",
            { "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", { { "StreamName", "clicks" } } }, "Maximum", 1000,
            "GreaterThanThreshold" },
        { "nat_gateway_has_alarms", "ec2_nat_gateways", R"([{"natGatewayId":"nat-1","state":"available"}])",
            { "AWS/NATGateway", "ErrorPortAllocation", { { "NatGatewayId", "nat-1" } } }, "Sum", 0,
            "GreaterThanThreshold" },
        { "certificate_expiry_is_watched", "acm_certificates",
            R"([{"CertificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/1","DomainName":"shop.example","InUse":true,"Status":"ISSUED"}])",
            { "AWS/CertificateManager", "DaysToExpiry",
                { { "CertificateArn", "arn:aws:acm:eu-west-1:111122223333:certificate/1" } } },
            "Minimum", 44, "LessThanOrEqualToThreshold" },
        { "burst_balance_has_alarm", "efs_file_systems",
            R"([{"FileSystemId":"fs-1","FileSystemArn":"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1","ThroughputMode":"bursting","PerformanceMode":"generalPurpose"}])",
            { "AWS/EFS", "BurstCreditBalance", { { "FileSystemId", "fs-1" } } }, "Average", 1e12,
            "LessThanOrEqualToThreshold" },
        { "kubernetes_has_alarms", "eks_clusters",
            R"([{"cluster":{"name":"batch","arn":"arn:aws:eks:eu-west-1:111122223333:cluster/batch"}}])",
            { "ContainerInsights", "node_cpu_utilization", { { "ClusterName", "batch" } } }, "Maximum", 80,
            "GreaterThanThreshold" },
    };
    return all;
}

MadeAccount with_thing(Covered const& one) {
    MadeAccount account;
    account.list(one.reading, one.item);
    if (one.check == "kubernetes_has_alarms") {
        account.list("eks_cluster_names", R"([{"value":"batch"}])");
        account.list("cloudwatch_recent_metrics",
            R"([{"Namespace":"ContainerInsights","MetricName":"node_cpu_utilization","Dimensions":[{"Name":"ClusterName","Value":"batch"}]}])");
    }
    return account;
}

std::size_t count(MadeAccount const& account, std::string_view check, AuditResult result) {
    auto const judged = account.judged(check);
    return static_cast<std::size_t>(std::ranges::count(judged, result, &AuditJudgement::result));
}

TEST(CoverageChecks, a_thing_without_its_alarm_fails_and_with_it_passes) {
    for (auto const& one : covered()) {
        auto account = with_thing(one);
        auto const missing = count(account, one.check, AuditResult::fail);
        EXPECT_GT(missing, 0U) << one.check;
        EXPECT_EQ(count(account, one.check, AuditResult::pass), 0U) << one.check;
        account.alarm(
            "watches it", one.metric, one.statistic, one.threshold, { { "ComparisonOperator", one.comparison } });
        EXPECT_EQ(count(account, one.check, AuditResult::pass), 1U) << one.check;
        EXPECT_EQ(count(account, one.check, AuditResult::fail), missing - 1) << one.check;
    }
}

TEST(CoverageChecks, an_alarm_on_a_thing_that_exists_has_its_resource) {
    EXPECT_EQ(AccountUnderAudit().has_alarm("cpu").says("alarm_resource_exists", "cpu"), "pass");
}

TEST(CoverageChecks, a_query_that_is_understood_counts) {
    MadeAccount account;
    account.add("cloudwatch_alarms",
        JsonObject { { "AlarmName", "queues" }, { "StateValue", "OK" }, { "ActionsEnabled", true },
            { "AlarmActions", JsonArray { MadeAccount::topic } }, { "EvaluationPeriods", 1 }, { "Threshold", 100 },
            { "ComparisonOperator", "GreaterThanThreshold" },
            { "Metrics",
                JsonArray { JsonObject { { "Id", "q" }, { "Period", 300 }, { "ReturnData", true },
                    { "Expression",
                        R"(SELECT MAX(ApproximateNumberOfMessagesVisible) FROM SCHEMA("AWS/SQS", QueueName))" } } } } });
    EXPECT_EQ(count(account, "other_alarm_kinds_count", AuditResult::pass), 1U);
}

TEST(CoverageChecks, storage_that_expires_is_no_waste) {
    MadeAccount account;
    account.list("log_groups", R"([{"logGroupName":"a","storedBytes":107374182400,"retentionInDays":30}])");
    EXPECT_EQ(count(account, "monitoring_spend_is_used", AuditResult::pass), 1U);
    EXPECT_EQ(count(account, "monitoring_spend_is_used", AuditResult::fail), 0U);
}

TEST(CoverageChecks, an_account_without_budget_and_billing_alarm_fails_where_us_east_1_was_read) {
    auto const readings = all_readings();
    AuditAccount account;
    account.id = "111122223333";
    account.regions = { "us-east-1" };
    account.at = *parse_time("2026-11-28T10:00:00Z");
    AuditListing empty;
    empty.asked = true;
    for (auto const& reading : readings)
        account.keep(reading.name, reading.place == ReadingPlace::global ? "" : "us-east-1", empty);
    auto const checks = audit_checks::all();
    auto const& check = *std::ranges::find(checks, std::string_view("bill_is_watched"), &AuditCheck::name);
    auto const says = [&] {
        auto const judged = with_note(check, judgements_of(check, estate_of(account, readings)));
        return judged.size() == 1 ? judged.front().result : AuditResult::unknown;
    };
    EXPECT_EQ(says(), AuditResult::fail);
    auto alarms = empty;
    alarms.items.push_back(JsonObject { { "AlarmName", "bill" }, { "Namespace", "AWS/Billing" },
        { "MetricName", "EstimatedCharges" }, { "Dimensions", JsonArray {} }, { "Statistic", "Maximum" },
        { "Period", 21600 }, { "EvaluationPeriods", 1 }, { "Threshold", 100 }, { "StateValue", "OK" },
        { "ComparisonOperator", "GreaterThanThreshold" } });
    account.keep("cloudwatch_alarms", "us-east-1", alarms);
    EXPECT_EQ(says(), AuditResult::pass);
}

} // namespace
} // namespace convops
