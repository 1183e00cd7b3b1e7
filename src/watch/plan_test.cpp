#include "watch/plan.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(WatchPlan, it_polls_as_often_as_the_budget_allows) {
    // 200 metrics every 5 minutes: 200 x 8,760 x $0.00001 = $17.52 a month.
    auto const plan = plan_watching(200, { .usd_a_month = 20 });
    EXPECT_EQ(plan.every, Seconds { 300 });
    EXPECT_EQ(plan.metrics, 200U);
    EXPECT_NEAR(plan.usd_a_month, 17.52, 0.001);
    EXPECT_NEAR(plan.calls_a_month, 8'760, 0.5);
    EXPECT_FALSE(plan.cut);
}

TEST(WatchPlan, a_larger_budget_polls_sooner_and_a_smaller_one_later) {
    EXPECT_EQ(plan_watching(200, { .usd_a_month = 100 }).every, Seconds { 60 });
    EXPECT_EQ(plan_watching(200, { .usd_a_month = 2 }).every, Seconds { 3'600 });
}

TEST(WatchPlan, where_even_one_look_an_hour_is_too_dear_fewer_metrics_are_watched) {
    auto const plan = plan_watching(10'000, { .usd_a_month = 10 });
    EXPECT_TRUE(plan.cut);
    EXPECT_EQ(plan.every, Seconds { 3'600 });
    EXPECT_LE(plan.usd_a_month, 10);
    EXPECT_GT(plan.usd_a_month, 9.9);
}

TEST(WatchPlan, no_budget_watches_nothing) {
    auto const plan = plan_watching(10, { .usd_a_month = 0 });
    EXPECT_EQ(plan.metrics, 0U);
    EXPECT_EQ(plan.usd_a_month, 0);
}

TEST(WatchPlan, no_plan_ever_costs_more_than_its_budget) {
    for (std::size_t const metrics : { 1U, 7U, 499U, 501U, 10'000U, 100'000U })
        for (double const usd : { 0.01, 1.0, 24.9, 300.0 })
            EXPECT_LE(plan_watching(metrics, { .usd_a_month = usd }).usd_a_month, usd) << metrics << " " << usd;
}

} // namespace
} // namespace convops
