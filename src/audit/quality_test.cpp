// Checks 14 to 17 (quality of alarms), 74 to 78 (depth), 79 and 80 (cost).
#include "audit/costs.h"
#include "audit/made_account.h"

#include <gtest/gtest.h>

namespace convops {

namespace {

std::string results(std::vector<AuditJudgement> const& judgements) {
    std::string text;
    for (auto const& judgement : judgements)
        text += judgement.result == AuditResult::pass ? 'p' : judgement.result == AuditResult::fail ? 'F' : '?';
    return text;
}

MetricId const latency { "AWS/ApplicationELB", "TargetResponseTime", { { "LoadBalancer", "app/shop/1" } } };
MetricId const processor { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };

constexpr std::string_view one_function
    = R"([{"FunctionName":"checkout","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:checkout","Timeout":30,"TracingConfig":{"Mode":"PassThrough"}}])";
MetricId const duration { "AWS/Lambda", "Duration", { { "FunctionName", "checkout" } } };

std::string judged_alarm(std::string_view check, MetricId const& metric, std::string_view statistic, double threshold,
    JsonObject const& changes = {}) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    account.alarm("one", metric, statistic, threshold, changes);
    return results(account.judged(check));
}

} // namespace

TEST(AlarmQuality, an_average_of_response_times_hides_the_slow_ones) {
    EXPECT_EQ(judged_alarm("statistic_fits", latency, "Average", 2), "F");
    EXPECT_EQ(judged_alarm("statistic_fits", latency, "p99", 2), "p");
    EXPECT_EQ(judged_alarm("statistic_fits", processor, "Average", 80), "p");
    EXPECT_EQ(judged_alarm("statistic_fits", processor, "Sum", 80), "F");
    MetricId const errors { "AWS/Lambda", "Errors", { { "FunctionName", "checkout" } } };
    EXPECT_EQ(judged_alarm("statistic_fits", errors, "Average", 1), "F");
    EXPECT_EQ(judged_alarm("statistic_fits", { "Shop", "Orders", {} }, "Average", 1), "p"); // nobody knows
}

