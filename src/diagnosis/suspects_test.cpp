#include "diagnosis/suspects.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace convops {

namespace {

constexpr std::size_t normal_points = 200;
constexpr std::size_t window_points = 5;

// A site that calls two services; the first calls a table, the second a queue and a table.
SuspectQuestion quiet_shop(unsigned seed) {
    SuspectQuestion question;
    std::mt19937 random(seed);
    std::vector<double> const levels { 0.1, 0.02, 0.03, 0.01, 0.015, 0.012 };
    for (double const level : levels) {
        auto& node = question.nodes.emplace_back();
        auto const draw = [&] { return level * (1 + 0.05 * (double(random() % 2001) / 1000 - 1)); };
        for (std::size_t i = 0; i < normal_points; ++i)
            node.normal.push_back(draw());
        for (std::size_t i = 0; i < window_points; ++i)
            node.now.push_back(draw());
        node.requests.assign(window_points, 100);
    }
    question.calls = { { 0, 1 }, { 0, 2 }, { 1, 3 }, { 2, 4 }, { 2, 5 } };
    return question;
}

// Everybody on the way from the node up to the site waits longer; callers somewhat more, for they try again.
void slow_down(SuspectQuestion& question, std::size_t node, double seconds) {
    std::vector<std::size_t> const caller { 0, 0, 0, 1, 2, 2 };
    for (std::size_t i = 2; i < window_points; ++i)
        question.nodes[node].now[i] += seconds;
    if (node != 0)
        slow_down(question, caller[node], seconds * 1.02);
}

} // namespace

TEST(Suspects, each_node_that_slows_down_is_found_though_its_callers_are_slower_still) {
    for (std::size_t node = 1; node < 6; ++node)
        for (unsigned seed = 0; seed < 20; ++seed) {
            auto question = quiet_shop(seed);
            slow_down(question, node, 0.05);
            auto const suspects = rank_suspects(question);
            ASSERT_FALSE(suspects.empty());
            EXPECT_EQ(suspects[0].node, node);
        }
}

TEST(Suspects, nobody_is_suspected_on_a_normal_day) {
    for (unsigned seed = 0; seed < 50; ++seed)
        EXPECT_TRUE(rank_suspects(quiet_shop(seed)).empty());
}

TEST(Suspects, a_node_that_moves_on_normal_days_is_no_suspect) {
    auto question = quiet_shop(1);
    slow_down(question, 3, 0.05);
    for (std::size_t i = 0; i < normal_points; i += 5)
        question.nodes[4].normal[i] *= 8;
    question.nodes[4].now[3] *= 8;
    auto const suspects = rank_suspects(question);
    ASSERT_FALSE(suspects.empty());
    EXPECT_EQ(suspects[0].node, 3U);
    EXPECT_FALSE(std::ranges::any_of(suspects, [](Suspect const& one) { return one.node == 4; }));
}

TEST(Suspects, two_independent_faults_stay_two_suspects) {
    auto question = quiet_shop(2);
    slow_down(question, 3, 0.05);
    slow_down(question, 5, 0.06);
    auto const suspects = rank_suspects(question);
    ASSERT_GE(suspects.size(), 2U);
    EXPECT_EQ(suspects[0].node + suspects[1].node, 8U);
    EXPECT_GT(suspects[1].score, 0.3);
}

TEST(Suspects, a_callee_that_answers_nobody_leaves_the_blame_with_who_called_it) {
    auto question = quiet_shop(3);
    slow_down(question, 3, 0.05);
    std::fill(question.nodes[3].now.begin() + 2, question.nodes[3].now.end(), std::nan(""));
    auto const suspects = rank_suspects(question);
    ASSERT_FALSE(suspects.empty());
    EXPECT_EQ(suspects[0].node, 1U);
}

TEST(Suspects, the_order_of_nodes_and_the_unit_do_not_matter) {
    auto question = quiet_shop(4);
    slow_down(question, 5, 0.05);
    auto const expected = rank_suspects(question);
    auto turned = question;
    auto const last = question.nodes.size() - 1;
    std::ranges::reverse(turned.nodes);
    turned.target = last - question.target;
    for (auto& call : turned.calls)
        call = { last - call.caller, last - call.callee };
    for (auto& node : turned.nodes) {
        for (auto& value : node.normal)
            value *= 1000;
        for (auto& value : node.now)
            value *= 1000;
    }
    auto const suspects = rank_suspects(turned);
    ASSERT_EQ(suspects.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(last - suspects[i].node, expected[i].node);
        EXPECT_NEAR(suspects[i].score, expected[i].score, 1e-9);
    }
}

} // namespace convops
