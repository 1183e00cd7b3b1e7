// Which metrics are asked of 14 days, how finely, in how many calls.
#include "audit/made_account.h"
#include "ports/fake_aws.h"

#include <gtest/gtest.h>

namespace convops {

namespace {

std::vector<HistoryWish> wishes(std::size_t count, Seconds finest) {
    std::vector<HistoryWish> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({ { "Shop", "m" + std::to_string(i), {} }, "Average", finest, 1 });
    return all;
}

std::size_t calls_of(HistoryPlan const& plan) {
    Time const until = *parse_time("2026-11-20T12:00:00Z");
    return metric_data_calls(plan.reads, { until - history_window, until }).size();
}

} // namespace

TEST(MetricHistory, few_metrics_are_read_as_finely_as_their_alarms_look) {
    auto const plan = plan_history(wishes(10, Seconds { 60 }), most_history_calls);
    EXPECT_EQ(plan.reads.front().period, Seconds { 60 });
    EXPECT_EQ(plan.reads.back().period, Seconds { 60 });
    EXPECT_EQ(calls_of(plan), 2U);
}

TEST(MetricHistory, many_metrics_are_read_by_the_hour_and_the_first_more_finely) {
    auto const plan = plan_history(wishes(3'000, Seconds { 60 }), most_history_calls);
    EXPECT_EQ(plan.reads.size(), 3'000U);
    EXPECT_EQ(plan.left_out, 0U);
    EXPECT_EQ(plan.reads.front().period, Seconds { 300 });
    EXPECT_EQ(plan.reads.front().metric->name, "m0");
    EXPECT_EQ(plan.reads.back().period, Seconds { 3'600 });
    EXPECT_LE(calls_of(plan), most_history_calls + 2);
}

TEST(MetricHistory, what_is_beyond_the_bound_is_counted) {
    auto const plan = plan_history(wishes(20'000, Seconds { 60 }), most_history_calls);
    EXPECT_EQ(plan.reads.size() + plan.left_out, 20'000U);
    EXPECT_GT(plan.left_out, 10'000U);
    EXPECT_LE(calls_of(plan), most_history_calls);
}

TEST(MetricHistory, what_takes_many_calls_is_looked_at_by_the_hour_first_and_only_what_speaks_is_read_finely) {
    MadeAccount account;
    for (std::size_t i = 0; i < 400; ++i)
        account.alarm("a" + std::to_string(i), { "Shop", "m" + std::to_string(i), {} }, "Average", 80);
    auto estate = account.estate();
    FakeAws aws;
    // The first metric of the call by the hour has a datapoint, and the only one of the finer call has two.
    aws.on("monitoring:GetMetricData",
        R"({"MetricDataResults":[{"Id":"m0","Timestamps":["2026-11-20T10:00:00Z"],"Values":[5]},{"Id":"m1","Timestamps":[],"Values":[]}]})");
    read_history(aws, estate);
    auto const calls = aws.calls("monitoring:GetMetricData");
    ASSERT_EQ(calls.size(), 3U); // 400 by the hour in two calls; two answered "m0"
    auto const last = list_at(Json(calls.back().params), "MetricDataQueries");
    EXPECT_LE(last.size(), 2U);
    EXPECT_EQ(integer_at(last.front(), "MetricStat.Period"), 300);
    EXPECT_EQ(estate.history["eu-west-1"].series.size(), estate.history["eu-west-1"].index.size());
}

TEST(MetricHistory, the_finer_look_stays_within_its_calls) {
    auto const plan = plan_finer(wishes(3'000, Seconds { 60 }), 10);
    EXPECT_LE(calls_of(plan), 11U);
    EXPECT_EQ(plan.reads.front().period, Seconds { 300 });
    EXPECT_EQ(plan.reads.front().metric->name, "m0");
    EXPECT_TRUE(plan_finer(wishes(3'000, Seconds { 60 }), 0).reads.empty());
    EXPECT_TRUE(plan_finer(wishes(3'000, Seconds { 3'600 }), 10).reads.empty());
}

TEST(MetricHistory, an_alarm_by_the_day_is_not_read_by_the_minute) {
    EXPECT_EQ(plan_history(wishes(1, Seconds { 86'400 }), 10).reads.front().period, Seconds { 86'400 });
}

TEST(MetricHistory, the_answer_is_found_by_metric_and_statistic) {
    MadeAccount account;
    MetricId const metric { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    account.alarm("cpu", metric, "Average", 80);
    auto estate = account.estate();
    FakeAws aws;
    aws.on("monitoring:GetMetricData",
        R"({"MetricDataResults":[{"Id":"m0","Timestamps":["2026-11-20T10:00:00Z"],"Values":[5],"StatusCode":"Complete"}]})");
    read_history(aws, estate);
    auto const* series = history_of(estate, "eu-west-1", metric, "Average");
    ASSERT_NE(series, nullptr);
    EXPECT_EQ(series->values, std::vector<double> { 5 });
    EXPECT_EQ(history_of(estate, "eu-west-1", metric, "Maximum"), nullptr);
    EXPECT_EQ(aws.calls("monitoring:GetMetricData").size(), 1U);
}

TEST(MetricHistory, a_denied_read_is_said_and_makes_the_back_test_unknown) {
    MadeAccount account;
    MetricId const metric { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    account.alarm("cpu", metric, "Average", 80);
    auto estate = account.estate();
    FakeAws aws;
    aws.fail("monitoring:GetMetricData", ErrorKind::access_denied, "not authorized");
    read_history(aws, estate);
    ASSERT_TRUE(estate.history["eu-west-1"].shortfall);
    auto const& denied = estate.history["eu-west-1"].denied;
    EXPECT_NE(std::find(denied.begin(), denied.end(), metric), denied.end());
    for (auto const& check : audit_checks::all())
        if (check.name == "threshold_is_in_reach") {
            auto const judged = judgements_of(check, estate);
            ASSERT_EQ(judged.size(), 1U);
            EXPECT_EQ(judged.front().result, AuditResult::unknown);
            EXPECT_EQ(judged.front().iam_action, "cloudwatch:GetMetricData");
        }
}

TEST(MetricHistory, metrics_with_several_points_a_minute_are_recognised) {
    MadeAccount account;
    account.list("cloudwatch_recent_metrics",
        R"([{"Namespace":"Shop","MetricName":"Fine"},{"Namespace":"Shop","MetricName":"Coarse"},{"Namespace":"AWS/EC2","MetricName":"CPUUtilization"}])");
    auto estate = account.estate();
    FakeAws aws;
    aws.on("monitoring:GetMetricData",
        R"({"MetricDataResults":[{"Id":"m0","Timestamps":["2026-11-20T11:58:00Z","2026-11-20T11:58:10Z","2026-11-20T11:58:20Z","2026-11-20T11:58:30Z"],"Values":[1,1,1,1]},{"Id":"m1","Timestamps":["2026-11-20T11:57:00Z","2026-11-20T11:58:00Z"],"Values":[1,1]}]})");
    read_fine_metrics(aws, estate);
    ASSERT_EQ(estate.history["eu-west-1"].fine.size(), 1U);
    EXPECT_EQ(estate.history["eu-west-1"].fine.front().name, "Fine");
}

} // namespace convops
