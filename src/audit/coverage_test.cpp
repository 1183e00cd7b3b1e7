// Checks 1 to 13 and 18 to 22 on small accounts, and the ways in which an alarm covers a metric.
#include "audit/coverage.h"
#include "audit/made_account.h"

#include <gtest/gtest.h>

namespace convops {

namespace {

MetricId const queue_depth { "AWS/SQS", "ApproximateNumberOfMessagesVisible", { { "QueueName", "orders-dead" } } };

void add_queues(MadeAccount& account) {
    account.list("sqs_queue_urls", R"([{"value":"https://sqs/1/orders"},{"value":"https://sqs/1/orders-dead"}])");
    account.list("sqs_queues",
        R"([{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:orders","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:111122223333:orders-dead\",\"maxReceiveCount\":3}"}},
            {"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:orders-dead"}}])");
}

std::string results(std::vector<AuditJudgement> const& judgements) {
    std::string text;
    for (auto const& judgement : judgements)
        text += judgement.result == AuditResult::pass ? 'p' : judgement.result == AuditResult::fail ? 'F' : '?';
    return text;
}

std::string dead_letters(MadeAccount const& account) {
    return results(account.judged("dead_letter_queue_has_alarm"));
}

} // namespace

TEST(Coverage, a_dead_letter_queue_without_an_alarm_fails_with_a_ready_alarm) {
    MadeAccount account;
    add_queues(account);
    auto const judged = account.judged("dead_letter_queue_has_alarm");
    ASSERT_EQ(results(judged), "F");
    EXPECT_NE(judged.front().why.find("orders-dead"), std::string::npos);
    EXPECT_NE(judged.front().fix.cli.find("put-metric-alarm"), std::string::npos);
    EXPECT_NE(judged.front().fix.terraform.find("aws_cloudwatch_metric_alarm"), std::string::npos);
}

TEST(Coverage, an_alarm_that_somebody_hears_covers) {
    MadeAccount account;
    add_queues(account);
    account.alarm("dead", queue_depth, "Maximum", 0);
    EXPECT_EQ(dead_letters(account), "p");
}

TEST(Coverage, an_alarm_whose_actions_are_disabled_does_not_cover) {
    MadeAccount account;
    add_queues(account);
    account.alarm("dead", queue_depth, "Maximum", 0, { { "ActionsEnabled", false } });
    auto const judged = account.judged("dead_letter_queue_has_alarm");
    ASSERT_EQ(results(judged), "F");
    EXPECT_NE(judged.front().why.find("its actions are disabled"), std::string::npos);
}

TEST(Coverage, an_alarm_on_the_other_side_does_not_cover) {
    MadeAccount account;
    add_queues(account);
    account.alarm("idle", queue_depth, "Maximum", 1, { { "ComparisonOperator", "LessThanThreshold" } });
    EXPECT_EQ(dead_letters(account), "F");
}