TEST(AlarmQuality, a_threshold_must_be_possible) {
    EXPECT_EQ(judged_alarm("threshold_is_possible", processor, "Average", 100), "F");
    EXPECT_EQ(judged_alarm("threshold_is_possible", processor, "Average", 100,
                  { { "ComparisonOperator", "GreaterThanOrEqualToThreshold" } }),
        "p");
    EXPECT_EQ(judged_alarm("threshold_is_possible", processor, "Average", 80), "p");
    EXPECT_EQ(judged_alarm("threshold_is_possible", duration, "Maximum", 30'000), "F");
    EXPECT_EQ(judged_alarm("threshold_is_possible", duration, "Maximum", 24'000), "p");
    EXPECT_EQ(judged_alarm(
                  "threshold_is_possible", { "AWS/ApiGateway", "5XXError", { { "ApiName", "shop" } } }, "Average", 5),
        "F");
    EXPECT_EQ(
        judged_alarm("threshold_is_possible", { "AWS/ApiGateway", "5XXError", { { "ApiName", "shop" } } }, "Sum", 5),
        "p");
}

TEST(AlarmQuality, storage_can_not_be_freer_than_all_of_it) {
    MadeAccount account;
    account.list("rds_instances", R"([{"DBInstanceIdentifier":"db","Engine":"mysql","AllocatedStorage":"20"}])");
    account.alarm("full", { "AWS/RDS", "FreeStorageSpace", { { "DBInstanceIdentifier", "db" } } }, "Minimum",
        50.0 * 1024 * 1024 * 1024, { { "ComparisonOperator", "LessThanThreshold" } });
    auto const judged = account.judged("threshold_is_possible");
    ASSERT_EQ(results(judged), "F");
    EXPECT_TRUE(judged.front().why.starts_with("It always fires")) << judged.front().why;
}

TEST(AlarmQuality, a_back_test_finds_what_always_and_what_never_fires) {
    auto const with = [](double level, double threshold) {
        MadeAccount account;
        MetricId const metric { "Shop", "QueueSeconds", {} };
        account.alarm("one", metric, "Average", threshold);
        account.history(metric, "Average", [=](Time) { return std::optional(level); });
        return results(account.judged("threshold_is_in_reach"));
    };
    EXPECT_EQ(with(5, 3), "F"); // always
    EXPECT_EQ(with(5, 100), "F"); // twenty times what ever was
    EXPECT_EQ(with(5, 20), "p");
    EXPECT_EQ(with(0, 20), "p"); // an error count at rest
}

TEST(AlarmQuality, without_history_the_back_test_is_unknown) {
    EXPECT_EQ(judged_alarm("threshold_is_in_reach", processor, "Average", 80), "?");
}

TEST(AlarmQuality, what_was_beyond_the_bound_of_calls_is_said) {
    MadeAccount account;
    auto estate = account.estate();
    estate.history[std::string(made_region)].left_out = 7;
    for (auto const& check : audit_checks::all())
        if (check.name == "threshold_is_in_reach") {
            auto const judged = judgements_of(check, estate);
            ASSERT_EQ(results(judged), "?");
            EXPECT_TRUE(judged.front().why.starts_with("7 metrics were beyond the bound of 30 calls"));
        }
}

TEST(AlarmQuality, a_threshold_that_follows_from_a_time_out_is_in_reach) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    account.alarm("slow", duration, "p90", 24'000);
    account.history(duration, "p90", [](Time) { return std::optional(200.0); });
    EXPECT_EQ(results(account.judged("threshold_is_in_reach")), "p");
}

TEST(AlarmQuality, a_pace_far_from_advice_is_said) {
    EXPECT_EQ(judged_alarm("pace_is_as_advised", processor, "Average", 80), "p"); // 5 of 15 minutes
    EXPECT_EQ(judged_alarm("pace_is_as_advised", processor, "Average", 80, { { "Period", 60 } }), "F");
    EXPECT_EQ(judged_alarm("pace_is_as_advised", processor, "Average", 80,
                  { { "Period", 3'600 }, { "DatapointsToAlarm", 3 }, { "EvaluationPeriods", 3 } }),
        "F");
}

TEST(AlarmQuality, a_quarter_of_an_hour_is_in_time_for_what_could_be_told_in_a_minute) {
    MetricId const throttled { "AWS/DynamoDB", "ThrottledRequests",
        { { "TableName", "carts" }, { "Operation", "GetItem" } } };
    auto const three_of_three = [&](int period) {
        return judged_alarm("pace_is_as_advised", throttled, "Sum", 0,
            { { "Period", period }, { "DatapointsToAlarm", 3 }, { "EvaluationPeriods", 3 } });
    };
    EXPECT_EQ(three_of_three(300), "p");
    EXPECT_EQ(three_of_three(600), "F");
}

TEST(AlarmQuality, one_datapoint_is_enough_where_AWS_advises_it) {
    JsonObject const one_minute { { "Period", 60 } };
    MetricId const numbers { "AWS/RDS", "MaximumUsedTransactionIDs", { { "DBInstanceIdentifier", "orders" } } };
    EXPECT_EQ(judged_alarm("alarm_fires_on_more_than_one_datapoint", numbers, "Average", 1e9, one_minute), "p");
    EXPECT_EQ(judged_alarm("alarm_fires_on_more_than_one_datapoint", processor, "Average", 80, one_minute), "F");
}

TEST(AlarmQuality, of_several_advices_for_one_metric_the_nearest_counts) {
    MetricId const depth { "AWS/SQS", "ApproximateNumberOfMessagesVisible", { { "QueueName", "orders-dead" } } };
    // Advised for a dead-letter queue are 5 minutes, for any other queue 15.
    EXPECT_EQ(judged_alarm("pace_is_as_advised", depth, "Maximum", 0, { { "Period", 120 } }), "p");
    EXPECT_EQ(judged_alarm("pace_is_as_advised", depth, "Maximum", 0, { { "Period", 3'600 } }), "p");
    EXPECT_EQ(judged_alarm("pace_is_as_advised", depth, "Maximum", 0, { { "Period", 60 } }), "F");
}

TEST(Depth, a_Kubernetes_cluster_is_observed_by_whatever_sends_its_metrics) {
    MadeAccount account;
    account.list("eks_cluster_names", R"([{"value":"batch"}])");
    account.list(
        "eks_clusters", R"([{"cluster":{"name":"batch","arn":"arn:aws:eks:eu-west-1:111122223333:cluster/batch"}}])");
    EXPECT_EQ(results(account.judged("insight_is_on")), "F");
    EXPECT_EQ(results(account.judged("kubernetes_has_alarms")), "");
    auto unread = account;
    unread.denied("cloudwatch_recent_metrics", "cloudwatch:ListMetrics");
    EXPECT_EQ(results(unread.judged("insight_is_on")), "?");
    account.list("cloudwatch_recent_metrics",
        R"([{"Namespace":"ContainerInsights","MetricName":"node_cpu_utilization","Dimensions":[{"Name":"ClusterName","Value":"batch"}]}])");
    EXPECT_EQ(results(account.judged("insight_is_on")), "p");
    EXPECT_EQ(results(account.judged("kubernetes_has_alarms")), "FFFFF");
}

TEST(Depth, production_is_measured_in_detail) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    EXPECT_EQ(results(account.judged("insight_is_on")), "F");
    MadeAccount traced;
    traced.list("lambda_functions",
        R"([{"FunctionName":"checkout","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:checkout","TracingConfig":{"Mode":"Active"}}])");
    EXPECT_EQ(results(traced.judged("insight_is_on")), "p");
    MadeAccount sandbox;
    sandbox.list("rds_instances", R"([{"DBInstanceIdentifier":"orders-dev","Engine":"mysql"}])");
    EXPECT_EQ(results(sandbox.judged("insight_is_on")), "");
    MadeAccount denied;
    denied.denied("rds_instances", "rds:DescribeDBInstances");
    EXPECT_EQ(results(denied.judged("insight_is_on")), "?");
}

TEST(Depth, a_trail_records_in_all_Regions) {
    MadeAccount account;
    EXPECT_EQ(results(account.judged("trail_covers_all_regions")), "F");
    account.list("cloudtrail_trails", R"([{"TrailARN":"arn:trail","IsMultiRegionTrail":true}])");
    EXPECT_EQ(results(account.judged("trail_covers_all_regions")), "?");
    account.list("cloudtrail_trail_status", R"([{"@of":0,"IsLogging":true}])");
    EXPECT_EQ(results(account.judged("trail_covers_all_regions")), "p");
    MadeAccount stopped;
    stopped.list("cloudtrail_trails", R"([{"TrailARN":"arn:trail","IsMultiRegionTrail":true}])");
    stopped.list("cloudtrail_trail_status", R"([{"@of":0,"IsLogging":false}])");
    EXPECT_EQ(results(stopped.judged("trail_covers_all_regions")), "F");
    EXPECT_NE(stopped.judged("trail_covers_all_regions").front().fix.cli.find("start-logging"), std::string::npos);
    MadeAccount denied;
    denied.denied("cloudtrail_trails", "cloudtrail:DescribeTrails");
    EXPECT_EQ(results(denied.judged("trail_covers_all_regions")), "?");
}

TEST(Depth, a_widget_on_something_gone_is_found) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    EXPECT_EQ(results(account.judged("dashboards_are_alive")), "F");
    account.list("cloudwatch_dashboards", R"([{"DashboardName":"shop"}])");
    auto const body = [](std::string_view function) {
        return R"([{"DashboardName":"shop","DashboardBody":"{\"widgets\":[{\"properties\":{\"metrics\":[[\"AWS/Lambda\",\"Errors\",\"FunctionName\",\")"
            + std::string(function) + R"(\"]]}}]}"}])";
    };
    auto gone = account;
    gone.list("cloudwatch_dashboard_bodies", body("gone"));
    EXPECT_EQ(results(gone.judged("dashboards_are_alive")), "F");
    account.list("cloudwatch_dashboard_bodies", body("checkout"));
    EXPECT_EQ(results(account.judged("dashboards_are_alive")), "p");
    gone.denied("cloudwatch_dashboards", "cloudwatch:ListDashboards");
    EXPECT_EQ(results(gone.judged("dashboards_are_alive")), "?");
}

TEST(Depth, notices_of_AWS_are_routed) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    EXPECT_EQ(results(account.judged("health_events_are_routed")), "F");
    account.list(
        "event_rules", R"([{"Name":"health","State":"ENABLED","EventPattern":"{\"source\":[\"aws.health\"]}"}])");
    EXPECT_EQ(results(account.judged("health_events_are_routed")), "F");
    account.list("event_targets", R"([{"@of":0,"Arn":"arn:aws:sns:eu-west-1:111122223333:alerts"}])");
    EXPECT_EQ(results(account.judged("health_events_are_routed")), "p");
    account.denied("event_rules", "events:ListRules");
    EXPECT_EQ(results(account.judged("health_events_are_routed")), "?");
}

TEST(Depth, threat_detection_is_asked_of_Regions_in_use) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    EXPECT_EQ(results(account.judged("threat_detection_is_on")), "FFF");
    account.list("guardduty_detectors", R"([{"value":"d1"}])");
    account.list("security_hub", R"([{"HubArn":"arn:hub"}])");
    account.list("inspector_status", R"([{"state":{"status":"ENABLED"}}])");
    EXPECT_EQ(results(account.judged("threat_detection_is_on")), "ppp");
    account.denied("security_hub", "securityhub:DescribeHub");
    EXPECT_EQ(results(account.judged("threat_detection_is_on")), "?");
}

TEST(Cost, waste_is_named_by_item) {
    MadeAccount account;
    account.list("log_groups",
        R"([{"logGroupName":"a","storedBytes":107374182400},{"logGroupName":"b","storedBytes":10737418240,"retentionInDays":30}])");
    auto const judged = account.judged("monitoring_spend_is_used");
    ASSERT_EQ(results(judged), "F");
    EXPECT_EQ(judged.front().why,
        "Of 3.3 USD a month for log storage, 3 USD are for nothing: 110 GB x 0.03 USD; 100 GB in groups that keep "
        "forever.");
    auto const estate = account.estate();
    ASSERT_EQ(costs_of(estate).size(), 1U);
    EXPECT_NEAR(costs_of(estate).front().usd, 3.3, 1e-9);
    account.denied("log_groups", "logs:DescribeLogGroups");
    EXPECT_EQ(results(account.judged("monitoring_spend_is_used")), "?");
}

TEST(Cost, alarms_that_are_there_twice_cost_twice) {
    MadeAccount account;
    account.alarm("one", processor, "Average", 80).alarm("two", processor, "Average", 80);
    auto const estate = account.estate();
    auto const costs = costs_of(estate);
    ASSERT_EQ(costs.size(), 1U);
    EXPECT_DOUBLE_EQ(costs.front().usd, 0.2);
    EXPECT_DOUBLE_EQ(costs.front().wasted_usd, 0.1);
}

TEST(Cost, a_fine_metric_that_nobody_alarms_on_is_found) {
    MadeAccount account;
    EXPECT_EQ(results(account.judged("fine_metrics_are_alarmed")), "");
    account.list("cloudwatch_recent_metrics", R"([{"Namespace":"Shop","MetricName":"Orders"}])");
    EXPECT_EQ(results(account.judged("fine_metrics_are_alarmed")), "?");
    account.list("cloudwatch_recent_metrics", R"([{"Namespace":"Shop","MetricName":"Orders"}])");
    auto const estate = account.estate();
    EXPECT_EQ(custom_metrics_in(estate, std::string(made_region)).size(), 1U) << "listed twice, it is one";
    account.fine({ "Shop", "Orders", {} });
    EXPECT_EQ(results(account.judged("fine_metrics_are_alarmed")), "F");
    account.alarm("orders", { "Shop", "Orders", {} }, "Sum", 1, { { "Period", 10 } });
    EXPECT_EQ(results(account.judged("fine_metrics_are_alarmed")), "p");
}

} // namespace convops
