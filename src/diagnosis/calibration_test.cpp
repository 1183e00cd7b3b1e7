#include "diagnosis/calibration.h"

#include <gtest/gtest.h>

#include <limits>

namespace convops {
namespace {

TEST(Calibration, more_evidence_never_lowers_the_score) {
    double before = 0;
    for (double log_odds = -30; log_odds <= 30; log_odds += 0.01) {
        double const now = chance_of_being_right(log_odds);
        EXPECT_GE(now, before) << log_odds;
        before = now;
    }
}

TEST(Calibration, nothing_is_certain) {
    for (double const log_odds :
        { -std::numeric_limits<double>::infinity(), -1e9, 1e9, std::numeric_limits<double>::infinity() }) {
        EXPECT_GT(chance_of_being_right(log_odds), 0) << log_odds;
        EXPECT_LT(chance_of_being_right(log_odds), 1) << log_odds;
    }
}

// Weights add up as if facts were independent, which they are not: what the sum promises is more than it keeps.
TEST(Calibration, a_strong_sum_is_worth_less_than_it_says) {
    for (double const log_odds : { 1.0, 2.0, 3.0, 4.0 })
        EXPECT_LT(chance_of_being_right(log_odds), 1 / (1 + std::exp(-log_odds))) << log_odds;
}

} // namespace
} // namespace convops
