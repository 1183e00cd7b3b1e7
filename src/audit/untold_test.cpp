// Moments of generated weeks: each planted one is found, none on healthy data; and noisy alarms with their receipts.
#include "audit/made_account.h"
#include "audit/tuning.h"
#include "audit/untold.h"

#include <cmath>
#include <gtest/gtest.h>

namespace convops {

namespace {

MetricId const errors { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
    { { "LoadBalancer", "app/shop/1" }, { "TargetGroup", "targetgroup/web/2" } } };
MetricId const unhealthy { "AWS/ApplicationELB", "UnHealthyHostCount", errors.dimensions };
MetricId const latency { "AWS/ApplicationELB", "TargetResponseTime", errors.dimensions };

MetricId requests() {
    auto metric = errors;
    metric.name = "RequestCount";
    return metric;
}

// The same noise for the same moment, from 0 to 1.
double noise(Time at, std::uint64_t seed) {
    auto x = static_cast<std::uint64_t>(at.time_since_epoch().count()) * 0x9E3779B97F4A7C15ULL
        + seed * 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 31U;
    x *= 0x94D049BB133111EBULL;
    x ^= x >> 29U;
    return static_cast<double>(x >> 11U) / static_cast<double>(1ULL << 53U);
}

double daily(Time at) {
    auto const hours = static_cast<double>(at.time_since_epoch().count() % 86'400'000) / 3.6e6;
    return 1 + 0.5 * std::sin(hours / 24 * 2 * M_PI);
}

bool within(Time at, std::string_view from, Minutes length) {
    auto const start = *parse_time(from);
    return at >= start && at < start + length;
}

constexpr std::string_view fault = "2026-11-15T03:00:00Z";

MadeAccount shop() {
    MadeAccount account;
    account.list("load_balancers",
        R"([{"LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1","Type":"application"}])");
    account.list("target_groups",
        R"([{"TargetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/2","LoadBalancerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1"]}])");
    account.history(requests(), "Sum", [](Time at) { return std::optional(std::floor(1'000 * daily(at))); });
    return account;
}

void add_errors(MadeAccount& account, Minutes length) {
    account.history(errors, "Sum", [=](Time at) -> std::optional<double> {
        if (within(at, fault, length))
            return 400;
        return noise(at, 1) < 0.3 ? std::optional(std::floor(5 * noise(at, 2))) : std::nullopt;
    });
}

// Stands for the detector: says that everything is new.
std::vector<Time> everything(Series const& series) {
    return series.at;
}

std::vector<UntoldMoment> untold(MadeAccount const& account, UnusualFinder const& unusual = everything) {
    auto const estate = account.estate();
    return untold_moments(estate, wrong_moments(estate, unusual));
}

std::vector<AlarmTuning> tunings(MadeAccount const& account) {
    auto const estate = account.estate();
    return alarm_tunings(estate, wrong_moments(estate, everything));
}

} // namespace

TEST(Untold, errors_that_no_alarm_watches_are_found_with_the_alarm_that_would_have_told) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    auto const moments = untold(account);
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_EQ(moments.front().from, *parse_time(fault));
    EXPECT_EQ(moments.front().until, *parse_time(fault) + Minutes { 40 });
    EXPECT_EQ(moments.front().why_untold, "No alarm watches this metric.");
    EXPECT_DOUBLE_EQ(moments.front().worst, 400);
    EXPECT_EQ(moments.front().false_alarms, 0);
    EXPECT_NE(moments.front().alarm.find("Sum above"), std::string::npos) << moments.front().alarm;
    EXPECT_FALSE(moments.front().fix.empty());
}

TEST(Untold, a_healthy_fortnight_has_no_moment) {
    auto account = shop();
    add_errors(account, Minutes { 0 });
    account.history(
        latency, "p99", [](Time at) { return std::optional(0.2 * daily(at) * (0.8 + 0.6 * noise(at, 3))); });
    account.history(unhealthy, "Maximum", [](Time) { return std::optional(0.0); });
    EXPECT_TRUE(untold(account).empty());
}

TEST(Untold, an_alarm_that_fires_and_is_heard_tells) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    account.alarm("errors", errors, "Sum", 100);
    account.denied("cloudwatch_alarm_history", "cloudwatch:DescribeAlarmHistory"); // so the back-test decides
    EXPECT_TRUE(untold(account).empty());
}

TEST(Untold, an_alarm_that_nobody_hears_does_not_tell) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    account.alarm("errors", errors, "Sum", 100, { { "AlarmActions", JsonArray {} } });
    account.denied("cloudwatch_alarm_history", "cloudwatch:DescribeAlarmHistory");
    auto const moments = untold(account);
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_EQ(moments.front().why_untold, "Alarm errors fired, but it has no ALARM action.");
}

TEST(Untold, an_alarm_that_would_not_have_fired_does_not_tell) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    account.alarm("errors", errors, "Sum", 5'000);
    auto const moments = untold(account);
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_EQ(moments.front().why_untold, "Alarm errors watches it and would not have fired.");
}

TEST(Untold, what_went_wrong_together_is_one_moment) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    account.history(
        unhealthy, "Maximum", [](Time at) { return std::optional(within(at, fault, Minutes { 45 }) ? 1.0 : 0.0); });
    auto const moments = untold(account);
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_NE(moments.front().why_untold.find("1 other metric was wrong"), std::string::npos);
}

TEST(Untold, a_slow_hour_is_found_when_the_detector_agrees) {
    auto account = shop();
    account.history(latency, "p99", [](Time at) {
        return std::optional(within(at, fault, Minutes { 60 }) ? 4.0 : 0.2 * daily(at) * (0.8 + 0.6 * noise(at, 3)));
    });
    EXPECT_EQ(untold(account).size(), 1U);
    EXPECT_TRUE(untold(account, [](Series const&) { return std::vector<Time> {}; }).empty());
}

TEST(Untold, what_happens_every_night_is_how_things_are_here) {
    auto account = shop();
    account.history(latency, "p99", [](Time at) {
        bool const nightly = at.time_since_epoch().count() % 86'400'000 < 1'800'000;
        return std::optional(nightly ? 4.0 : 0.2 * (0.8 + 0.6 * noise(at, 3)));
    });
    EXPECT_TRUE(untold(account).empty());
}

TEST(Untold, a_dead_letter_is_a_moment) {
    MadeAccount account;
    account.list("sqs_queue_urls", R"([{"value":"1"},{"value":"2"}])");
    account.list("sqs_queues",
        R"([{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:orders","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:111122223333:dead\"}"}},{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:dead"}}])");
    account.history({ "AWS/SQS", "ApproximateNumberOfMessagesVisible", { { "QueueName", "dead" } } }, "Maximum",
        [](Time at) { return std::optional(at >= *parse_time(fault) ? 7.0 : 0.0); });
    auto const moments = untold(account);
    ASSERT_EQ(moments.size(), 1U);
    EXPECT_EQ(moments.front().from, *parse_time(fault));
    EXPECT_EQ(moments.front().resource.name, "dead");
}

