// Checks 61 to 73: logs that are kept, counted, complete and affordable.
#include "audit/account_under_audit.h"
#include "audit/error_lines.h"
#include "audit/metric_filters.h"

namespace convops {
namespace {

using Account = AccountUnderAudit;

std::string group(std::string_view name, std::string_view fields = "") {
    return R"({"logGroupName":")" + std::string(name)
        + R"(","logGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:)" + std::string(name)
        + R"(","creationTime":1750000000000,"storedBytes":1073741824)" + std::string(fields) + "}";
}

Account with_group(std::string_view name, std::string_view fields = "") {
    Account account;
    account.has("log_groups", "[" + group(name, fields) + "]");
    return account;
}

// The sum of a metric for the parent at an index.
std::string sums(std::size_t index, double sum) {
    return to_text(JsonArray { JsonObject { { "@of", 0 }, { "Id", "m" + std::to_string(index) },
        { "Timestamps", JsonArray { "2026-11-20T00:00:00Z" } }, { "Values", JsonArray { sum } } } });
}

struct Row {
    std::string_view check, name, fields, says;
};
class AuditLogGroups : public testing::TestWithParam<Row> { };

TEST_P(AuditLogGroups, are_judged_by_their_own_fields) {
    auto const& row = GetParam();
    EXPECT_EQ(with_group(row.name, row.fields).says(row.check, row.name), row.says) << row.check << " " << row.fields;
}

INSTANTIATE_TEST_SUITE_P(Logs, AuditLogGroups,
    testing::Values(Row { "log_group_expires", "shop", "", "fail" },
        Row { "log_group_expires", "shop", R"(,"retentionInDays":30)", "pass" },
        Row { "log_group_expires", "shop", R"(,"logGroupClass":"DELIVERY")", "pass" },
        Row { "log_retention_is_long_enough", "shop", "", "" },
        Row { "log_retention_is_long_enough", "shop", R"(,"retentionInDays":3)", "fail" },
        Row { "log_retention_is_long_enough", "shop", R"(,"retentionInDays":30)", "pass" },
        Row { "log_retention_is_long_enough", "/audit/shop", R"(,"retentionInDays":90)", "fail" },
        Row { "log_retention_is_long_enough", "/audit/shop", R"(,"retentionInDays":365)", "pass" },
        Row { "log_retention_is_long_enough", "/aws/eks/shop/cluster", R"(,"retentionInDays":90)", "fail" },
        Row { "log_group_is_used", "shop", "", "pass" },
        Row { "log_group_is_used", "shop", R"(,"storedBytes":0)", "fail" },
        Row { "log_group_is_used", "shop", R"(,"storedBytes":0,"creationTime":1795000000000)", "pass" }));

TEST(AuditLogs, what_a_group_without_retention_costs_is_told_and_the_fix_warns_that_old_lines_go) {
    auto const finding = with_group("shop").about("log_group_expires", "shop");
    EXPECT_EQ(finding.why, "It keeps its logs for ever: 1 GB, 0.03 USD a month and growing.");
    EXPECT_NE(finding.fix.cli.find("are removed"), std::string::npos);
    EXPECT_NE(finding.fix.terraform.find("import"), std::string::npos);
}

TEST(AuditLogs, a_group_that_a_trail_feeds_is_an_audit_log_whatever_its_name) {
    auto account = with_group("everything", R"(,"retentionInDays":90)");
    account.has("cloudtrail_trails", R"([{"Name":"t","CloudWatchLogsLogGroupArn":
        "arn:aws:logs:eu-west-1:111122223333:log-group:everything:*"}])");
    EXPECT_EQ(account.says("log_retention_is_long_enough", "everything"), "fail");
}

