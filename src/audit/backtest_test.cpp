// The rows of AWS's own tables, and alarms run over recorded points.
#include "audit/backtest.h"

#include <gtest/gtest.h>

namespace convops {

namespace {

// "0" good, "X" bad, "-" missing, the newest last.
std::vector<std::optional<double>> points(std::string_view text) {
    std::vector<std::optional<double>> all;
    for (auto const c : text)
        if (c != ' ')
            all.push_back(c == '-' ? std::nullopt : std::optional(c == 'X' ? 2.0 : 0.0));
    return all;
}

AlarmRule rule(int m, int n, MissingPoints missing) {
    return { "GreaterThanThreshold", 1, m, n, Seconds { 60 }, missing };
}

std::string states(std::string_view text, int m, int n) {
    std::string all;
    for (auto const missing :
        { MissingPoints::missing, MissingPoints::ignore, MissingPoints::breaching, MissingPoints::not_breaching }) {
        auto const state = evaluated(points(text), rule(m, n, missing));
        all += !state ? '=' : *state == AlarmState::alarm ? 'A' : *state == AlarmState::ok ? 'O' : 'I';
    }
    return all;
}

Series by_minute(std::string_view text) {
    Series series;
    auto const given = points(text);
    for (std::size_t i = 0; i < given.size(); ++i)
        if (given[i]) {
            series.at.push_back(Time { Minutes { i } });
            series.values.push_back(*given[i]);
        }
    series.statistic = "Average";
    return series;
}

Window minutes(int count) {
    return { Time {}, Time { Minutes { count } } };
}

} // namespace

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both tables.
// A state in each treatment: missing, ignore, breaching, notBreaching; "=" stays as it is.
TEST(Backtest, says_what_the_table_for_three_of_three_says) {
    EXPECT_EQ(states("0 - X - X", 3, 3), "OOOO");
    EXPECT_EQ(states("0 - - - -", 3, 3), "OOOO");
    EXPECT_EQ(states("- - - - -", 3, 3), "I=AO");
    EXPECT_EQ(states("0 X X - X", 3, 3), "AAAA");
    EXPECT_EQ(states("- - X - -", 3, 3), "A=AO");
}

TEST(Backtest, says_what_the_table_for_two_of_three_says) {
    EXPECT_EQ(states("0 - X - X", 2, 3), "AAAA");
    EXPECT_EQ(states("0 0 X 0 X", 2, 3), "AAAA");
    EXPECT_EQ(states("0 - X - -", 2, 3), "OOAO");
    EXPECT_EQ(states("- - - - 0", 2, 3), "OOAO");
    EXPECT_EQ(states("- - - X -", 2, 3), "A=AO");
}

TEST(Backtest, one_bad_point_after_silence_waits_until_it_is_as_old_as_M) {
    EXPECT_EQ(states("- - - - X", 2, 3), "==AO");
}

TEST(Backtest, a_stay_begins_with_the_point_that_tips_it_and_ends_with_the_one_that_ends_it) {
    auto const result = backtest(by_minute("000XX0000XXX00"), rule(2, 2, MissingPoints::missing), minutes(14));
    EXPECT_EQ(result.stays,
        (std::vector<AlarmStay> { { Time { Minutes { 5 } }, Time { Minutes { 6 } } },
            { Time { Minutes { 11 } }, Time { Minutes { 13 } } } }));
    EXPECT_EQ(result.evaluations, 14U);
}

TEST(Backtest, a_stay_that_does_not_end_lasts_to_the_end_of_the_window) {
    auto const result = backtest(by_minute("00XX"), rule(1, 1, MissingPoints::missing), minutes(4));
    ASSERT_EQ(result.stays.size(), 1U);
    EXPECT_EQ(result.stays.front().until, Time { Minutes { 4 } });
    EXPECT_DOUBLE_EQ(result.share_in_alarm, 0.5);
}

TEST(Backtest, missing_points_count_as_the_alarm_says) {
    EXPECT_EQ(backtest(by_minute("00000-----0"), rule(3, 3, MissingPoints::breaching), minutes(11)).stays.size(), 1U);
    EXPECT_TRUE(backtest(by_minute("00000-----0"), rule(3, 3, MissingPoints::missing), minutes(11)).stays.empty());
    EXPECT_TRUE(backtest(by_minute("XX---------"), rule(2, 2, MissingPoints::ignore), minutes(11)).stays.front().until
        == Time { Minutes { 11 } });
}

TEST(Backtest, nothing_is_missing_before_the_first_point) {
    EXPECT_TRUE(backtest(by_minute("-----000000"), rule(2, 2, MissingPoints::breaching), minutes(11)).stays.empty());
}

TEST(Backtest, points_that_are_too_coarse_tell_nothing_of_one_bad_minute) {
    AlarmPlan plan;
    plan.threshold = 80;
    auto series = by_minute("000");
    series.period = Seconds { 300 };
    EXPECT_FALSE(rule_of(plan, series));
    plan.datapoints_to_alarm = plan.evaluation_periods = 10;
    auto const coarse = rule_of(plan, series);
    ASSERT_TRUE(coarse);
    EXPECT_EQ(coarse->datapoints, 2);
    EXPECT_EQ(coarse->periods, 2);
    EXPECT_DOUBLE_EQ(coarse->threshold, 80);
    plan.statistic = "Sum";
    EXPECT_DOUBLE_EQ(rule_of(plan, series)->threshold, 400);
}

TEST(Backtest, an_alarm_on_DynamoDB_ignores_missing_points_whatever_it_says) {
    Alarm alarm;
    alarm.threshold = 1;
    alarm.treat_missing_data = "breaching";
    alarm.metrics.push_back({ "", "", MetricId { "AWS/DynamoDB", "ReadThrottleEvents", {} }, "Sum", Seconds { 60 } });
    EXPECT_EQ(rule_of(alarm, by_minute("0"))->missing, MissingPoints::ignore);
}

TEST(Backtest, composite_and_math_alarms_have_no_rule_of_their_own) {
    Alarm alarm;
    alarm.kind = AlarmKind::composite;
    EXPECT_FALSE(rule_of(alarm, by_minute("0")));
}

} // namespace convops
