// A deep look reads further back, more pages and more neighbours, each by the card of its source.
#include "evidence/answering.h"
#include "evidence/fake_aws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using testing::SizeIs;

Question question(Depth depth) {
    Question asked;
    asked.alarm_at = *parse_time("2026-11-20T20:14:30Z");
    asked.now = *parse_time("2026-11-20T20:40:00Z");
    asked.region = "us-east-1"; // one trail: IAM's events are in it
    asked.depth = depth;
    return asked;
}

TEST(Depth, changes_are_read_for_a_day_and_for_three_times_as_many_pages) {
    for (auto const& [depth, from, pages] : { std::tuple(Depth::usual, "2026-11-20T18:44:30Z", 6U),
             std::tuple(Depth::deep, "2026-11-19T20:14:30Z", 18U) }) {
        FakeAws aws;
        aws.on("cloudtrail:LookupEvents", R"({"Events": [], "NextToken": "more"})");
        static_cast<void>(ask("cloudtrail_changes", question(depth), aws));
        auto const calls = aws.calls("cloudtrail:LookupEvents");
        ASSERT_THAT(calls, SizeIs(pages));
        EXPECT_EQ(text_at(calls.front().params, "StartTime"), from);
    }
}

TEST(Depth, every_card_looks_further_back_and_has_more_time) {
    for (auto const& source : sources::all()) {
        auto const& card = *source.card;
        EXPECT_GT(look_back(card, Depth::deep), look_back(card, Depth::usual)) << card.name;
        EXPECT_GE(deadline(card, Depth::deep), deadline(card, Depth::usual)) << card.name;
    }
    EXPECT_GT(hops_of(Depth::deep), hops_of(Depth::usual));
    EXPECT_EQ(most_nearby(Depth::deep), 3 * most_nearby(Depth::usual));
}

TEST(Depth, more_neighbours_of_a_type_are_asked_about) {
    for (auto const& [depth, expected] : { std::pair(Depth::usual, 4U), std::pair(Depth::deep, 12U) }) {
        auto asked = question(depth);
        for (int i = 0; i < 30; ++i)
            asked.nearby.emplace_back(Resource { "sqs:queue", "q" + std::to_string(i), {} }, 1);
        EXPECT_THAT(near_of_type(asked, "sqs:queue", 4), SizeIs(expected));
    }
}

} // namespace
} // namespace convops