TEST(AuditLogs, error_lines_without_a_metric_filter_fail_and_show_nothing_of_the_lines) {
    auto account = with_group("shop");
    account.has(
        "log_error_lines", R"([{"@of":0,"message":"2026-11-27 ERROR card 4111 of jane@x.example declined"}])");
    auto const finding = account.about("errors_in_logs_are_counted", "shop");
    EXPECT_EQ(finding.result, AuditResult::fail);
    EXPECT_EQ(
        finding.why, "It wrote at least 1 line with \"ERROR\" in the last 7 days, and no metric filter counts them.");
    for (auto const& evidence : finding.evidence)
        EXPECT_EQ(to_text(evidence.value).find("jane"), std::string::npos);
    account.has("log_metric_filters", R"([{"logGroupName":"shop","filterName":"errors","filterPattern":"ERROR",
        "metricTransformations":[{"metricName":"Errors","metricNamespace":"Shop","metricValue":"1"}]}])");
    EXPECT_EQ(account.says("errors_in_logs_are_counted", "shop"), "pass");
}

TEST(AuditLogs, a_group_that_was_searched_and_has_no_errors_passes_and_one_that_may_not_be_searched_is_unknown) {
    EXPECT_EQ(with_group("shop").says("errors_in_logs_are_counted", "shop"), "pass");
    auto const finding
        = with_group("shop").denied_for("log_error_lines", 0).about("errors_in_logs_are_counted", "shop");
    EXPECT_EQ(finding.result, AuditResult::unknown);
    EXPECT_EQ(finding.iam_action, "logs:FilterLogEvents");
    auto const all = with_group("shop").denied("log_error_lines").judged("errors_in_logs_are_counted");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().iam_action, "logs:FilterLogEvents");
}

TEST(AuditLogs, only_the_largest_groups_are_searched_and_the_others_are_unknown_not_passed) {
    Account account;
    std::string groups;
    for (int i = 0; i < 25; ++i)
        groups += (i == 0 ? "" : ",") + group("shop-" + std::to_string(i));
    account.has("log_groups", "[" + groups + "]");
    auto const all = account.judged("errors_in_logs_are_counted");
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](auto const& one) { return one.result == AuditResult::pass; }),
        static_cast<std::ptrdiff_t>(most_searched_groups));
    EXPECT_EQ(all.back().result, AuditResult::unknown);
    EXPECT_EQ(all.back().why, "5 smaller log groups without a metric filter were not searched");
}

TEST(AuditLogs, a_word_is_an_error_only_where_it_stands_alone_or_ends_a_name) {
    EXPECT_EQ(error_word_in("java.lang.NullPointerException: x"), "Exception");
    EXPECT_EQ(error_word_in("[ERROR] no"), "ERROR");
    EXPECT_EQ(error_word_in("Errors: 0"), "");
    EXPECT_EQ(error_word_in("all is well"), "");
}

TEST(AuditLogs, the_pattern_of_each_cis_filter_satisfies_itself_and_no_other_but_those_that_share_events) {
    for (auto const& one : cis_filters()) {
        EXPECT_TRUE(satisfies(one, one.pattern)) << one.number;
        for (auto const& other : cis_filters())
            if (one.number != other.number)
                EXPECT_FALSE(satisfies(one, other.pattern)) << one.number << " by the pattern of " << other.number;
    }
    EXPECT_EQ(cis_filters().size(), 15U);
}

TEST(AuditLogs, a_cis_filter_is_known_by_what_it_compares_not_by_its_bytes) {
    auto const& trail = cis_filters()[4];
    EXPECT_TRUE(satisfies(trail,
        "{($.eventName=StopLogging)||($.eventName=StartLogging)||($.eventName=DeleteTrail)||($.eventName=UpdateTrail)"
        "||"
        "($.eventName=CreateTrail)||($.eventName=PutEventSelectors)}"));
    EXPECT_FALSE(satisfies(trail, "{ ($.eventName = StopLogging) }"));
    EXPECT_FALSE(satisfies(trail,
        "{ ($.eventName != StopLogging) && ($.eventName = StartLogging) && ($.eventName = DeleteTrail) && "
        "($.eventName = UpdateTrail) && ($.eventName = CreateTrail) }"));
}

constexpr std::string_view trail = R"([{"Name":"t","TrailARN":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/t",
    "HomeRegion":"eu-west-1","CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"}])";
