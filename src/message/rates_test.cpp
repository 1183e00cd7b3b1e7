#include "message/rates.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using std::chrono::milliseconds;
using Counts = RateLimit::Counts;
using Per = RateLimit::Per;

RateLimit const one_a_second_per_address { Counts::every_message, Per::address, 1, Milliseconds { 1000 }, "" };
RateLimit const five_at_once_per_token { Counts::every_message, Per::token, 5, Milliseconds { 1200 }, "" };

RateDemand to(std::string address, std::vector<RateLimit const*> limits = { &one_a_second_per_address }) {
    return { "xoxb", std::move(address), std::move(limits) };
}

TEST(DeliveryRates, let_one_message_a_second_through_to_each_address) {
    DeliveryRates rates;
    EXPECT_EQ(rates.reserve("m1", to("C1"), milliseconds { 0 }), Milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 400 }), Milliseconds { 600 });
    EXPECT_EQ(rates.reserve("m3", to("C2"), milliseconds { 400 }), Milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m4", to("C1"), milliseconds { 400 }), Milliseconds { 1600 }) << "its turn is after m2";
}

TEST(DeliveryRates, keep_the_turn_of_who_asks_again) {
    DeliveryRates rates;
    rates.reserve("m1", to("C1"), milliseconds { 0 });
    rates.reserve("m2", to("C1"), milliseconds { 0 });
    rates.reserve("m3", to("C1"), milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 900 }), Milliseconds { 100 });
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 5000 }), Milliseconds { 0 });
    rates.use("m2", milliseconds { 900 });
    EXPECT_EQ(rates.reserve("m3", to("C1"), milliseconds { 2000 }), Milliseconds { 0 });
}

TEST(DeliveryRates, allow_a_burst_and_then_the_steady_rate_for_the_whole_token) {
    DeliveryRates rates;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(rates.reserve("m" + std::to_string(i), to("C" + std::to_string(i), { &five_at_once_per_token }),
                      milliseconds { 0 }),
            Milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m5", to("C9", { &five_at_once_per_token }), milliseconds { 0 }), Milliseconds { 1200 });
    EXPECT_EQ(rates.reserve("m6", to("C9", { &five_at_once_per_token }), milliseconds { 0 }), Milliseconds { 2400 });
}

TEST(DeliveryRates, wait_for_the_slowest_of_several_limits) {
    DeliveryRates rates;
    std::vector<RateLimit const*> const both { &one_a_second_per_address, &five_at_once_per_token };
    EXPECT_EQ(rates.reserve("m1", to("C1", both), milliseconds { 0 }), Milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m2", to("C1", both), milliseconds { 0 }), Milliseconds { 1000 });
}

TEST(DeliveryRates, hold_the_whole_token_when_the_channel_says_wait) {
    DeliveryRates rates;
    rates.reserve("m1", to("C1"), milliseconds { 0 });
    rates.use("m1", milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 0 }), Milliseconds { 1000 });
    rates.hold("xoxb", "", Milliseconds { 30'000 }, milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m3", to("C2"), milliseconds { 10 }), Milliseconds { 29'990 }) << "another address";
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 1000 }), Milliseconds { 30'000 }) << "its turn has moved";
    RateDemand const other { "another token", "C1", { &one_a_second_per_address } };
    EXPECT_EQ(rates.reserve("m4", other, milliseconds { 10 }), Milliseconds { 0 });
}

TEST(DeliveryRates, hold_one_address_alone) {
    DeliveryRates rates;
    rates.hold("xoxb", "C1", Milliseconds { 6000 }, milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m1", to("C1"), milliseconds { 0 }), Milliseconds { 6000 });
    EXPECT_EQ(rates.reserve("m2", to("C2"), milliseconds { 0 }), Milliseconds { 0 });
}

TEST(DeliveryRates, bound_what_a_channel_can_ask_for) {
    DeliveryRates rates;
    rates.hold("xoxb", "", Milliseconds { 1'000'000'000 }, milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m1", to("C1"), milliseconds { 0 }), DeliveryRates::longest_hold);
}

TEST(DeliveryRates, let_nobody_wait_for_the_queue_of_another_address) {
    DeliveryRates rates;
    std::vector<RateLimit const*> const both { &one_a_second_per_address, &five_at_once_per_token };
    rates.hold("xoxb", "C1", Milliseconds { 60'000 }, milliseconds { 0 });
    rates.reserve("m1", to("C1", both), milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m2", to("C2", both), milliseconds { 0 }), Milliseconds { 0 });
}

TEST(DeliveryRates, do_not_let_turns_that_were_used_late_bunch) {
    DeliveryRates rates;
    rates.reserve("m1", to("C1"), milliseconds { 0 });
    rates.reserve("m2", to("C1"), milliseconds { 0 });
    rates.use("m1", milliseconds { 5000 }); // every worker was busy
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 5010 }), Milliseconds { 990 });
    EXPECT_EQ(rates.reserve("m2", to("C1"), milliseconds { 6000 }), Milliseconds { 0 });
}

TEST(DeliveryRates, count_what_was_sent_without_a_turn) {
    DeliveryRates rates;
    rates.charge(to("C1"), milliseconds { 0 });
    EXPECT_EQ(rates.reserve("m1", to("C1"), milliseconds { 0 }), Milliseconds { 1000 });
}

TEST(DeliveryRates, never_let_more_through_than_promised_whoever_asks_when) {
    DeliveryRates rates;
    std::vector<milliseconds> sent;
    for (int i = 0; i < 200; ++i) {
        auto const now = milliseconds { (i * 37) % 500 * 10 };
        auto const wait = rates.reserve("m" + std::to_string(i), to("C1"), now);
        sent.push_back(now + wait);
    }
    std::sort(sent.begin(), sent.end());
    for (std::size_t i = 1; i < sent.size(); ++i)
        EXPECT_GE(sent[i] - sent[i - 1], milliseconds { 1000 });
}

} // namespace
} // namespace convops