TEST(Coverage, another_statistic_threshold_or_period_still_covers) {
    MadeAccount account;
    add_queues(account);
    account.alarm("dead", queue_depth, "Average", 100, { { "Period", 3'600 } });
    EXPECT_EQ(dead_letters(account), "p");
}

TEST(Coverage, a_query_over_all_queues_covers_a_dead_letter_queue_only_with_a_limit_of_its_own) {
    auto const with_limit = [](double limit) {
        MadeAccount account;
        add_queues(account);
        account.add("cloudwatch_alarms",
            JsonObject { { "AlarmName", "queues" }, { "StateValue", "OK" }, { "ActionsEnabled", true },
                { "AlarmActions", JsonArray { MadeAccount::topic } }, { "EvaluationPeriods", 1 },
                { "Threshold", limit }, { "ComparisonOperator", "GreaterThanThreshold" },
                { "Metrics",
                    JsonArray { JsonObject { { "Id", "q" }, { "Period", 300 }, { "ReturnData", true },
                        { "Expression",
                            R"(SELECT MAX(ApproximateNumberOfMessagesVisible) FROM SCHEMA("AWS/SQS", QueueName))" } } } } });
        return dead_letters(account);
    };
    EXPECT_EQ(with_limit(1'000), "F");
    EXPECT_EQ(with_limit(0), "p");
}

TEST(Coverage, an_alarm_on_a_cluster_of_databases_watches_its_members) {
    MadeAccount account;
    account.list("rds_instances",
        R"([{"DBInstanceIdentifier":"ledger-1","DBClusterIdentifier":"ledger","Engine":"aurora-mysql","InstanceCreateTime":"2026-11-19T12:00:00Z"}])");
    EXPECT_EQ(results(account.judged("young_resource_has_alarm")), "F");
    EXPECT_EQ(results(account.judged("production_resource_has_alarm")), "F");
    account.alarm("ledger", { "AWS/RDS", "CPUUtilization", { { "DBClusterIdentifier", "ledger" } } }, "Average", 90);
    EXPECT_EQ(results(account.judged("young_resource_has_alarm")), "p");
    EXPECT_EQ(results(account.judged("production_resource_has_alarm")), "p");
}

TEST(Coverage, a_composite_alarm_speaks_for_its_children) {
    MadeAccount account;
    add_queues(account);
    account.alarm("dead", queue_depth, "Maximum", 0, { { "AlarmActions", JsonArray {} } });
    EXPECT_EQ(dead_letters(account), "F");
    account.add("cloudwatch_alarms",
        JsonObject { { "AlarmName", "orders" }, { "StateValue", "OK" }, { "AlarmRule", "ALARM(dead)" },
            { "ActionsEnabled", true }, { "AlarmActions", JsonArray { MadeAccount::topic } } });
    EXPECT_EQ(dead_letters(account), "p");
}

TEST(Coverage, metric_math_and_bands_cover_what_they_read) {
    MadeAccount account;
    add_queues(account);
    auto const stat = *parse_json(
        R"([{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/SQS","MetricName":"ApproximateNumberOfMessagesVisible","Dimensions":[{"Name":"QueueName","Value":"orders-dead"}]},"Period":60,"Stat":"Maximum"},"ReturnData":false},
            {"Id":"e1","Expression":"m1 * 2","ReturnData":true}])");
    account.add("cloudwatch_alarms",
        JsonObject { { "AlarmName", "math" }, { "StateValue", "OK" }, { "Metrics", stat }, { "Threshold", 1 },
            { "ComparisonOperator", "GreaterThanThreshold" }, { "AlarmActions", JsonArray { MadeAccount::topic } } });
    EXPECT_EQ(dead_letters(account), "p");
}

TEST(Coverage, a_query_covers_what_its_conditions_select) {
    auto const with = [](std::string_view query) {
        MadeAccount account;
        add_queues(account);
        account.add("cloudwatch_alarms",
            JsonObject { { "AlarmName", "query" }, { "StateValue", "OK" },
                { "Metrics",
                    JsonArray { JsonObject {
                        { "Id", "q1" }, { "Expression", query }, { "Period", 60 }, { "ReturnData", true } } } },
                { "Threshold", 0 }, { "ComparisonOperator", "GreaterThanThreshold" },
                { "AlarmActions", JsonArray { MadeAccount::topic } } });
        return dead_letters(account);
    };
    EXPECT_EQ(with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM SCHEMA(\"AWS/SQS\", QueueName)"), "p");
    EXPECT_EQ(with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM \"AWS/SQS\" GROUP BY QueueName"), "p");
    EXPECT_EQ(
        with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM \"AWS/SQS\" WHERE QueueName = 'orders-dead'"), "p");
    EXPECT_EQ(with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM \"AWS/SQS\" WHERE QueueName = 'other'"), "F");
    EXPECT_EQ(
        with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM \"AWS/SQS\" WHERE QueueName != 'orders-dead'"),
        "F");
    EXPECT_EQ(with("SELECT SUM(NumberOfMessagesSent) FROM \"AWS/SQS\""), "F");
    EXPECT_EQ(with("SELECT MAX(ApproximateNumberOfMessagesVisible) FROM \"AWS/SQS\" WHERE tag.env = 'prod'"), "F");
}

TEST(Coverage, who_is_subscribed_must_be_known) {
    MadeAccount account;
    add_queues(account);
    account.alarm("dead", queue_depth, "Maximum", 0);
    account.denied("sns_subscriptions", "sns:ListSubscriptions");
    auto const judged = account.judged("dead_letter_queue_has_alarm");
    ASSERT_EQ(results(judged), "?");
    EXPECT_EQ(judged.front().iam_action, "sns:ListSubscriptions");
}

TEST(Coverage, without_the_alarms_nothing_is_judged) {
    MadeAccount account;
    add_queues(account);
    account.denied("cloudwatch_alarms", "cloudwatch:DescribeAlarms");
    for (auto const* check : { "production_resource_has_alarm", "recommended_alarms_exist",
             "load_balancer_has_alarms", "database_has_alarms", "function_has_alarms", "container_service_has_alarms",
             "dead_letter_queue_has_alarm", "backlog_has_alarm", "nat_gateway_has_alarms",
             "certificate_expiry_is_watched", "status_check_recovers", "burst_balance_has_alarm",
             "kubernetes_has_alarms", "young_resource_has_alarm", "quota_usage_is_watched" }) {
        auto const judged = account.judged(check);
        ASSERT_EQ(results(judged), "?") << check;
        EXPECT_EQ(judged.front().iam_action, "cloudwatch:DescribeAlarms") << check;
    }
}