constexpr std::string_view root_filter = R"([{"logGroupName":"trail","filterName":"root","filterPattern":
    "{$.userIdentity.type=\"Root\" && $.userIdentity.invokedBy NOT EXISTS}",
    "metricTransformations":[{"metricName":"RootUse","metricNamespace":"Trail","metricValue":"1","defaultValue":0}]}])";

TEST(AuditLogs, each_cis_filter_needs_an_alarm_and_a_trail_that_feeds_no_log_is_not_judged) {
    Account account;
    EXPECT_TRUE(account.judged("trail_feeds_security_alarms").empty());
    account.has("cloudtrail_trails", trail).has("log_metric_filters", root_filter);
    EXPECT_EQ(account.judged("trail_feeds_security_alarms").size(), 15U);
    EXPECT_EQ(account.about("trail_feeds_security_alarms", "trail 4.3").why,
        "Its filter root counts use of the root user, and no alarm watches the count.");
    EXPECT_EQ(account.says("metric_filter_has_alarm", "trail:root"), "") << "said once";
    account.has_alarm("root", R"({"Namespace":"Trail","MetricName":"RootUse","Dimensions":[]})");
    EXPECT_EQ(account.says("trail_feeds_security_alarms", "trail 4.3"), "pass");
    auto const fix = account.about("trail_feeds_security_alarms", "trail 4.5").fix;
    EXPECT_NE(fix.cli.find("put-metric-filter"), std::string::npos);
    EXPECT_NE(fix.cli.find("put-metric-alarm"), std::string::npos);
}

TEST(AuditLogs, two_trails_count_into_one_metric_with_one_alarm) {
    AccountUnderAudit account;
    account.has("log_groups", R"([{"logGroupName":"trail"},{"logGroupName":"second"}])")
        .has("cloudtrail_trails",
            R"([{"Name":"a","CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"},
                {"Name":"b","CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:second:*"}])");
    auto const first = account.about("trail_feeds_security_alarms", "trail 4.5").fix.cloudformation;
    auto const second = account.about("trail_feeds_security_alarms", "second 4.5").fix.cloudformation;
    auto const alarm = [](std::string const& text) {
        auto const type = text.find("Type: AWS::CloudWatch::Alarm");
        return type == std::string::npos ? "" : text.substr(text.rfind("\n  ", type - 8));
    };
    EXPECT_NE(alarm(first), "");
    EXPECT_EQ(alarm(first), alarm(second));
    EXPECT_NE(first, second) << "each has a filter of its own";
}

TEST(AuditLogs, a_metric_filter_without_an_alarm_fails) {
    auto account = with_group("shop");
    account.has("log_metric_filters", R"([{"logGroupName":"shop","filterName":"slow","filterPattern":"slow",
        "metricTransformations":[{"metricName":"Slow","metricNamespace":"Shop","metricValue":"1"}]}])");
    EXPECT_EQ(account.says("metric_filter_has_alarm", "shop:slow"), "fail");
    account.has_alarm("slow", R"({"Namespace":"Shop","MetricName":"Slow","Dimensions":[]})");
    EXPECT_EQ(account.says("metric_filter_has_alarm", "shop:slow"), "pass");
}

TEST(AuditLogs, a_filter_wants_a_default_value_and_a_match_within_a_month) {
    auto const judged = [](std::string_view fields, double matches) {
        auto account = with_group("shop");
        account.has("log_metric_filters",
            R"([{"logGroupName":"shop","filterName":"slow","filterPattern":"slow",
            "creationTime":1750000000000,"metricTransformations":[{"metricName":"Slow","metricNamespace":"Shop",
            "metricValue":"$.ms")"
                + std::string(fields) + "}]}]");
        account.has("log_incoming_bytes", sums(0, 1000)).has("log_filter_matches", sums(0, matches));
        return account;
    };
    EXPECT_EQ(judged("", 3).says("metric_filter_counts", "shop:slow"), "fail");
    EXPECT_NE(judged("", 3).about("metric_filter_counts", "shop:slow").fix.cli.find("$.ms"), std::string::npos)
        << judged("", 3).about("metric_filter_counts", "shop:slow").fix.cli;
    EXPECT_EQ(judged(R"(,"defaultValue":0)", 3).says("metric_filter_counts", "shop:slow"), "pass");
    EXPECT_EQ(judged(R"(,"defaultValue":0)", 0).says("metric_filter_counts", "shop:slow"), "fail");
    EXPECT_EQ(judged(R"(,"dimensions":{"a":"$.a"})", 3).says("metric_filter_counts", "shop:slow"), "pass");
}

constexpr std::string_view function = R"([{"FunctionName":"pay","FunctionArn":
    "arn:aws:lambda:eu-west-1:111122223333:function:pay"}])";

