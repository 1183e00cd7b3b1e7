#include "model/anomaly.h"

#include "model/alarm_json.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Finding finding(std::string check, CheckEffect effect, CheckVerdict verdict) {
    return { std::move(check), verdict, effect, "because of " + std::string(to_string(verdict)), {} };
}

constexpr auto supports = CheckVerdict::supports;
constexpr auto refutes = CheckVerdict::refutes;
constexpr auto cannot_tell = CheckVerdict::cannot_tell;

AnomalyDecision decided(CheckVerdict healed, CheckVerdict aws, CheckVerdict chronic, CheckVerdict change) {
    std::vector<Finding> const findings { finding("change_precedes_onset", CheckEffect::context, change),
        finding("is_chronic", CheckEffect::digest, chronic), finding("aws_side", CheckEffect::suppress, aws),
        finding("self_healed", CheckEffect::suppress, healed) };
    return decide(findings);
}

TEST(Decision, what_no_check_holds_back_is_told) {
    EXPECT_EQ(decided(refutes, refutes, refutes, supports).fate, AnomalyFate::told);
    EXPECT_EQ(decide({}).fate, AnomalyFate::told);
}

TEST(Decision, suppressing_comes_before_the_digest) {
    EXPECT_EQ(decided(supports, refutes, supports, refutes).fate, AnomalyFate::suppressed);
    EXPECT_EQ(decided(supports, refutes, supports, refutes).check, "self_healed");
    EXPECT_EQ(decided(refutes, supports, refutes, refutes).check, "aws_side");
    EXPECT_EQ(decided(refutes, refutes, supports, refutes).fate, AnomalyFate::digest);
}

TEST(Decision, a_check_that_could_not_look_holds_nothing_back_and_is_named) {
    auto const decision = decided(cannot_tell, cannot_tell, cannot_tell, cannot_tell);
    EXPECT_EQ(decision.fate, AnomalyFate::told);
    EXPECT_NE(decision.reason.find("aws_side"), std::string::npos);
    EXPECT_EQ(decision.reason.find("change_precedes_onset"), std::string::npos);
}

TEST(Decision, the_reason_is_that_of_the_check) {
    EXPECT_EQ(decided(supports, refutes, refutes, refutes).reason, "because of supports");
}

Anomaly anomaly() {
    Anomaly found;
    found.metric = { "AWS/SQS", "ApproximateAgeOfOldestMessage", { { "QueueName", "orders" } } };
    found.statistic = "Maximum";
    found.unit = "Seconds";
    found.at = *parse_time("2026-11-27T12:00:00Z");
    found.since = found.at - Minutes { 5 };
    found.value = 900;
    found.usual = 100;
    found.spread = 8;
    return found;
}

TEST(WatchAlarm, it_comes_back_from_the_store_with_what_was_usual) {
    auto const alarm = alarm_of(anomaly(), "111122223333", "eu-west-1");
    auto const again = alarm_from_json(to_json(alarm));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->kind, AlarmKind::watch);
    ASSERT_TRUE(again->baseline);
    EXPECT_EQ(again->baseline->usual, 100);
    EXPECT_EQ(again->baseline->spread, 8);
    EXPECT_EQ(again->baseline->since, anomaly().since);
    EXPECT_EQ(to_json(*again), to_json(alarm));
}

TEST(WatchAlarm, each_series_has_one_name_and_its_end_belongs_to_it) {
    auto const began = alarm_of(anomaly(), "111122223333", "eu-west-1");
    auto const over = ended_alarm_of(anomaly(), anomaly().at + Hours { 1 }, "111122223333", "eu-west-1");
    EXPECT_EQ(began.name, over.name);
    EXPECT_EQ(over.state, AlarmState::ok);
    EXPECT_TRUE(began.fires_above());
    auto low = anomaly();
    low.value = 1;
    EXPECT_FALSE(alarm_of(low, "", "").fires_above());
}

TEST(WatchAlarm, an_alarm_that_was_stored_before_there_was_a_watch_still_reads) {
    auto json = to_json(alarm_of(anomaly(), "", ""));
    json.as_object()["kind"] = "metric";
    json.as_object().erase("baseline");
    auto const read = alarm_from_json(json);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->baseline);
}

} // namespace
} // namespace convops
