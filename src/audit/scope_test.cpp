// `convops audit --only`: which checks are meant, what is read for them, and what the report says of the rest.
#include "audit/made_account.h"
#include "audit/scope.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string_view> names_of(Result<AuditScope> const& scope) {
    std::vector<std::string_view> names;
    for (auto const& check : scope->checks)
        names.push_back(check.name);
    return names;
}

std::vector<std::string_view> read_for(std::string_view only) {
    std::vector<std::string_view> names;
    for (auto const& reading : audit_scope(only)->readings)
        names.push_back(reading.name);
    return names;
}

TEST(AuditScope, ChecksAreNamedByNameByNumberOrByCategory) {
    EXPECT_THAT(names_of(audit_scope("alarm_has_action")), ElementsAre("alarm_has_action"));
    EXPECT_THAT(names_of(audit_scope(" 23 , alarm_has_action,")), ElementsAre("alarm_has_action"));
    auto const cost = audit_scope("cost");
    ASSERT_TRUE(cost);
    EXPECT_EQ(cost->checks.size(), 2U);
    for (auto const& check : cost->checks)
        EXPECT_EQ(check.category, AuditCategory::cost);
}

TEST(AuditScope, AnUnknownNameIsOneLineWithTheNearestOne) {
    auto const wrong = audit_scope("alarm_has_actions");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(wrong.error().message, HasSubstr("did you mean alarm_has_action?"));
    EXPECT_THAT(audit_scope("deliverry").error().message, HasSubstr("did you mean delivery?"));
    EXPECT_THAT(audit_scope("81").error().message, HasSubstr("\"81\" is no check"));
    EXPECT_THAT(audit_scope(" , ").error().message, HasSubstr("--list-checks"));
}

TEST(AuditScope, OnlyWhatTheChecksLookAtIsReadAParentBeforeItsChildren) {
    EXPECT_THAT(read_for("log_group_expires"), ElementsAre("log_groups"));
    EXPECT_THAT(read_for("alarm_is_not_muted"), ElementsAre("cloudwatch_alarms", "cloudwatch_mute_rules"));
    EXPECT_THAT(read_for("compute_has_log_group"),
        testing::IsSupersetOf({ "ecs_cluster_arns", "ecs_service_arns", "ecs_services" }));
    auto const scope = audit_scope("log_group_expires");
    EXPECT_EQ(scope->history, HistoryOf::nothing);
    EXPECT_FALSE(scope->fine_metrics);
    EXPECT_EQ(audit_scope("threshold_is_in_reach,database_has_alarms")->history, HistoryOf::everything);
}

TEST(AuditScope, AllCategoriesTogetherAreTheWholeAudit) {
    auto const all = audit_scope("coverage,hygiene,delivery,logs,depth,cost");
    EXPECT_TRUE(all->whole);
    EXPECT_EQ(all->readings.size(), all_readings().size());
}

TEST(AuditScope, EveryReadingThatACheckNamesExists) {
    std::set<std::string_view> known;
    for (auto const& reading : all_readings())
        known.insert(reading.name);
    for (auto const& check : audit_checks::all()) {
        for (auto const& need : check.needs)
            EXPECT_TRUE(known.contains(need.reading)) << check.name << ": " << need.reading;
        for (auto const name : check.also)
            EXPECT_TRUE(known.contains(name)) << check.name << ": " << name;
    }
}

TEST(AuditScope, TheReportSaysWhatWasNotLookedAt) {
    MadeAccount made;
    auto const scope = *audit_scope("topic_has_subscription,alarm_has_action");
    auto report = audit(made.estate(), scope.checks);
    say_what_was_left_out(report, scope);
    EXPECT_EQ(report.checks.size(), audit_checks::all().size());
    EXPECT_EQ(std::ranges::count(report.checks, true, &AuditCheckSummary::looked_at), 2);
    EXPECT_TRUE(std::ranges::is_sorted(report.checks, {}, &AuditCheckSummary::number));
    EXPECT_EQ(report.only.size(), 2U);
    EXPECT_GT(report.unchecked_share, 0.9);
    EXPECT_LT(report.unknown_share, 0.1);
    std::size_t left_out = 0;
    for (auto const& category : report.categories)
        left_out += category.not_looked_at;
    EXPECT_EQ(left_out, report.checks.size() - 2);
    EXPECT_THAT(report.untold_gap, HasSubstr("--only"));
}

TEST(AuditScope, TheListNamesEveryCheckWithTheActionsOfItsNeeds) {
    auto const list = check_list_json();
    ASSERT_EQ(list.as_array().size(), audit_checks::all().size());
    for (auto const& check : list.as_array()) {
        EXPECT_FALSE(list_at(check, "iam_actions").empty()) << text_at(check, "check");
        EXPECT_THAT(check_list_text(), HasSubstr(text_at(check, "check")));
    }
}

} // namespace
} // namespace convops
