#include "audit/fix_file.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::Not;

Json alarm_json(std::string_view text) {
    return *parse_json(text);
}

Json const simple_alarm = alarm_json(R"({"AlarmName": "cpu", "ActionsEnabled": "true", "AlarmActions": [],
    "Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Statistic": "Average",
    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}], "Period": "60", "EvaluationPeriods": "1",
    "Threshold": "80.0", "ComparisonOperator": "GreaterThanThreshold", "StateValue": "OK"})");

AuditReport report_with(std::vector<AuditFix> const& fixes, std::vector<std::string> regions = { "eu-west-1" }) {
    AuditReport report;
    report.account = "111122223333";
    report.regions = std::move(regions);
    for (auto const& fix : fixes) {
        AuditFinding finding;
        finding.check = "some_check";
        finding.number = 23;
        finding.judgement.result = AuditResult::fail;
        finding.judgement.region = "eu-west-1";
        finding.judgement.why = "It is so.";
        finding.judgement.fix = fix;
        report.findings.push_back(std::move(finding));
    }
    report.changed_alarms[{ "eu-west-1", "cpu" }] = simple_alarm;
    return report;
}

TEST(Fixes, AChangedAlarmKeepsEveryOtherFieldAndItsTypes) {
    auto const fix
        = changed_alarm_fix(simple_alarm, { { "AlarmActions", JsonArray { alarm_topic.text } } }, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr("--alarm-actions \"$ALARM_TOPIC_ARN\""));
    EXPECT_THAT(fix.cli, HasSubstr("--dimensions Name=InstanceId,Value=i-1"));
    EXPECT_THAT(fix.cli, HasSubstr("--actions-enabled"));
    EXPECT_THAT(fix.cloudformation, HasSubstr("Period: 60\n"));
    EXPECT_THAT(fix.cloudformation, HasSubstr("- !Ref AlarmTopicArn"));
    EXPECT_THAT(fix.terraform, HasSubstr("[var.alarm_topic_arn]"));
    EXPECT_THAT(fix.terraform, HasSubstr("import {"));
    EXPECT_THAT(fix.cli, Not(HasSubstr("StateValue"))) << "what only DescribeAlarms tells is no argument";
}

TEST(Fixes, AChangeToNothingTakesTheFieldAway) {
    auto const fix
        = changed_alarm_fix(simple_alarm, { { "ExtendedStatistic", "p99" }, { "Statistic", nullptr } }, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr("--extended-statistic p99"));
    for (auto const* text : { &fix.cli, &fix.cloudformation, &fix.terraform }) {
        EXPECT_THAT(*text, Not(HasSubstr("Average")));
        EXPECT_THAT(*text, Not(HasSubstr("null")));
    }
}

TEST(Fixes, ANewAlarmOnAPercentileIgnoresPeriodsOfFewSamples) {
    AlarmPlan plan;
    plan.name = "slow";
    plan.metric = { "AWS/Lambda", "Duration", { { "FunctionName", "f" } } };
    plan.statistic = "p90";
    EXPECT_THAT(alarm_fix(plan).cloudformation, HasSubstr("EvaluateLowSampleCountPercentile: \"ignore\""));
    plan.statistic = "Average";
    EXPECT_THAT(alarm_fix(plan).cloudformation, Not(HasSubstr("EvaluateLowSampleCountPercentile")));
}

// Two log groups of one trail need a filter each, and one alarm on the metric that both feed.
TEST(Fixes, AResourceOfTwoFixesIsWrittenOnceAndTheRestOfBothIsKept) {
    AlarmPlan plan;
    plan.name = "root";
    plan.metric = { "CloudTrailMetrics", "root", {} };
    plan.statistic = "Sum";
    std::vector<AuditFix> fixes;
    for (auto const* group : { "one", "two" }) {
        auto fix = alarm_fix(plan);
        auto const id = "filter_" + std::string(group);
        fix.cloudformation = cloudformation_resource("Filter" + std::string(group), "AWS::Logs::MetricFilter",
                                 { { "LogGroupName", group } })
            + fix.cloudformation;
        fix.terraform = terraform_resource("aws_cloudwatch_log_metric_filter", id, { { "log_group_name", group } })
            + fix.terraform;
        fixes.push_back(std::move(fix));
    }
    for (auto const language : { FixLanguage::cloudformation, FixLanguage::terraform }) {
        auto const file = fix_file(report_with(fixes), language);
        ASSERT_TRUE(file);
        EXPECT_THAT(*file, HasSubstr("\"one\""));
        EXPECT_THAT(*file, HasSubstr("\"two\""));
        auto const* const alarm = language == FixLanguage::terraform ? "resource \"aws_cloudwatch_metric_alarm\""
                                                                     : "AWS::CloudWatch::Alarm";
        EXPECT_EQ(split(replace_all(*file, alarm, "\x01"), '\x01').size(), 2U) << *file;
    }
}

