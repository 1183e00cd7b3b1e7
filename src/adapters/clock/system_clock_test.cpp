#include "adapters/clock/system_clock.h"

#include <gtest/gtest.h>

namespace convops {

TEST(SystemClock, the_monotonic_clock_never_goes_back) {
    SystemClock const clock;
    auto const before = clock.monotonic();
    EXPECT_LE(before, clock.monotonic());
    EXPECT_GT(seconds_since_epoch(clock.now()), 1.7e9);
}

TEST(SystemClock, waiting_for_no_time_or_less_returns_at_once) {
    SystemClock clock;
    clock.wait(Milliseconds { 0 });
    clock.wait(Milliseconds { -5 });
}

TEST(SystemEntropy, numbers_do_not_repeat) {
    SystemEntropy entropy;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(entropy.next());
    EXPECT_EQ(seen.size(), 1000U);
}

} // namespace convops
