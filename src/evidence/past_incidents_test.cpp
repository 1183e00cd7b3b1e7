// Past incidents: what the source makes of the answer, how alike they are and why.
#include "evidence/fake_aws.h"
#include "evidence/past_likeness.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const now = *parse_time("2026-11-23T20:00:00Z");
Resource const checkout { "ecs:service", "shop/checkout", {} };

PastIncident past(std::string id, int days_ago) {
    PastIncident one;
    one.incident = std::move(id);
    one.opened_at = now - Days { days_ago };
    one.alarms = { "shop-checkout-5xx" };
    one.gist = { CauseKind::deploy, checkout, { "PoolTimeout <*>" }, { "pipeline" } };
    one.recovery = RecoveryKind::fixed;
    one.fix = FixKind::rolled_back;
    one.judgement = CauseVerdict { Opinion::right, VerdictBy::people };
    return one;
}

Question question() {
    Question asked;
    asked.alarm.name = "shop-checkout-5xx";
    asked.alarm.changed_at = now;
    asked.alarm_at = now;
    asked.now = now;
    return asked;
}

Answer answer_to(std::vector<PastIncident> const& all, Question const& asked = question()) {
    JsonArray list;
    for (auto const& one : all)
        list.push_back(to_json(one));
    FakeAws aws;
    aws.on("convops:ListPastIncidents",
        [list](auto const&) { return Result<Json>(Json(JsonObject { { "PastIncidents", list } })); });
    return ask("past_incidents", asked, aws);
}

Evidence judged(std::vector<PastIncident> const& all, std::vector<FactDetail> more = {}) {
    Evidence evidence;
    evidence.facts = answer_to(all).facts;
    for (auto& detail : more) {
        Fact fact;
        fact.source = "another";
        fact.detail = std::move(detail);
        evidence.facts.push_back(std::move(fact));
    }
    number_facts(evidence);
    judge_likeness(evidence);
    return evidence;
}

TEST(PastIncidents, says_what_fixed_it_and_whether_it_was_confirmed) {
    auto const evidence = judged({ past("INC-1", 10) });
    auto const found = evidence.all<PastIncidentFact>();
    ASSERT_EQ(found.size(), 1U);
    auto const& [fact, detail] = found.front();
    EXPECT_EQ(detail->what_fixed_it, "fixed by rolling back ECS service checkout");
    EXPECT_EQ(detail->confirmed, true);
    EXPECT_DOUBLE_EQ(detail->similarity, 0.4);
    EXPECT_EQ(fact->statement,
        "Like this one (40 %: same alarm): incident INC-1 of 2026-11-13, deploy of ECS service checkout; fixed by "
        "rolling back ECS service checkout; that cause was confirmed.");
    EXPECT_EQ(fact->id, FactId { "F1" });
}

TEST(PastIncidents, what_both_have_in_common_adds_up) {
    LogPatternFact log;
    log.pattern = "PoolTimeout <*>";
    ChangeFact change;
    change.kind = ChangeKind::deploy;
    change.actor = "pipeline";
    auto const evidence = judged({ past("INC-1", 10) }, { log, change });
    EXPECT_DOUBLE_EQ(evidence.all<PastIncidentFact>().front().second->similarity, 0.8);
    auto asked = question();
    asked.centre = { checkout };
    EXPECT_TRUE(flag_at(answer_to({ past("INC-1", 10) }, asked).facts.at(0).value, "same_resource"));
}

TEST(PastIncidents, the_same_resource_alone_is_not_alike_enough) {
    auto other = past("INC-1", 10);
    other.alarms = { "another" };
    EXPECT_TRUE(judged({ other }).facts.empty());
}

TEST(PastIncidents, at_most_ten_the_most_alike_and_newest) {
    std::vector<PastIncident> many;
    for (int i = 1; i <= 30; ++i)
        many.push_back(past("INC-" + std::to_string(i), i));
    auto const found = judged(many).all<PastIncidentFact>();
    EXPECT_EQ(found.size(), most_past_facts);
    for (auto const& [fact, detail] : found)
        EXPECT_GE(detail->opened_at, now - Days { 10 });
}

TEST(PastIncidents, what_happens_now_is_not_past) {
    auto same = past("INC-1", 0);
    same.opened_at = now - Minutes { 10 };
    EXPECT_TRUE(answer_to({ same }).facts.empty());
}

TEST(PastIncidents, a_store_that_fails_is_a_gap_and_no_store_is_nothing) {
    FakeAws failing;
    failing.fail("convops:ListPastIncidents", ErrorKind::unavailable, "disk full");
    auto const answer = ask("past_incidents", question(), failing);
    ASSERT_EQ(answer.gaps.size(), 1U);
    EXPECT_EQ(answer.gaps[0].iam_action, "");
    FakeAws empty;
    EXPECT_TRUE(ask("past_incidents", question(), empty).gaps.empty());
    EXPECT_TRUE(ask("past_incidents", question(), empty).facts.empty());
}

} // namespace
} // namespace convops