TEST(AuditLogs, a_function_that_runs_without_its_log_group_weighs_more_than_one_that_never_ran) {
    Account account;
    account.has("lambda_functions", function);
    auto const idle = account.about("compute_has_log_group", "pay");
    EXPECT_EQ(idle.result, AuditResult::fail);
    account.has("lambda_invocations", sums(0, 50));
    EXPECT_GT(account.about("compute_has_log_group", "pay").weight, idle.weight);
    account.has("log_groups", "[" + group("/aws/lambda/pay") + "]");
    EXPECT_EQ(account.says("compute_has_log_group", "pay"), "pass");
}

TEST(AuditLogs, a_task_whose_container_has_no_log_configuration_fails) {
    auto const judged = [](std::string_view configuration) {
        Account account;
        account.has("ecs_services", R"([{"serviceName":"shop","serviceArn":"arn:aws:ecs:eu-west-1:1:service/c/shop",
            "taskDefinition":"td:1","clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/c"}])");
        account.has("ecs_task_definitions",
            R"([{"@of":0,"taskDefinition":{"taskDefinitionArn":"td:1",
            "containerDefinitions":[{"name":"web")"
                + std::string(configuration) + "}]}}]");
        return account.says("compute_has_log_group", "service/c/shop");
    };
    EXPECT_EQ(judged(""), "fail");
    EXPECT_EQ(judged(R"(,"logConfiguration":{"logDriver":"awsfirelens"})"), "pass");
    EXPECT_EQ(judged(R"(,"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"gone"}})"), "fail");
}

TEST(AuditLogs, each_service_that_can_log_is_asked_whether_it_does) {
    Account account;
    account.has(
        "load_balancers", R"([{"LoadBalancerName":"web","LoadBalancerArn":"arn:lb/app/web/1","Type":"application"},
        {"LoadBalancerName":"net","LoadBalancerArn":"arn:lb/net/net/1","Type":"network"}])");
    account.has("load_balancer_attributes",
        R"([{"@of":0,"Attributes":[{"Key":"access_logs.s3.enabled","Value":"false"}]},{"@of":1,"Attributes":[]}])");
    account.has("rest_apis", R"([{"id":"a1","name":"shop"}])");
    account.has("rest_api_stages", R"([{"@of":0,"stageName":"prod"},
        {"@of":0,"stageName":"live","methodSettings":{"*/*":{"loggingLevel":"ERROR"}}}])");
    account.has("rds_instances", R"([{"DBInstanceIdentifier":"loud","EnabledCloudwatchLogsExports":["error"]},
        {"DBInstanceIdentifier":"quiet"},{"DBInstanceIdentifier":"member","DBClusterIdentifier":"c"}])");
    account.has("eks_clusters",
        R"([{"cluster":{"name":"k8s","logging":{"clusterLogging":[{"types":["api"],"enabled":false}]}}}])");
    account.has("ec2_vpcs", R"([{"vpcId":"vpc-1"},{"vpcId":"vpc-2"},{"vpcId":"vpc-3","isDefault":"true"}])");
    account.has("ec2_flow_logs", R"([{"resourceId":"vpc-1","flowLogStatus":"ACTIVE"}])");
    account.has("state_machines", R"([{"stateMachineArn":"arn:express","name":"e","type":"EXPRESS"},
        {"stateMachineArn":"arn:standard","name":"s","type":"STANDARD"}])");
    account.has("state_machine_logging", R"([{"@of":0,"loggingConfiguration":{"level":"OFF"}},{"@of":1}])");
    account.has("web_acls", R"([{"ARN":"arn:acl/a","Name":"a"},{"ARN":"arn:acl/b","Name":"b"}])");
    account.has("web_acl_logging", R"([{"ResourceArn":"arn:acl/b"}])");
    std::map<std::string, std::string> said;
    for (auto const& one : account.judged("service_logs_are_on"))
        said[one.resource] = to_string(one.result);
    EXPECT_EQ(said,
        (std::map<std::string, std::string> { { "arn:lb/app/web/1", "fail" }, { "a1/prod", "fail" },
            { "a1/live", "pass" }, { "loud", "pass" }, { "quiet", "fail" }, { "k8s", "fail" }, { "vpc-1", "pass" },
            { "vpc-2", "fail" }, { "arn:express", "fail" }, { "arn:acl/a", "fail" }, { "arn:acl/b", "pass" } }));
}

