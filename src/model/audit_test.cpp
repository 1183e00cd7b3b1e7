#include "model/audit.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

AuditFinding finding(std::string check, std::string resource, AuditResult result = AuditResult::fail,
    std::string region = "eu-west-1") {
    AuditFinding one;
    one.check = std::move(check);
    one.number = 23;
    one.severity = AuditSeverity::high;
    one.judgement.result = result;
    one.judgement.region = std::move(region);
    one.judgement.resource = std::move(resource);
    return one;
}

AuditReport report_of(std::vector<AuditFinding> findings, std::vector<std::string> regions = { "eu-west-1" }) {
    AuditReport report;
    report.account = "111122223333";
    report.regions = std::move(regions);
    report.grade = 'C';
    report.findings = std::move(findings);
    return report;
}

TEST(AuditComparisonTest, SaysWhatIsNewWhatIsMendedAndWhatStayed) {
    auto const earlier = report_of({ finding("a", "one"), finding("a", "two") });
    auto const now = report_of({ finding("a", "two"), finding("a", "three") });
    auto const comparison = *compare(earlier, now);
    ASSERT_EQ(comparison.appeared.size(), 1U);
    EXPECT_EQ(comparison.appeared[0].judgement.resource, "three");
    ASSERT_EQ(comparison.mended.size(), 1U);
    EXPECT_EQ(comparison.mended[0].judgement.resource, "one");
    EXPECT_EQ(comparison.still, 1U);
}

TEST(AuditComparisonTest, WhatCouldNotBeLookedAtIsNotMended) {
    auto const earlier = report_of({ finding("a", "one"), finding("b", "two") });
    auto const now = report_of({ finding("a", "", AuditResult::unknown), finding("b", "two", AuditResult::unknown) });
    auto const comparison = *compare(earlier, now);
    EXPECT_TRUE(comparison.mended.empty());
    EXPECT_EQ(comparison.not_looked_at, 2U);
}

TEST(AuditComparisonTest, WhatWasNotLookedAtBeforeIsNotNew) {
    auto const earlier = report_of({ finding("a", "", AuditResult::unknown) });
    auto const now = report_of(
        { finding("a", "one"), finding("b", "far", AuditResult::fail, "us-east-1") }, { "eu-west-1", "us-east-1" });
    EXPECT_TRUE(compare(earlier, now)->appeared.empty());
}

TEST(AuditComparisonTest, ACheckThatWasNotAskedForIsNeitherMendedNorNew) {
    auto const whole = report_of({ finding("a", "one"), finding("b", "two") });
    auto part = report_of({ finding("a", "three") });
    part.only = { "a" };
    auto const later = *compare(whole, part);
    EXPECT_FALSE(later.same_checks);
    ASSERT_EQ(later.mended.size(), 1U);
    EXPECT_EQ(later.mended[0].check, "a");
    EXPECT_EQ(later.not_looked_at, 1U);
    auto const back = audit_report_from_json(*parse_json(to_text(to_json(part))));
    auto const earlier = *compare(*back, whole);
    ASSERT_EQ(earlier.appeared.size(), 1U);
    EXPECT_EQ(earlier.appeared[0].check, "a");
    EXPECT_TRUE(compare(part, part)->same_checks);
}

TEST(AuditComparisonTest, TwoAccountsAreNotCompared) {
    auto other = report_of({});
    other.account = "999999999999";
    auto const refused = compare(other, report_of({}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
}

TEST(AuditJson, AReportReadBackComparesAsItself) {
    auto report = report_of({ finding("a", "one"), finding("b", "", AuditResult::unknown) });
    report.findings[1].judgement.iam_action = "sns:ListTopics";
    report.score = 71.5;
    auto const back = audit_report_from_json(*parse_json(to_text(to_json(report))));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->score, 71.5);
    EXPECT_EQ(back->findings[1].judgement.iam_action, "sns:ListTopics");
    auto const comparison = *compare(*back, report);
    EXPECT_EQ(comparison.still, 1U);
    EXPECT_TRUE(comparison.appeared.empty());
}

TEST(AuditJson, SomethingElseIsRefused) {
    for (auto const* text : { "{}", "[]", R"({"findings": [{}], "at": "2026-11-23T00:00:00Z", "grade": "A"})",
             R"({"findings": [], "grade": "AB", "at": "2026-11-23T00:00:00Z"})" })
        EXPECT_FALSE(audit_report_from_json(*parse_json(text))) << text;
}

} // namespace
} // namespace convops
