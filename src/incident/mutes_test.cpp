#include "incident/mutes.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const friday = *parse_time("2026-11-27T12:00:00Z");

Seconds berlin(Time at) { // winter time but for the summer of 2027
    return at >= *parse_time("2027-03-28T01:00:00Z") && at < *parse_time("2027-10-31T01:00:00Z") ? Hours { 2 }
                                                                                                 : Hours { 1 };
}

MuteRule weekly() {
    MuteRule rule;
    rule.id = "backup";
    rule.resource = "orders-db";
    rule.weekdays = 1U << 5; // Saturday
    rule.start = Hours { 2 };
    rule.length = Minutes { 90 };
    rule.time_zone = "Europe/Berlin";
    rule.until = friday + Days { 200 };
    return rule;
}

TEST(Mutes, a_mute_without_an_end_or_a_target_is_refused) {
    MuteRule rule;
    rule.resource = "orders-db";
    EXPECT_NE(problem_of(rule, friday), "");
    rule.once = { friday, friday + Hours { 2 } };
    EXPECT_EQ(problem_of(rule, friday), "");
    rule.once.to = friday + Days { 32 };
    EXPECT_NE(problem_of(rule, friday), "");
    rule.once.to = friday - Hours { 1 };
    EXPECT_NE(problem_of(rule, friday), "");
    MuteRule everything;
    everything.once = { friday, friday + Hours { 2 } };
    EXPECT_NE(problem_of(everything, friday), "");
    auto forever = weekly();
    forever.until = {};
    EXPECT_NE(problem_of(forever, friday), "");
    EXPECT_EQ(problem_of(weekly(), friday), "");
    auto years = weekly();
    years.until = friday + Days { 800 };
    EXPECT_NE(problem_of(years, friday), "");
}

TEST(Mutes, a_recurring_window_keeps_its_local_time_when_the_clock_changes) {
    auto const winter = windows_of(weekly(), { friday, friday + Days { 7 } }, berlin);
    ASSERT_EQ(winter.size(), 1U);
    EXPECT_EQ(format_time(winter[0].when.from), "2026-11-28T01:00:00Z");
    EXPECT_EQ(format_time(winter[0].when.to), "2026-11-28T02:30:00Z");
    auto const april = *parse_time("2027-04-01T00:00:00Z");
    auto const summer = windows_of(weekly(), { april, april + Days { 7 } }, berlin);
    ASSERT_EQ(summer.size(), 1U);
    EXPECT_EQ(format_time(summer[0].when.from), "2027-04-03T00:00:00Z");
}

TEST(Mutes, no_window_starts_after_the_last_day) {
    auto rule = weekly();
    rule.until = *parse_time("2026-12-01T00:00:00Z");
    EXPECT_EQ(windows_of(rule, { friday, friday + Days { 30 } }, berlin).size(), 1U);
}

TEST(Mutes, all_that_a_window_names_must_fit) {
    Alarm alarm;
    alarm.name = "staging-age";
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/SQS", "Age", { { "QueueName", "orders" } } };
    alarm.metrics.push_back(metric);
    MuteWindow window;
    window.when = { friday, friday + Hours { 1 } };
    window.alarm = "staging-*";
    EXPECT_NE(muting(std::span(&window, 1), alarm, friday), nullptr);
    window.resource = "sqs:queue/ord*";
    EXPECT_NE(muting(std::span(&window, 1), alarm, friday), nullptr);
    window.tag = "Environment=staging";
    EXPECT_EQ(muting(std::span(&window, 1), alarm, friday), nullptr);
    window.tagged = { "sqs:queue/orders" };
    EXPECT_NE(muting(std::span(&window, 1), alarm, friday), nullptr);
    EXPECT_EQ(muting(std::span(&window, 1), alarm, friday + Hours { 1 }), nullptr);
    window.resource = "mails";
    EXPECT_EQ(muting(std::span(&window, 1), alarm, friday), nullptr);
}

} // namespace
} // namespace convops
