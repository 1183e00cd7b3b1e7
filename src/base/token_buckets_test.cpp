#include "base/token_buckets.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int allowed(TokenBuckets& buckets, std::string const& key, TokenBuckets::Instant now, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i)
        count += buckets.take(key, now) ? 0 : 1;
    return count;
}

TEST(TokenBuckets, a_burst_is_allowed_and_then_the_rate) {
    TokenBuckets buckets({ 10, 20 });
    EXPECT_EQ(allowed(buckets, "a", seconds { 100 }, 50), 20);
    EXPECT_EQ(allowed(buckets, "a", seconds { 101 }, 50), 10);
    EXPECT_EQ(allowed(buckets, "a", milliseconds { 101'500 }, 50), 5);
    EXPECT_EQ(allowed(buckets, "a", seconds { 1'000 }, 50), 20);
}

TEST(TokenBuckets, each_key_has_its_own) {
    TokenBuckets buckets({ 1, 1 });
    EXPECT_EQ(allowed(buckets, "a", seconds { 1 }, 5), 1);
    EXPECT_EQ(allowed(buckets, "b", seconds { 1 }, 5), 1);
}

TEST(TokenBuckets, it_says_when_to_come_back) {
    TokenBuckets buckets({ 0.25, 1 });
    EXPECT_FALSE(buckets.take("a", seconds { 1 }));
    EXPECT_EQ(buckets.take("a", seconds { 1 }), Seconds { 4 });
    EXPECT_EQ(buckets.take("a", seconds { 4 }), Seconds { 1 });
}

TEST(TokenBuckets, a_clock_that_goes_back_gives_nothing_for_free) {
    TokenBuckets buckets({ 1, 2 });
    EXPECT_EQ(allowed(buckets, "a", seconds { 10 }, 5), 2);
    EXPECT_EQ(allowed(buckets, "a", seconds { 5 }, 5), 0);
    EXPECT_EQ(allowed(buckets, "a", seconds { 10 }, 5), 0);
}

TEST(TokenBuckets, without_a_rate_there_is_no_limit_and_no_memory) {
    TokenBuckets buckets({});
    EXPECT_EQ(allowed(buckets, "a", seconds { 1 }, 1'000), 1'000);
    EXPECT_EQ(buckets.size(), 0U);
}

TEST(TokenBuckets, keys_beyond_the_bound_share_one_bucket_until_others_are_full_again) {
    TokenBuckets buckets({ 1, 2 }, 3);
    for (auto const* key : { "a", "b", "c" })
        EXPECT_EQ(allowed(buckets, key, seconds { 10 }, 1), 1);
    EXPECT_EQ(allowed(buckets, "d", seconds { 10 }, 1), 1);
    EXPECT_EQ(allowed(buckets, "e", seconds { 10 }, 1), 1);
    EXPECT_EQ(allowed(buckets, "f", seconds { 10 }, 1), 0);
    EXPECT_LE(buckets.size(), 4U);
    EXPECT_EQ(allowed(buckets, "f", seconds { 20 }, 2), 2);
    EXPECT_LE(buckets.size(), 4U);
}

} // namespace
} // namespace convops
