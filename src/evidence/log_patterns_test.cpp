#include "evidence/log_facts.h"
#include "evidence/small_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_log_patterns();

namespace {

Evidence asked(std::function<void(FakeAws&)> const& change = [](FakeAws&) { }) {
    return asked_of_small_account(make_log_patterns(), change);
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

// The small account's groups, with the age and the retention that AWS tells, and error lines on earlier days.
struct EarlierDays {
    std::optional<std::int64_t> created; // ms
    std::int64_t kept_days = 0;
    int lines_each_day = 0;
};

Evidence asked_with(EarlierDays const& days, std::set<std::int64_t>& windows) {
    static FakeAws original;
    add_small_account(original);
    return asked([&](FakeAws& aws) {
        aws.on("logs:DescribeLogGroups", [&days](AwsCall const& call) -> Result<Json> {
            auto answer = original.call(call);
            for (auto& group : answer->as_object()["logGroups"].as_array()) {
                if (days.created)
                    group.as_object()["creationTime"] = *days.created;
                if (days.kept_days > 0)
                    group.as_object()["retentionInDays"] = days.kept_days;
            }
            return answer;
        });
        aws.on("logs:FilterLogEvents", [&days, &windows](AwsCall const& call) -> Result<Json> {
            auto const from = integer_at(Json(call.params), "startTime").value_or(0);
            windows.insert(from);
            if (Time { Milliseconds { from } } > at_clock("12:00:00"))
                return original.call(call);
            JsonArray events;
            for (int i = 0; i < days.lines_each_day; ++i)
                events.push_back(JsonObject { { "timestamp", from + 1'000 + i },
                    { "message", "ERROR connection pool exhausted after " + std::to_string(i) + " ms" } });
            return Json(JsonObject { { "events", std::move(events) } });
        });
    });
}

TEST(LogPatterns, what_came_in_the_same_hours_of_earlier_days_is_usual) {
    std::set<std::int64_t> windows;
    auto const evidence = asked_with({ 0, 0, 40 }, windows);
    EXPECT_EQ(windows.size(), 4U); // incident, hour before, yesterday, a week ago
    bool found = false;
    for (auto const& [fact, pattern] : evidence.all<LogPatternFact>())
        if (pattern->pattern.find("exhausted") != std::string::npos) {
            found = true;
            EXPECT_EQ(pattern->usual_count, 40);
            EXPECT_NE(
                fact->statement.find("; about 40 in the same hours of 2026-11-22 and 2026-11-16."), std::string::npos)
                << fact->statement;
            EXPECT_EQ(surprise_of(*pattern), 0);
        }
    EXPECT_TRUE(found);
}

TEST(LogPatterns, what_never_came_on_earlier_days_is_said_so) {
    std::set<std::int64_t> windows;
    auto const evidence = asked_with({ 0, 0, 0 }, windows);
    auto const patterns = evidence.all<LogPatternFact>();
    ASSERT_FALSE(patterns.empty());
    EXPECT_NE(patterns[0].first->statement.find(
                  "never in the hour before or in the same hours of 2026-11-22 and 2026-11-16"),
        std::string::npos)
        << patterns[0].first->statement;
}

TEST(LogPatterns, days_that_the_group_no_longer_has_prove_nothing) {
    std::set<std::int64_t> windows;
    auto const kept_three_days = asked_with({ 0, 3, 0 }, windows);
    EXPECT_EQ(windows.size(), 3U);
    EXPECT_NE(kept_three_days.all<LogPatternFact>()[0].first->statement.find("same hours of 2026-11-22."),
        std::string::npos);
    windows.clear();
    auto const young = asked_with({ at_clock("08:00:00").time_since_epoch().count(), 0, 0 }, windows);
    EXPECT_EQ(windows.size(), 2U);
    EXPECT_EQ(young.all<LogPatternFact>()[0].first->statement.find("same hours"), std::string::npos);
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
