#include "evidence/call_budget.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(CallBudget, a_greedy_source_leaves_every_other_its_part) {
    CallBudget budget(100, 5); // 10 each, 50 in common, 25 at most for one
    budget.neighbourhood_known();
    EXPECT_EQ(budget.take(0, 1'000), 25);
    EXPECT_EQ(budget.take(0, 1), 0);
    EXPECT_EQ(budget.take(1, 1'000), 25);
    EXPECT_EQ(budget.take(2, 1'000), 25);
    EXPECT_EQ(budget.take(3, 1'000), 15); // what is left in common, and its own
    EXPECT_EQ(budget.take(4, 1'000), 10);
}

TEST(CallBudget, what_an_ended_source_did_not_need_is_for_the_others) {
    CallBudget budget(40, 4); // 5 each, 20 in common, 10 at most for one
    budget.neighbourhood_known();
    EXPECT_EQ(budget.take(0, 2), 2);
    budget.ended(0);
    budget.ended(0);
    EXPECT_EQ(budget.take(1, 50), 10);
    EXPECT_EQ(budget.take(2, 50), 10);
    EXPECT_EQ(budget.take(3, 50), 10);
}

TEST(CallBudget, what_reads_about_the_neighbourhood_finds_most_of_the_common_part) {
    CallBudget budget(200, 10); // 10 each, 100 in common, 50 of them at first, 50 at most for one
    EXPECT_EQ(budget.take(0, 1'000), 50);
    EXPECT_EQ(budget.take(1, 1'000), 20);
    EXPECT_EQ(budget.take(1, 1'000), 0);
    budget.neighbourhood_known();
    budget.neighbourhood_known();
    EXPECT_EQ(budget.take(2, 1'000), 50);
    EXPECT_EQ(budget.take(3, 1'000), 20);
}

TEST(CallBudget, the_sum_never_exceeds_the_budget) {
    for (int calls : { 0, 1, 7, 190 })
        for (std::size_t sources : { 1U, 3U, 40U, 300U }) {
            CallBudget budget(calls, sources);
            int sum = 0;
            for (int round = 0; round < 50; ++round)
                for (std::size_t source = 0; source < sources; ++source) {
                    sum += budget.take(source, round + 1);
                    if (round == 10)
                        budget.neighbourhood_known();
                    if (round == 20 && source % 2 == 0)
                        budget.ended(source);
                }
            EXPECT_LE(sum, calls);
        }
}

} // namespace
} // namespace convops
