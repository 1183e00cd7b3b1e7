#include "audit/audit.h"
#include "audit/fix_file.h"
#include "audit/fix_text.h"
#include "audit/fixes.h"
#include "audit/made_account.h"
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

TEST(Fixes, NumbersAreWrittenWithoutAnExponent) {
    for (auto const& [number, text] : { std::pair { 1e9, "1000000000" }, std::pair { 0.0001, "0.0001" } }) {
        auto const fix = changed_alarm_fix(simple_alarm, { { "Threshold", number } }, "eu-west-1");
        EXPECT_THAT(fix.cloudformation, HasSubstr("Threshold: " + std::string(text) + "\n"));
        EXPECT_THAT(fix.terraform, HasSubstr(" = " + std::string(text) + "\n"));
    }
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
    alarm.as_object()["AlarmName"] = "a'; rm -rf / #${file(\"x\")} %{ if true } !Ref X - b: {{c}}";
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr("'a'\\''; rm -rf / #${file(\"x\")}"));
    EXPECT_THAT(fix.terraform, HasSubstr("$${file(\\\"x\\\")} %%{ if true }"));
    EXPECT_THAT(fix.cloudformation,
        HasSubstr("AlarmName: \"a'; rm -rf / #${file(\\\"x\\\")} %{ if true } !Ref X - b: {{c}}\""));
}

// The AWS CLI puts the content of the file in the place of the text: whoever may describe an alarm would be sent it.
TEST(Fixes, ADescriptionNeverMakesTheCliReadAFileOrAPage) {
    for (auto const* text :
        { "file:///root/.aws/credentials", "https://wiki.example/runbook", "first line\nsecond line", "a\u202Eb" }) {
        auto alarm = simple_alarm;
        alarm.as_object()["AlarmDescription"] = text;
        auto const fix
            = changed_alarm_fix(alarm, { { "AlarmActions", JsonArray { alarm_topic.text } } }, "eu-west-1");
        EXPECT_THAT(fix.cli, HasSubstr("--cli-input-json '{\"AlarmDescription\":\"")) << text;
        EXPECT_THAT(fix.cli, HasSubstr("--alarm-name cpu"));
        EXPECT_THAT(fix.cli, HasSubstr("--alarm-actions \"$ALARM_TOPIC_ARN\"")) << "a variable is not filled in JSON";
        EXPECT_THAT(fix.cli, Not(HasSubstr("--alarm-description"))) << text;
        EXPECT_THAT(fix.cli, Not(HasSubstr("\u202E")));
    }
}

TEST(Fixes, ADimensionSpeaksNoneOfTheClisShorthand) {
    auto alarm = simple_alarm;
    alarm.as_object()["Dimensions"] = JsonArray { JsonObject { { "Name", "a" }, { "Value", "b" } },
        JsonObject { { "Name", "x,Value@=file:///root/.aws/credentials" }, { "Value", "y" } } };
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr("'{\"Name\":\"x,Value@=file:///root/.aws/credentials\",\"Value\":\"y\"}'"));
    EXPECT_THAT(fix.cli, Not(HasSubstr("Name=a"))) << "JSON and shorthand do not mix";
}

// "{{resolve:secretsmanager:...}}" would be replaced by the secret when the template is applied.
TEST(Fixes, ATemplateNeverResolvesWhatAStrangerWrote) {
    auto alarm = simple_alarm;
    alarm.as_object()["AlarmDescription"] = "{{resolve:secretsmanager:prod/db:SecretString:password}}";
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_EQ(fix.cloudformation, "");
    EXPECT_NE(fix.terraform, "");
    EXPECT_EQ(
        cloudformation_resource("A", "T", { { "EventPattern", JsonObject { { "Fn::GetAtt", JsonArray {} } } } }), "");
    EXPECT_EQ(cloudformation_resource("A", "T", { { "P", JsonArray { JsonObject { { "Ref", "X" } } } } }), "");
}

TEST(Fixes, AKeyThatAStrangerChoseIsQuoted) {
    auto const yaml = cloudformation_resource("A", "T",
        { { "EventPattern",
            JsonObject { { "x: 1\n  Evil:\n    Type: AWS::IAM::User", JsonArray { 1 } }, { "detail-type", "d" },
                { "No", "n" }, { "source", "s" } } } });
    EXPECT_THAT(yaml, HasSubstr("\"x: 1\\n  Evil:\\n    Type: AWS::IAM::User\":"));
    EXPECT_THAT(yaml, HasSubstr("\"detail-type\": \"d\""));
    EXPECT_THAT(yaml, HasSubstr("\"No\": \"n\"")) << "YAML 1.1 reads a bare No as false";
    EXPECT_THAT(yaml, HasSubstr("        source: \"s\""));
}

TEST(Fixes, CharactersThatDoNotShowAreEscapesWhichAllThreeLanguagesKnow) {
    EXPECT_EQ(seen_json("a\u202Eb\u200Bc\u2028\x7F"), R"("a\u202eb\u200bc\u2028\u007f")");
    EXPECT_EQ(seen_json("\b\f\\b\n"), R"("\u0008\u000c\\b\n")") << "HCL has no \\b";
    EXPECT_EQ(seen_json("नमस्ते 👩‍🚒"), "\"नमस्ते 👩‍🚒\"")
        << "joiners are letters of a script";
}

TEST(Fixes, AnAlarmWhoseNameOnlySeemsToBeAnothersChangesNotTheOther) {
    auto alarm = simple_alarm;
    alarm.as_object()["AlarmName"] = "cpu\u200B";
    auto const fix = changed_alarm_fix(alarm, {}, "eu-west-1");
    EXPECT_THAT(fix.cli, HasSubstr(R"("AlarmName":"cpu\u200b")"));
    EXPECT_THAT(fix.terraform, HasSubstr(R"("cpu\u200b")"));
    EXPECT_THAT(fix.cloudformation, HasSubstr(R"(AlarmName: "cpu\u200b")"));
}

// Answers of AWS are read without characters that do not show: these were "cpu" and "cpu" with a zero-width space.
TEST(Fixes, AnAlarmThatSharesItsNameHasNoFix) {
    MadeAccount account;
    MetricId const processor { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    for (auto const* name : { "cpu", "cpu", "memory" })
        account.alarm(name, processor, "Average", 80, { { "AlarmActions", JsonArray {} } });
    auto const estate = account.estate();
    auto const report = audit(estate, audit_checks::all());
    std::set<std::string> changed;
    for (auto const& finding : report.findings)
        changed.insert(finding.judgement.fix.alarm);
    EXPECT_FALSE(changed.contains("cpu"));
    EXPECT_TRUE(changed.contains("memory"));
    EXPECT_FALSE(report.changed_alarms.contains({ "eu-west-1", "cpu" }));
}

TEST(Fixes, ACommandThatCanNotBeWrittenIsACommentThatSaysSo) {
    auto const command = cli_command("logs", "put-metric-filter", { { "filter-pattern", "file:///x" } }, "eu-west-1");
    EXPECT_THAT(command, testing::StartsWith("# logs put-metric-filter: "));
    EXPECT_THAT(command, Not(HasSubstr("\n")));
    EXPECT_THAT(command, Not(HasSubstr("file:///x")));
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
