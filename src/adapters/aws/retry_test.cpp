#include "adapters/aws/retry.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
constexpr auto far = nanoseconds { std::chrono::hours { 1 } };

} // namespace

TEST(BackOff, only_what_may_pass_is_tried_again) {
    for (auto const kind : { ErrorKind::throttled, ErrorKind::unavailable, ErrorKind::timeout })
        EXPECT_TRUE(back_off(kind, 1, 0));
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::not_found, ErrorKind::invalid_input,
             ErrorKind::conflict, ErrorKind::corrupt })
        EXPECT_FALSE(back_off(kind, 1, 0));
    EXPECT_FALSE(back_off(ErrorKind::throttled, most_tries, 0));
}

TEST(BackOff, pauses_are_a_random_share_of_a_doubling_ceiling) {
    constexpr auto most = ~std::uint64_t { 0 };
    EXPECT_EQ(back_off(ErrorKind::throttled, 1, 0), milliseconds { 0 });
    EXPECT_EQ(back_off(ErrorKind::throttled, 1, most), milliseconds { 999 });
    EXPECT_EQ(back_off(ErrorKind::throttled, 2, most), milliseconds { 1999 });
    EXPECT_EQ(back_off(ErrorKind::unavailable, 1, most), milliseconds { 99 });
}

TEST(RetryBudget, a_hundred_retries_spend_it_and_successes_refill_it) {
    RetryBudget budget;
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(budget.spend(ErrorKind::unavailable), 5);
    EXPECT_FALSE(budget.spend(ErrorKind::unavailable));
    for (int i = 0; i < 5; ++i)
        budget.give_back(0);
    EXPECT_TRUE(budget.spend(ErrorKind::throttled));
    budget.give_back(500);
    EXPECT_EQ(budget.left(), 500);
    EXPECT_EQ(budget.spend(ErrorKind::timeout), 10);
}

TEST(Pace, one_second_may_go_at_once_and_the_rest_at_the_rate) {
    Pace pace;
    EXPECT_EQ(pace.reserve("k", 2, nanoseconds { 0 }, far), milliseconds { 0 });
    EXPECT_EQ(pace.reserve("k", 2, nanoseconds { 0 }, far), milliseconds { 0 });
    EXPECT_EQ(pace.reserve("k", 2, nanoseconds { 0 }, far), milliseconds { 500 });
    EXPECT_EQ(pace.reserve("k", 2, nanoseconds { 0 }, far), milliseconds { 1000 });
    EXPECT_EQ(pace.reserve("other", 2, nanoseconds { 0 }, far), milliseconds { 0 });
    EXPECT_EQ(pace.reserve("k", 2, std::chrono::seconds { 10 }, far), milliseconds { 0 });
}

TEST(Pace, a_slot_that_comes_too_late_is_not_taken) {
    Pace pace;
    EXPECT_TRUE(pace.reserve("k", 1, nanoseconds { 0 }, far));
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(pace.reserve("k", 1, nanoseconds { 0 }, milliseconds { 999 }));
    EXPECT_EQ(pace.reserve("k", 1, nanoseconds { 0 }, milliseconds { 1000 }), milliseconds { 1000 });
}

} // namespace convops