TEST(AuditLogs, a_function_that_runs_while_its_log_is_silent_fails) {
    Account account;
    account.has("lambda_functions", function).has("log_groups", "[" + group("/aws/lambda/pay") + "]");
    EXPECT_EQ(account.says("log_group_is_fed", "pay"), "") << "it does not run";
    account.has("lambda_invocations", sums(0, 50));
    EXPECT_EQ(account.says("log_group_is_fed", "pay"), "fail");
    account.has("log_incoming_bytes", sums(0, 4096));
    EXPECT_EQ(account.says("log_group_is_fed", "pay"), "pass");
}

TEST(AuditLogs, debug_output_and_hundreds_of_gigabytes_fail) {
    Account account;
    account.has("lambda_functions", R"([{"FunctionName":"pay","LoggingConfig":{"ApplicationLogLevel":"DEBUG"}}])");
    account.has("log_groups", "[" + group("/aws/lambda/pay") + "," + group("big") + "," + group("small") + "]");
    account.has("log_incoming_bytes", sums(1, 300e9)).has("log_incoming_bytes", sums(2, 300e6));
    EXPECT_EQ(account.says("log_volume_is_sensible", "/aws/lambda/pay"), "fail");
    EXPECT_EQ(account.says("log_volume_is_sensible", "big"), "fail");
    EXPECT_EQ(account.says("log_volume_is_sensible", "small"), "pass");
}

TEST(AuditLogs, a_busy_group_without_an_anomaly_detector_fails) {
    auto account = with_group("busy");
    EXPECT_EQ(account.says("key_log_groups_watch_for_anomalies", "busy"), "") << "it takes in nothing";
    account.has("log_incoming_bytes", sums(0, 5e9));
    EXPECT_EQ(account.says("key_log_groups_watch_for_anomalies", "busy"), "fail");
    account.has(
        "log_anomaly_detectors", R"([{"logGroupArnList":["arn:aws:logs:eu-west-1:111122223333:log-group:busy"]}])");
    EXPECT_EQ(account.says("key_log_groups_watch_for_anomalies", "busy"), "pass");
}

TEST(AuditLogs, a_subscription_filter_with_delivery_errors_fails_and_one_that_forwards_passes) {
    constexpr std::string_view metric = R"([{"Dimensions":[{"Name":"LogGroupName","Value":"shop"},
        {"Name":"FilterName","Value":"to-siem"},{"Name":"DestinationType","Value":"Lambda"}]}])";
    Account account;
    account.has("log_forwarding", metric);
    EXPECT_EQ(account.says("log_subscription_delivers", "shop:to-siem"), "pass");
    account.has("log_failed_forwarding", metric).has("log_delivery_errors", sums(0, 7));
    EXPECT_EQ(account.says("log_subscription_delivers", "shop:to-siem"), "fail");
}

} // namespace
} // namespace convops