TEST(Fixes, TheMetricsOfAMathAlarmAreNestedBlocksInTerraform) {
    auto const fix = changed_alarm_fix(alarm_json(R"({"AlarmName": "rate", "EvaluationPeriods": "1", "Threshold": "5",
        "ComparisonOperator": "GreaterThanThreshold", "Metrics": [
        {"Id": "e1", "Expression": "m1*100", "ReturnData": "true"},
        {"Id": "m1", "ReturnData": "false", "MetricStat": {"Period": "60", "Stat": "Sum",
         "Metric": {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": [{"Name": "FunctionName", "Value": "f"}]}}}]})"),
        { { "TreatMissingData", "notBreaching" } }, "eu-west-1");
    EXPECT_THAT(fix.terraform, HasSubstr("  metric_query {\n"));
    EXPECT_THAT(fix.terraform, HasSubstr("    metric {\n"));
    EXPECT_THAT(fix.terraform, HasSubstr("return_data = false"));
    EXPECT_THAT(fix.cloudformation, HasSubstr("ReturnData: false"));
    EXPECT_THAT(fix.cli, HasSubstr(R"("Period":60)"));
}

TEST(Fixes, AStrangersNameIsTextInEveryLanguage) {
    auto alarm = simple_alarm;
    alarm.as_object()["AlarmName"] = "a'; rm -rf / #${file(\"x\")} %{ if true } !Ref X\n- b: {{c}}";
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr("'a'\\''; rm -rf / #${file(\"x\")}"));
    EXPECT_THAT(fix.terraform, HasSubstr("$${file(\\\"x\\\")} %%{ if true }"));
    EXPECT_THAT(fix.cloudformation,
        HasSubstr("AlarmName: \"a'; rm -rf / #${file(\\\"x\\\")} %{ if true } !Ref X\\n- b: {{c}}\""));
}

TEST(Fixes, APlaceholderThatAStrangerWroteInsideATextStaysText) {
    auto alarm = simple_alarm;
    alarm.as_object()["AlarmDescription"] = "see ${alarm_topic_arn} there";
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_THAT(fix.terraform, HasSubstr("\"see $${alarm_topic_arn} there\""));
    EXPECT_THAT(fix.cli, HasSubstr("'see ${alarm_topic_arn} there'"));
}

TEST(Fixes, IdentifiersOfTwoNamesAreNeverTheSame) {
    EXPECT_NE(identifier_of("a-b", ""), identifier_of("a_b", ""));
    EXPECT_NE(identifier_of("é", "_"), identifier_of("è", "_"));
    EXPECT_THAT(identifier_of("9 lives", "_"), testing::MatchesRegex("r_9_lives_[0-9a-f]+"));
    EXPECT_THAT(identifier_of("", ""), testing::MatchesRegex("R[0-9a-f]+"));
}

TEST(FixFile, TwoFindingsAboutOneAlarmBecomeOneChange) {
    auto const report
        = report_with({ changed_alarm_fix(simple_alarm, { { "TreatMissingData", "breaching" } }, "eu-west-1"),
            changed_alarm_fix(simple_alarm, { { "AlarmActions", JsonArray { alarm_topic.text } } }, "eu-west-1") });
    for (auto const language : { FixLanguage::cli, FixLanguage::cloudformation, FixLanguage::terraform }) {
        auto const file = fix_file(report, language);
        ASSERT_TRUE(file);
        EXPECT_THAT(*file, HasSubstr("breaching"));
        EXPECT_THAT(*file,
            testing::AnyOf(HasSubstr("$ALARM_TOPIC_ARN"), HasSubstr("AlarmTopicArn"), HasSubstr("alarm_topic_arn")));
        auto const first = file->find("CPUUtilization");
        EXPECT_EQ(file->find("CPUUtilization", first + 1), std::string::npos) << "the alarm is written once";
    }
}

TEST(FixFile, OnlyTheValuesThatAreUsedAreAskedFor) {
    auto const report
        = report_with({ changed_alarm_fix(simple_alarm, { { "TreatMissingData", "breaching" } }, "eu-west-1") });
    EXPECT_THAT(*fix_file(report, FixLanguage::cli), Not(HasSubstr("ON_CALL_MAILBOX")));
    EXPECT_THAT(*fix_file(report, FixLanguage::cloudformation), Not(HasSubstr("Parameters:")));
    EXPECT_THAT(*fix_file(report, FixLanguage::terraform), Not(HasSubstr("variable")));
}

TEST(FixFile, ATemplateIsForOneRegionAndTerraformNamesTheProviderOfEach) {
    auto const fix = changed_alarm_fix(simple_alarm, { { "TreatMissingData", "breaching" } }, "eu-west-1");
    auto const report = report_with({ fix }, { "eu-west-1", "us-east-1" });
    auto const refused = fix_file(report, FixLanguage::cloudformation);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    auto const terraform = *fix_file(report, FixLanguage::terraform);
    EXPECT_THAT(terraform, HasSubstr("alias  = \"us_east_1\""));
    EXPECT_THAT(terraform, HasSubstr("  provider = aws.eu_west_1\n\n"));
}

TEST(FixFile, AReasonWithALineBreakStaysInItsComment) {
    auto report = report_with({ changed_alarm_fix(simple_alarm, {}, "eu-west-1") });
    report.findings.front().judgement.why = "first\nrm -rf /";
    EXPECT_THAT(*fix_file(report, FixLanguage::cli), Not(HasSubstr("\nrm -rf /")));
}

TEST(FixFile, NothingToMendIsStillAValidFile) {
    auto const report = report_with({});
    EXPECT_THAT(*fix_file(report, FixLanguage::cloudformation), HasSubstr("Resources: {}"));
    EXPECT_THAT(*fix_file(report, FixLanguage::cli), HasSubstr("set -eu"));
}

} // namespace
} // namespace convops