TEST(Untold, the_log_of_the_alarm_decides_where_there_is_one) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    account.alarm("errors", errors, "Sum", 5'000);
    account.list("cloudwatch_alarm_history",
        R"([{"AlarmName":"errors","HistoryItemType":"StateUpdate","Timestamp":"2026-11-15T03:10:00Z","HistorySummary":"Alarm updated from OK to ALARM"},
            {"AlarmName":"errors","HistoryItemType":"StateUpdate","Timestamp":"2026-11-15T03:50:00Z","HistorySummary":"Alarm updated from ALARM to OK"}])");
    EXPECT_TRUE(untold(account).empty());
}

TEST(Tuning, a_noisy_alarm_gets_settings_that_keep_what_was_real) {
    MadeAccount account;
    MetricId const load { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    account.history(load, "Average", [](Time at) {
        if (within(at, fault, Minutes { 60 }) || within(at, "2026-11-17T12:00:00Z", Minutes { 45 }))
            return std::optional(97.0);
        return std::optional(noise(at, 4) < 0.01 ? 86.0 : 40.0);
    });
    account.alarm("cpu", load, "Average", 80);
    auto const found = tunings(account);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_GT(found.front().fired_now, 20);
    EXPECT_EQ(found.front().real_now, 2);
    EXPECT_EQ(found.front().fired_then, 2);
    EXPECT_EQ(found.front().real_then, 2);
    EXPECT_NE(found.front().would_say, found.front().now_says);
    EXPECT_NE(found.front().fix.cli.find("put-metric-alarm"), std::string::npos);
}

TEST(Tuning, an_alarm_that_is_right_is_left_alone) {
    MadeAccount account;
    MetricId const load { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    account.history(
        load, "Average", [](Time at) { return std::optional(within(at, fault, Minutes { 60 }) ? 97.0 : 40.0); });
    account.alarm("cpu", load, "Average", 80);
    EXPECT_TRUE(tunings(account).empty());
}

TEST(Tuning, a_short_stay_is_real_when_another_metric_was_wrong) {
    auto account = shop();
    add_errors(account, Minutes { 40 });
    MetricId const load { "AWS/EC2", "CPUUtilization", { { "InstanceId", "i-1" } } };
    account.history(load, "Average", [](Time at) {
        return std::optional(within(at, fault, Minutes { 10 }) || noise(at, 5) < 0.01 ? 86.0 : 40.0);
    });
    account.alarm("cpu", load, "Average", 80);
    auto const found = tunings(account);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().real_now, 1);
    EXPECT_EQ(found.front().real_then, 1);
    EXPECT_LT(found.front().fired_then, found.front().fired_now / 2);
}

} // namespace convops
