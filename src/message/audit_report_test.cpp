#include "message/audit_report.h"
#include "message/escape.h"

#include "base/text.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::Not;

AuditReport sample() {
    AuditReport report;
    report.account = "111122223333";
    report.regions = { "eu-west-1" };
    report.at = *parse_time("2026-11-23T10:00:00Z");
    report.grade = 'C';
    report.grade_capped_by = "topic_has_subscription";
    report.score = 83.2;
    report.unchecked_share = 0.12;
    report.categories = { { AuditCategory::coverage, std::nullopt }, { AuditCategory::delivery, 50.0, 1, 1, 1 } };
    report.checks = { { "alarm_has_action", "Every alarm has an action", 23, AuditCategory::hygiene,
                          AuditSeverity::high, 3, 1, 0 },
        { "topic_has_subscription", "Every alarm topic has a subscription", 50, AuditCategory::delivery,
            AuditSeverity::high, 0, 0, 1 } };
    AuditFinding failed;
    failed.check = "alarm_has_action";
    failed.number = 23;
    failed.category = AuditCategory::hygiene;
    failed.severity = AuditSeverity::high;
    failed.judgement.result = AuditResult::fail;
    failed.judgement.region = "eu-west-1";
    failed.judgement.resource
        = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:</code><script>alert(1)</script>\x1b[31m";
    failed.judgement.why = "It has no ALARM action.";
    failed.judgement.evidence = { { "cloudwatch:DescribeAlarms", "AlarmActions", JsonArray {} } };
    failed.judgement.fix = { "aws cloudwatch put-metric-alarm --alarm-name '<b>'", "  A:\n    Type: X\n",
        "resource \"x\" \"y\" {\n}\n" };
    report.findings.push_back(failed);
    AuditFinding unknown;
    unknown.check = "topic_has_subscription";
    unknown.number = 50;
    unknown.category = AuditCategory::delivery;
    unknown.severity = AuditSeverity::high;
    unknown.judgement.result = AuditResult::unknown;
    unknown.judgement.region = "eu-west-1";
    unknown.judgement.why = "sns:ListSubscriptions: not allowed";
    unknown.judgement.iam_action = "sns:ListSubscriptions";
    report.findings.push_back(unknown);
    report.best_fixes = { { "Every alarm has an action", { "alarm_has_action" }, 6.1, failed.judgement.fix } };
    UntoldMoment moment;
    moment.from = report.at - Days { 2 };
    moment.until = moment.from + Minutes { 45 };
    moment.region = "eu-west-1";
    moment.resource = { "rds:instance", "orders-db", "" };
    moment.metric = { "AWS/RDS", "DatabaseConnections", { { "DBInstanceIdentifier", "orders-db" } } };
    moment.worst = 480;
    moment.usual = 60;
    moment.why_untold = "No alarm watches this metric.";
    moment.alarm = "Maximum above 400 in 3 of 3 periods of 5 min";
    report.untold.push_back(moment);
    return report;
}

TEST(AuditText, FitsEightyColumnsAndNamesTheMissingPermission) {
    auto const text = audit_text(sample());
    for (auto const& line : split(text, '\n'))
        if (line.find("aws ") == std::string::npos)
            EXPECT_LE(width_of(line), 80U) << line;
    EXPECT_THAT(text, HasSubstr("Grade C"));
    EXPECT_THAT(text, HasSubstr("12 % could not be checked"));
    EXPECT_THAT(text, HasSubstr("needs sns:ListSubscriptions (checks 50)"));
    EXPECT_THAT(text, HasSubstr("DatabaseConnections was 480"));
    EXPECT_THAT(text, HasSubstr("no false alarm"));
}

TEST(AuditText, DaysThatNobodyLookedAtAreNotCalledQuiet) {
    auto report = sample();
    report.untold.clear();
    report.untold_gap = "cloudwatch:GetMetricData was denied";
    EXPECT_THAT(audit_text(report), HasSubstr("all was looked at: cloudwatch:GetMetricData was denied"));
    EXPECT_THAT(audit_html(report), HasSubstr("all was looked at: cloudwatch:GetMetricData was denied"));
}

TEST(AuditText, WhatWasNotAskedForIsNotCalledChecked) {
    auto report = sample();
    report.only = { "alarm_has_action" };
    report.checks[1].looked_at = false;
    report.untold.clear();
    report.untold_gap = "only 1 of 2 checks were asked for (--only)";
    for (auto const& text : { audit_text(report), audit_markdown(report), audit_html(report) }) {
        EXPECT_THAT(text, HasSubstr("checks were asked for: of these"));
        EXPECT_THAT(text, Not(HasSubstr("No moment of the last 14 days")));
    }
    EXPECT_THAT(audit_junit(report), HasSubstr("skipped=\"1\""));
    EXPECT_THAT(audit_sarif(report), Not(HasSubstr("\"id\":\"topic_has_subscription\"")));
}

TEST(AuditText, ATerminalIsNeverTold) {
    EXPECT_THAT(audit_text(sample()), Not(HasSubstr("\x1b")));
}

TEST(AuditHtml, HasNoScriptNoRequestAndEscapesNames) {
    auto const page = audit_html(sample());
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("http://")));
    EXPECT_THAT(page, Not(HasSubstr("https://")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(page, HasSubstr("id=\"show-H\" checked"));
    EXPECT_THAT(page, HasSubstr("Missing: <code>sns:ListSubscriptions</code>"));
}

TEST(AuditMarkdown, AFenceCanNotBeClosedByTheCommandInIt) {
    auto report = sample();
    report.findings[0].judgement.fix.cli = "aws x --name '```\n# heading'";
    EXPECT_THAT(audit_markdown(report), HasSubstr("````sh\n"));
}

TEST(AuditMarkdown, ANameIsNoMarkup) {
    auto report = sample();
    report.findings[0].judgement.resource = "[x](http://evil.example) | **b**";
    auto const text = audit_markdown(report);
    EXPECT_THAT(text, Not(HasSubstr("[x](http://evil.example)")));
}

TEST(AuditSarif, UnknownIsOpenAndNeverAFailure) {
    auto const sarif = *parse_json(audit_sarif(sample()));
    auto const& results = list_at(sarif.at("runs").at(0), "results");
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(text_at(results[0], "kind"), "fail");
    EXPECT_EQ(text_at(results[0], "level"), "error");
    EXPECT_EQ(text_at(results[1], "kind"), "open");
    EXPECT_EQ(text_at(results[1], "level"), "none");
}

TEST(AuditJunit, UnknownIsSkippedWithItsReason) {
    auto const xml = audit_junit(sample());
    EXPECT_THAT(xml, HasSubstr("failures=\"1\""));
    EXPECT_THAT(xml, HasSubstr("skipped=\"1\""));
    EXPECT_THAT(xml, HasSubstr("needs sns:ListSubscriptions"));
    EXPECT_THAT(xml, Not(HasSubstr("<script")));
}

} // namespace
} // namespace convops
