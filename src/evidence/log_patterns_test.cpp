#include "evidence/log_facts.h"
#include "evidence/small_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_log_patterns();

namespace {

Evidence asked(std::function<void(FakeAws&)> const& change = [](FakeAws&) { }) {
    FakeAws aws;
    add_small_account(aws);
    change(aws);
    auto const question = small_question();
    auto answer = make_log_patterns().collect(question, aws);
    Evidence evidence;
    evidence.facts = std::move(answer.facts);
    evidence.gaps = std::move(answer.gaps);
    return evidence;
}

TEST(LogPatterns, a_new_pattern_comes_first_and_says_so) {
    auto const evidence = asked();
    auto const patterns = evidence.all<LogPatternFact>();
    ASSERT_EQ(patterns.size(), 2U);
    EXPECT_EQ(patterns[0].first->statement,
        "\"ERROR connection pool exhausted after <*> ms\" 30 times since 20:13:02 UTC in /ecs/checkout; never in the "
        "hour before.");
    EXPECT_EQ(patterns[0].second->count, 30);
    EXPECT_EQ(patterns[0].second->usual_count, 0);
    EXPECT_EQ(patterns[0].second->severity, LogSeverity::error);
    EXPECT_EQ(patterns[0].second->resource.key(), "ecs:service/shop/checkout");
    EXPECT_GT(patterns[1].second->usual_count, 0);
    EXPECT_EQ(patterns[1].second->severity, LogSeverity::warning);
}

TEST(LogPatterns, the_rate_counts_every_line_of_both_windows) {
    auto const evidence = asked();
    auto const patterns = evidence.all<LogPatternFact>();
    ASSERT_EQ(patterns.size(), 2U);
    auto const sum = [](Series const& series) {
        double total = 0;
        for (auto const value : series.values)
            total += value;
        return total;
    };
    EXPECT_EQ(sum(patterns[0].second->rate), 30);
    EXPECT_EQ(sum(patterns[1].second->rate), 42);
}

TEST(LogPatterns, an_unreadable_hour_before_never_makes_a_pattern_new) {
    auto const reference_from = at_clock("18:55:00").time_since_epoch().count();
    FakeAws original;
    add_small_account(original);
    auto const evidence = asked([&](FakeAws& aws) {
        aws.on("logs:FilterLogEvents", [&](AwsCall const& call) -> Result<Json> {
            if (integer_at(Json(call.params), "startTime") == reference_from)
                return Error { ErrorKind::throttled, "slow down" };
            return original.call(call);
        });
    });
    EXPECT_EQ(evidence.gaps.size(), 1U);
    for (auto const& [fact, pattern] : evidence.all<LogPatternFact>()) {
        EXPECT_NE(fact->statement.find("how often before is not known"), std::string::npos) << fact->statement;
        EXPECT_GT(pattern->usual_count, 0);
    }
}

TEST(LogPatterns, more_pages_than_the_limit_are_said_to_be_cut) {
    auto const evidence = asked([](FakeAws& aws) {
        aws.on("logs:FilterLogEvents",
            R"({"nextToken":"more","events":[{"timestamp":1795464800000,"message":"ERROR x"}]})");
    });
    ASSERT_FALSE(evidence.gaps.empty());
    EXPECT_NE(evidence.gaps[0].why.find("pages"), std::string::npos);
    ASSERT_FALSE(evidence.facts.empty());
    EXPECT_NE(evidence.facts[0].statement.find("at least"), std::string::npos) << evidence.facts[0].statement;
}

TEST(LogPatterns, surprise_grows_with_count_and_novelty_and_severity) {
    auto const surprise = [](std::int64_t count, double usual, LogSeverity severity) {
        LogPatternFact pattern;
        pattern.count = count;
        pattern.usual_count = usual;
        pattern.severity = severity;
        return surprise_of(pattern);
    };
    EXPECT_EQ(surprise(10, 10, LogSeverity::error), 0);
    EXPECT_EQ(surprise(3, 10, LogSeverity::error), 0);
    EXPECT_GT(surprise(30, 0, LogSeverity::error), surprise(30, 10, LogSeverity::error));
    EXPECT_GT(surprise(30, 0, LogSeverity::error), surprise(30, 0, LogSeverity::warning));
    EXPECT_GT(surprise(300, 0, LogSeverity::error), surprise(30, 0, LogSeverity::error));
}

} // namespace
} // namespace convops