TEST(Coverage, a_denied_list_is_unknown_beside_what_was_read) {
    MadeAccount account;
    account.denied("rds_instances", "rds:DescribeDBInstances");
    auto const judged = account.judged("database_has_alarms");
    ASSERT_EQ(results(judged), "?");
    EXPECT_EQ(judged.front().iam_action, "rds:DescribeDBInstances");
}

TEST(Coverage, a_database_lacks_what_its_kind_runs_out_of) {
    MadeAccount account;
    account.list("rds_instances",
        R"([{"DBInstanceIdentifier":"orders-db","DBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:orders-db","Engine":"postgres","DBInstanceClass":"db.m5.large","AllocatedStorage":"100"}])");
    EXPECT_EQ(results(account.judged("database_has_alarms")), "FFFF"); // no replica, no local storage
    account.alarm("connections", { "AWS/RDS", "DatabaseConnections", { { "DBInstanceIdentifier", "orders-db" } } },
        "Average", 700);
    auto const judged = results(account.judged("database_has_alarms"));
    EXPECT_EQ(std::count(judged.begin(), judged.end(), 'F'), 3);
}

TEST(Coverage, an_alarm_of_the_load_balancer_watches_its_target_groups) {
    MadeAccount account;
    account.list("load_balancers",
        R"([{"LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1","Type":"application"}])");
    account.list("target_groups",
        R"([{"TargetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/2","LoadBalancerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1"]}])");
    EXPECT_EQ(results(account.judged("load_balancer_has_alarms")), "FFFFF");
    account.alarm("5xx", { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", { { "LoadBalancer", "app/shop/1" } } },
        "Sum", 10);
    auto const judged = results(account.judged("load_balancer_has_alarms"));
    EXPECT_EQ(std::count(judged.begin(), judged.end(), 'p'), 1);
    EXPECT_EQ(results(account.judged("production_resource_has_alarm")), "p");
}

TEST(Coverage, functions_share_one_quota) {
    MadeAccount account;
    account.list("lambda_functions",
        R"([{"FunctionName":"checkout","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:checkout","Timeout":30}])");
    account.list("lambda_account_settings", R"([{"AccountLimit":{"ConcurrentExecutions":1000}}])");
    auto const judged = account.judged("function_has_alarms");
    ASSERT_EQ(results(judged), "FFFF");
    EXPECT_NE(judged.back().fix.cli.find("--threshold 900"), std::string::npos) << judged.back().fix.cli;
    MadeAccount none;
    EXPECT_EQ(results(none.judged("function_has_alarms")), "");
}

TEST(Coverage, tasks_are_counted_only_where_Container_Insights_counts_them) {
    MadeAccount account;
    account.list("ecs_clusters", R"([{"clusterName":"shop"}])");
    account.list("ecs_services",
        R"([{"serviceName":"web","clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","serviceArn":"arn:aws:ecs:eu-west-1:111122223333:service/shop/web"}])");
    EXPECT_EQ(results(account.judged("container_service_has_alarms")), "FF");
    MadeAccount observed;
    observed.list(
        "ecs_clusters", R"([{"clusterName":"shop","settings":[{"name":"containerInsights","value":"enabled"}]}])");
    observed.list("ecs_services",
        R"([{"serviceName":"web","clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","serviceArn":"arn:aws:ecs:eu-west-1:111122223333:service/shop/web"}])");
    auto const judged = observed.judged("container_service_has_alarms");
    EXPECT_EQ(results(judged), "FFFF");
    EXPECT_NE(judged.back().fix.cloudformation.find("DesiredTaskCount"), std::string::npos);
}

TEST(Coverage, a_sandbox_counts_a_fifth_and_needs_no_alarm_at_all) {
    MadeAccount account;
    account.list("rds_instances",
        R"([{"DBInstanceIdentifier":"orders-dev","Engine":"postgres","DBInstanceClass":"db.m5.large","AllocatedStorage":"100"}])");
    EXPECT_EQ(results(account.judged("production_resource_has_alarm")), "");
    EXPECT_DOUBLE_EQ(account.judged("database_has_alarms").front().weight, 1);
}

TEST(Coverage, an_instance_wants_a_status_check_that_recovers) {
    MadeAccount account;
    account.list("ec2_instances",
        R"([{"instancesSet":[{"instanceId":"i-1","instanceState":{"name":"running"},"instanceType":"m5.large","launchTime":"2026-11-10T00:00:00Z"}]}])");
    MetricId const status { "AWS/EC2", "StatusCheckFailed_System", { { "InstanceId", "i-1" } } };
    auto const judged = account.judged("status_check_recovers");
    ASSERT_EQ(results(judged), "F");
    EXPECT_NE(judged.front().fix.cli.find("ec2:recover"), std::string::npos);
    EXPECT_EQ(results(account.judged("young_resource_has_alarm")), "F");
    account.alarm("status", status, "Maximum", 0);
    EXPECT_EQ(results(account.judged("status_check_recovers")), "F");
    account.alarm("recover", status, "Maximum", 0,
        { { "AlarmActions", JsonArray { "arn:aws:automate:eu-west-1:ec2:recover", MadeAccount::topic } } });
    EXPECT_EQ(results(account.judged("status_check_recovers")), "p");
    EXPECT_EQ(results(account.judged("young_resource_has_alarm")), "p");
}

TEST(Coverage, credits_matter_only_to_what_lives_on_them) {
    MadeAccount account;
    account.list("ec2_instances",
        R"([{"instancesSet":[{"instanceId":"i-1","instanceState":{"name":"running"},"instanceType":"m5.large"},{"instanceId":"i-2","instanceState":{"name":"running"},"instanceType":"t3.large"}]}])");
    auto const judged = account.judged("burst_balance_has_alarm");
    ASSERT_EQ(results(judged), "F");
    EXPECT_NE(judged.front().resource.find("i-2"), std::string::npos);
    EXPECT_NE(judged.front().why.find("86.4"), std::string::npos) << judged.front().why;
}

TEST(Coverage, an_alarm_that_fails_on_a_share_is_metric_math) {
    MadeAccount account;
    account.list("load_balancers",
        R"([{"LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1","Type":"application"}])");
    account.list("target_groups",
        R"([{"TargetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/2","LoadBalancerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1"]}])");
    bool seen = false;
    for (auto const& judgement : account.judged("load_balancer_has_alarms"))
        seen = seen || judgement.fix.terraform.find("IF(other > 0, metric / other, 0)") != std::string::npos;
    EXPECT_TRUE(seen);
}

TEST(Coverage, the_path_of_users_the_bill_and_quotas_are_asked_once) {
    MadeAccount account;
    account.list("load_balancers",
        R"([{"LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1","Type":"application","DNSName":"shop.example"}])");
    EXPECT_EQ(results(account.judged("user_path_is_checked")), "F");
    EXPECT_EQ(results(account.judged("quota_usage_is_watched")), "F");
    EXPECT_EQ(results(account.judged("bill_is_watched")), "?"); // us-east-1 was not read
    account.list("synthetics_canaries", R"([{"Name":"login","Status":{"State":"RUNNING"}}])");
    account.list("budgets", R"([{"BudgetName":"all"}])");
    account.alarm("quota", { "AWS/Usage", "ResourceCount", { { "Service", "EC2" } } }, "Maximum", 80);
    EXPECT_EQ(results(account.judged("user_path_is_checked")), "p");
    EXPECT_EQ(results(account.judged("bill_is_watched")), "p");
    EXPECT_EQ(results(account.judged("quota_usage_is_watched")), "p");
}

TEST(Coverage, queries_of_which_nobody_can_tell_what_they_select_are_said) {
    MadeAccount account;
    account.add("cloudwatch_alarms",
        JsonObject { { "AlarmName", "query" }, { "StateValue", "OK" },
            { "Metrics",
                JsonArray { JsonObject { { "Id", "q1" },
                    { "Expression", "SELECT MAX(CPUUtilization) FROM \"AWS/EC2\" WHERE a = 'b' OR c = 'd'" } } } },
            { "Threshold", 0 }, { "ComparisonOperator", "GreaterThanThreshold" } });
    EXPECT_EQ(results(account.judged("other_alarm_kinds_count")), "F");
}

TEST(Coverage, a_tag_that_only_the_list_of_all_tags_tells_makes_a_sandbox) {
    MadeAccount account;
    account.list("lambda_functions",
        R"([{"FunctionName":"pay","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:pay"},
            {"FunctionName":"try","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:try"}])");
    account.list("tags",
        R"([{"ResourceARN":"arn:aws:lambda:eu-west-1:111122223333:function:try","Tags":[{"Key":"env","Value":"dev"}]}])");
    auto const judged = account.judged("production_resource_has_alarm");
    ASSERT_EQ(judged.size(), 1U);
    EXPECT_EQ(judged.front().resource, "arn:aws:lambda:eu-west-1:111122223333:function:pay");
}

} // namespace convops
