// Fixes of the checks of depth and cost: exact where the list tells enough, none where a template would guess.
#include "audit/fixes.h"
#include "audit/made_account.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

constexpr std::string_view one_function
    = R"([{"FunctionName":"checkout","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:checkout","Timeout":30}])";

AuditJudgement first_failure(MadeAccount const& account, std::string_view check) {
    for (auto const& judgement : account.judged(check))
        if (judgement.result == AuditResult::fail)
            return judgement;
    ADD_FAILURE() << check << " found nothing";
    return {};
}

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

MadeAccount with_dashboard(std::string_view metrics) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    account.list("cloudwatch_dashboards", R"([{"DashboardName":"shop"}])");
    account.add("cloudwatch_dashboard_bodies",
        JsonObject { { "DashboardName", "shop" },
            { "DashboardBody",
                R"({"start":"-PT6H","widgets":[{"type":"text","properties":{"markdown":"it's ours"}},{"type":"metric","properties":{"title":"t","metrics":)"
                    + std::string(metrics) + "}}]}" } });
    return account;
}

TEST(DepthFixes, the_first_dashboard_shows_the_alarms_and_what_pages) {
    MadeAccount account;
    account.list("lambda_functions", one_function);
    account.alarm("errors of checkout", { "AWS/Lambda", "Errors", { { "FunctionName", "checkout" } } }, "Sum", 0,
        { { "AlarmArn", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors of checkout" } });
    auto const fix = first_failure(account, "dashboards_are_alive").fix;
    for (auto const* text : { &fix.cli, &fix.cloudformation, &fix.terraform }) {
        EXPECT_TRUE(holds(*text, "alarm:errors of checkout")) << *text;
        EXPECT_TRUE(holds(*text, "FunctionName")) << *text;
    }
    EXPECT_TRUE(holds(fix.cli, "aws cloudwatch put-dashboard")) << fix.cli;
    EXPECT_TRUE(holds(fix.cloudformation, "AWS::CloudWatch::Dashboard"));
    EXPECT_FALSE(holds(fix.terraform, "import {")) << "it does not exist yet";
}

TEST(DepthFixes, rows_of_what_is_gone_are_taken_out_and_everything_else_stays) {
    auto const fix = first_failure(
        with_dashboard(
            R"([["AWS/Lambda","Errors","FunctionName","gone"],["AWS/Lambda","Errors","FunctionName","checkout"]])"),
        "dashboards_are_alive")
                         .fix;
    EXPECT_FALSE(holds(fix.cli, "gone")) << fix.cli;
    EXPECT_TRUE(holds(fix.cli, "checkout"));
    EXPECT_TRUE(holds(fix.cli, "-PT6H"));
    EXPECT_TRUE(holds(fix.cli, R"(it'\''s ours)")) << fix.cli;
    EXPECT_TRUE(holds(fix.terraform, "import {"));
    EXPECT_TRUE(holds(fix.cloudformation, "DeletionPolicy: Retain"));
}

TEST(DepthFixes, a_row_that_others_lean_on_is_not_taken_out) {
    for (std::string_view const metrics :
        { R"([["AWS/Lambda","Errors","FunctionName","gone"],[".","Throttles",".","."]])",
            R"([["AWS/Lambda","Errors","FunctionName","gone"],["..."]])",
            R"([["AWS/Lambda","Errors","FunctionName","gone",{"id":"m1"}],[{"expression":"m1*2"}]])" })
        EXPECT_TRUE(first_failure(with_dashboard(metrics), "dashboards_are_alive").fix.empty()) << metrics;
}

TEST(DepthFixes, a_widget_of_nothing_else_goes_with_its_rows) {
    auto const fix
        = first_failure(with_dashboard(R"([["AWS/Lambda","Errors","FunctionName","gone"]])"), "dashboards_are_alive")
              .fix;
    EXPECT_FALSE(holds(fix.cli, "\"metric\"")) << fix.cli;
    EXPECT_TRUE(holds(fix.cli, "markdown"));
}

TEST(DepthFixes, the_add_on_of_a_cluster_is_a_resource_of_its_own) {
    MadeAccount account;
    account.list("eks_cluster_names", R"([{"value":"batch"}])");
    account.list(
        "eks_clusters", R"([{"cluster":{"name":"batch","arn":"arn:aws:eks:eu-west-1:111122223333:cluster/batch"}}])");
    auto const fix = first_failure(account, "insight_is_on").fix;
    EXPECT_TRUE(holds(fix.cli, "aws eks create-addon")) << fix.cli;
    EXPECT_TRUE(holds(fix.cloudformation, "AWS::EKS::Addon")) << fix.cloudformation;
    EXPECT_TRUE(holds(fix.terraform, "aws_eks_addon")) << fix.terraform;
}

TEST(DepthFixes, enhanced_monitoring_needs_a_role_that_the_reader_fills_in) {
    MadeAccount account;
    account.list("rds_instances",
        R"([{"DBInstanceIdentifier":"orders","DBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:orders","Engine":"postgres","DBInstanceClass":"db.m5.large","PerformanceInsightsEnabled":true,"MonitoringInterval":0}])");
    auto const fix = first_failure(account, "insight_is_on").fix;
    EXPECT_TRUE(holds(fix.cli, "--monitoring-interval 60")) << fix.cli;
    EXPECT_TRUE(holds(fix.cli, "--monitoring-role-arn \"$DATABASE_MONITORING_ROLE_ARN\"")) << fix.cli;
    EXPECT_FALSE(holds(fix.cli, "performance-insights")) << fix.cli;
    EXPECT_EQ(fix.cloudformation + fix.terraform, "") << "what the list does not tell would be changed";
}

TEST(DepthFixes, storage_paid_for_nothing_ends_as_the_check_of_retention_ends_it) {
    MadeAccount account;
    account.list("log_groups",
        R"([{"logGroupName":"small","storedBytes":1073741824},{"logGroupName":"large","storedBytes":107374182400},{"logGroupName":"kept","storedBytes":907374182400,"retentionInDays":30}])");
    auto const fix = first_failure(account, "monitoring_spend_is_used").fix;
    EXPECT_TRUE(holds(fix.cli, "put-retention-policy"));
    EXPECT_TRUE(holds(fix.cli, "large")) << fix.cli;
    bool same = false;
    for (auto const& judgement : account.judged("log_group_expires"))
        same = same || judgement.fix.cloudformation == fix.cloudformation;
    EXPECT_TRUE(same) << "one file must not set it twice";
}

} // namespace
} // namespace convops
