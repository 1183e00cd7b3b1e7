// How much of an account could not be checked: what nobody could read weighs as much as it may hold.
#include "audit/score.h"

#include "audit/account_under_audit.h"
#include "audit/judging.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

AuditCheck check_of(AuditSeverity severity = AuditSeverity::medium, bool per_region = true) {
    return { .name = "topic_delivers",
        .number = 54,
        .category = AuditCategory::delivery,
        .severity = severity,
        .title = "Every topic delivers",
        .per_region = per_region };
}

std::vector<AuditJudgement> things(std::string const& region, std::size_t count) {
    std::vector<AuditJudgement> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(passes(region, "topic-" + std::to_string(i)));
    return all;
}

AuditJudgement unread(std::string const& region) {
    return not_known(region, "", "sns:ListTopics: access denied", "sns:ListTopics");
}

double unknown_share(std::vector<AuditJudgement> const& judgements, bool per_region = true) {
    return scored_check(check_of(AuditSeverity::medium, per_region), judgements).unknown;
}

TEST(AuditScore, a_denied_list_beside_a_thousand_passes_is_half_of_two_Regions) {
    auto judgements = things("eu-west-1", 1'000);
    judgements.push_back(unread("us-east-1"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 0.5);
    judgements.push_back(unread("eu-central-1"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 2.0 / 3);
    EXPECT_EQ(scored_check(check_of(), judgements).summary.unknown, 2U) << "findings are counted as they are shown";
}

TEST(AuditScore, several_denied_lists_of_one_Region_are_one_Region) {
    auto judgements = things("eu-west-1", 10);
    judgements.push_back(unread("us-east-1"));
    judgements.push_back(unread("us-east-1"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 0.5);
}

TEST(AuditScore, where_no_list_was_read_everything_is_unknown) {
    EXPECT_DOUBLE_EQ(unknown_share({ unread("eu-west-1") }), 1);
    EXPECT_DOUBLE_EQ(unknown_share({ unread("eu-west-1"), unread("us-east-1") }), 1);
    EXPECT_DOUBLE_EQ(unknown_share({}), 0) << "there was nothing to look at";
}

TEST(AuditScore, a_thing_that_is_known_by_name_is_one_thing) {
    auto judgements = things("eu-west-1", 3);
    judgements.push_back(not_known("eu-west-1", "topic-3", "its attributes could not be read"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 0.25);
    judgements.push_back(not_known("us-east-1", "topic-4", "its attributes could not be read"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 0.4) << "a Region whose things have names is no unread Region";
}

TEST(AuditScore, an_unknown_weighs_what_it_stands_for) {
    auto judgements = things("eu-west-1", 10);
    judgements.push_back(not_known("eu-west-1", "", "30 smaller log groups were not searched"));
    judgements.back().weight = 30;
    EXPECT_DOUBLE_EQ(unknown_share(judgements), 0.75);
}

TEST(AuditScore, a_check_of_the_whole_account_has_no_Regions) {
    auto judgements = things("", 3);
    judgements.push_back(unread("us-east-1"));
    EXPECT_DOUBLE_EQ(unknown_share(judgements, false), 0.25);
}

TEST(AuditScore, the_share_of_the_report_is_by_weight_and_the_score_is_of_what_was_checked) {
    auto judgements = things("eu-west-1", 1'000);
    judgements.push_back(unread("us-east-1"));
    std::vector<ScoredCheck> const checks { scored_check(check_of(AuditSeverity::high), judgements),
        scored_check(check_of(AuditSeverity::low), std::vector { unread("us-east-1") }) };
    AuditReport report;
    score(report, checks);
    EXPECT_DOUBLE_EQ(report.unchecked_share, (5 * 0.5 + 1) / 6);
    EXPECT_DOUBLE_EQ(report.score, 100);
    EXPECT_EQ(report.grade, 'A');
}

// Ten topics; what could not be read of some of them.
AccountUnderAudit ten_topics() {
    AccountUnderAudit account;
    for (int i = 0; i < 10; ++i) {
        auto const arn = "arn:aws:sns:eu-west-1:111122223333:t" + std::to_string(i);
        account.has("sns_topics", R"([{"TopicArn":")" + arn + R"("}])")
            .has_alarm("a" + std::to_string(i), R"({"AlarmActions":[")" + arn + R"("],"OKActions":[]})");
    }
    return account;
}

double unknown_of(AccountUnderAudit const& account, std::string_view name) {
    for (auto const& check : audit_checks::all())
        if (check.name == name)
            return scored_check(check, account.judged(check)).unknown;
    ADD_FAILURE() << "no check " << name;
    return 0;
}

TEST(AuditScore, each_call_that_failed_for_one_thing_is_a_thing) {
    auto account = ten_topics();
    EXPECT_DOUBLE_EQ(unknown_of(account, "topic_delivers"), 0);
    account.denied_for("sns_failed_notifications", 1).denied_for("sns_failed_notifications", 2);
    EXPECT_DOUBLE_EQ(unknown_of(account, "topic_delivers"), 0.2);
    account.denied("sns_failed_notifications");
    EXPECT_DOUBLE_EQ(unknown_of(account, "topic_delivers"), 1);
}

} // namespace
} // namespace convops
