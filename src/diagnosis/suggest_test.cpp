// Suggested actions, and how long a diagnosis of a large account takes (printed, not asserted).
#include "diagnosis/diagnose_cases.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace convops {
namespace {

TEST(SuggestActions, a_deploy_of_a_service_can_be_rolled_back_from_chat) {
    auto const one = cases().front();
    auto const actions = suggest_actions(one.evidence.diagnose(), one.evidence.evidence());
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].kind, "ecs_roll_back");
    EXPECT_TRUE(actions[0].requires_enable_actions);
    EXPECT_EQ(actions[0].id, "A1");
}

TEST(SuggestActions, nothing_is_suggested_for_a_healthy_account) {
    Diagnosis healthy;
    healthy.verdict = IncidentVerdict::healthy;
    EXPECT_TRUE(suggest_actions(healthy, {}).empty());
}

TEST(Diagnose, five_hundred_metrics_are_quick) {
    auto builder = slow_front();
    for (int i = 0; i < 500; ++i)
        builder.metric(
            i % 2 == 0 ? service : database, "Custom" + std::to_string(i), { 10, i % 10 == 0 ? 30.0 : 10.0, 110 });
    auto evidence = builder.evidence();
    for (auto& fact : evidence.facts) // 400 points each: the record repeated in the time before
        if (auto* metric = std::get_if<MetricFact>(&fact.detail)) {
            auto& series = metric->series;
            auto const count = series.at.size();
            for (std::size_t i = 0; i < 400 - count; ++i) {
                series.at.insert(series.at.begin(), series.at.front() - Seconds { 60 });
                series.values.insert(series.values.begin(), series.values[50]);
            }
        }
    auto const began = std::chrono::steady_clock::now();
    auto const diagnosis = diagnose(builder.alarm(), evidence, {}, minute(122));
    std::printf("diagnose() on 500 metrics of 400 points: %.1f ms\n",
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    EXPECT_TRUE(diagnosis.onset.has_value());
}

} // namespace
} // namespace convops
