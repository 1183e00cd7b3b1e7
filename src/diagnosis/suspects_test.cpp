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

TEST(Suspects, hardly_anybody_is_suspected_on_a_normal_day) {
    std::size_t suspected = 0;
    for (unsigned seed = 0; seed < 200; ++seed)
        suspected += rank_suspects(quiet_shop(seed)).empty() ? 0 : 1;
    EXPECT_LE(suspected, 8U); // the bar is where it is: a few percent
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
    for (auto const& suspect : suspects)
        EXPECT_TRUE(suspect.node != 4 || suspect.score < 0.05) << suspect.score;
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

TEST(Suspects, a_jump_of_one_point_that_nobody_feels_is_no_incident) {
    std::size_t suspected = 0;
    for (unsigned seed = 0; seed < 100; ++seed) {
        auto question = quiet_shop(seed);
        question.nodes[4].now[3] += 0.2;
        suspected += rank_suspects(question).empty() ? 0 : 1;
    }
    EXPECT_LE(suspected, 4U);
}

TEST(Suspects, a_fault_that_has_just_begun_is_an_incident_though_nothing_could_last_yet) {
    auto question = quiet_shop(5);
    slow_down(question, 4, 0.05);
    for (auto& node : question.nodes) {
        node.now.resize(3);
        node.requests.resize(3);
    }
    auto const suspects = rank_suspects(question);
    ASSERT_FALSE(suspects.empty());
    EXPECT_EQ(suspects[0].node, 4U);
}

TEST(Suspects, everybody_who_got_worse_is_listed_so_that_a_wrong_first_is_not_the_only_answer) {
    auto question = quiet_shop(6);
    slow_down(question, 5, 0.05);
    auto const suspects = rank_suspects(question);
    ASSERT_GE(suspects.size(), 3U);
    EXPECT_EQ(suspects[0].node, 5U);
    EXPECT_TRUE(std::ranges::any_of(suspects, [](Suspect const& one) { return one.node == 2; }));
    EXPECT_TRUE(std::ranges::any_of(suspects, [](Suspect const& one) { return one.node == 0; }));
}

TEST(Suspects, a_callee_that_rises_in_its_noise_does_not_take_the_blame_from_who_called_it) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto question = quiet_shop(seed);
        slow_down(question, 2, 0.05);
        question.nodes[4].now[2] *= 1.04;
        auto const suspects = rank_suspects(question);
        ASSERT_FALSE(suspects.empty());
        EXPECT_EQ(suspects[0].node, 2U) << seed;
    }
}

TEST(Suspects, a_callee_with_far_less_of_the_loss_than_its_caller_explains_only_its_part) {
    auto question = quiet_shop(7);
    slow_down(question, 2, 0.05);
    for (std::size_t i = 2; i < window_points; ++i)
        question.nodes[4].now[i] += 0.01;
    auto const suspects = rank_suspects(question);
    ASSERT_FALSE(suspects.empty());
    EXPECT_EQ(suspects[0].node, 2U);
}

TEST(Suspects, who_begins_to_call_what_was_never_called_before_is_to_blame_for_its_failures) {
    auto question = quiet_shop(8);
    question.measure = LossMeasure::availability;
    for (auto& node : question.nodes) {
        std::ranges::fill(node.normal, 100.0);
        std::ranges::fill(node.now, 100.0);
    }
    auto& added = question.nodes.emplace_back();
    question.calls.push_back({ 2, 6 });
    added.now = { std::nan(""), std::nan(""), 0, 0, 0 };
    added.requests = { 0, 0, 30, 30, 30 };
    for (std::size_t i = 2; i < window_points; ++i)
        question.nodes[2].now[i] = question.nodes[0].now[i] = 70;
    auto const suspects = rank_suspects(question);
    ASSERT_GE(suspects.size(), 2U);
    EXPECT_EQ(suspects[0].node, 2U);
    EXPECT_EQ(suspects[1].node, 6U);
}

TEST(Suspects, who_fails_all_day_is_not_suspected_for_failing) {
    auto question = quiet_shop(9);
    question.measure = LossMeasure::availability;
    for (auto& node : question.nodes) {
        std::ranges::fill(node.normal, 100.0);
        std::ranges::fill(node.now, 100.0);
    }
    std::ranges::fill(question.nodes[3].normal, 0.0);
    question.nodes[3].now = { std::nan(""), 0, 0, 0, 0 };
    EXPECT_TRUE(rank_suspects(question).empty());
}

namespace {

void expect_same(std::vector<Suspect> const& expected, std::vector<Suspect> const& suspects) {
    ASSERT_FALSE(expected.empty());
    ASSERT_EQ(suspects.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(suspects[i].node, expected[i].node);
        EXPECT_NEAR(suspects[i].score, expected[i].score, 1e-9);
        EXPECT_NEAR(suspects[i].deviation, expected[i].deviation, 1e-9);
    }
}

} // namespace

TEST(Suspects, neither_the_order_of_calls_nor_one_told_twice_by_itself_matters) {
    auto question = quiet_shop(10);
    slow_down(question, 4, 0.05);
    auto const expected = rank_suspects(question);
    std::ranges::reverse(question.calls);
    question.calls.push_back({ 4, 4 });
    expect_same(expected, rank_suspects(question));
}

TEST(Suspects, as_many_times_the_requests_everywhere_change_no_share_of_a_slowness) {
    auto question = quiet_shop(11);
    slow_down(question, 5, 0.05);
    auto const expected = rank_suspects(question);
    for (auto& node : question.nodes)
        for (auto& requests : node.requests)
            requests *= 32;
    expect_same(expected, rank_suspects(question));
}

TEST(Suspects, the_same_normal_time_turned_around_the_clock_leaves_the_order) {
    auto question = quiet_shop(12);
    slow_down(question, 3, 0.05);
    auto const expected = rank_suspects(question);
    for (auto& node : question.nodes)
        std::ranges::rotate(node.normal, node.normal.begin() + 50);
    auto const suspects = rank_suspects(question);
    ASSERT_EQ(suspects.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(suspects[i].node, expected[i].node);
}

TEST(Suspects, what_nobody_on_the_way_calls_changes_nothing) {
    auto question = quiet_shop(13);
    slow_down(question, 3, 0.05);
    auto const expected = rank_suspects(question);
    auto stranger = question.nodes[3];
    for (std::size_t i = 2; i < window_points; ++i)
        stranger.now[i] *= 50;
    question.nodes.push_back(stranger);
    question.calls.push_back({ 6, 3 });
    auto const suspects = rank_suspects(question);
    ASSERT_EQ(suspects.size(), expected.size());
    EXPECT_EQ(suspects[0].node, expected[0].node);
}

TEST(Suspects, a_second_fault_planted_elsewhere_leaves_the_first_where_it_was) {
    for (std::size_t first = 3; first < 6; ++first)
        for (std::size_t second = 3; second < 6; ++second) {
            if (first == second)
                continue;
            auto question = quiet_shop(unsigned(14 + first * 7 + second));
            slow_down(question, first, 0.05);
            slow_down(question, second, 0.05);
            auto const suspects = rank_suspects(question);
            ASSERT_GE(suspects.size(), 2U);
            EXPECT_EQ(suspects[0].node + suspects[1].node, first + second);
            EXPECT_GT(suspects[1].score, 0.25);
        }
}

TEST(Suspects, a_caller_that_its_callee_explains_sinks_and_keeps_little_of_its_own) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto question = quiet_shop(seed);
        slow_down(question, 5, 0.05); // the table's caller and the site lose 2 % more each
        auto const suspects = rank_suspects(question);
        ASSERT_GE(suspects.size(), 2U);
        EXPECT_EQ(suspects[0].node, 5U);
        auto const caller = std::ranges::find(suspects, 2U, &Suspect::node);
        ASSERT_NE(caller, suspects.end());
        EXPECT_GE(caller->loss, suspects[0].loss * 0.9);
        EXPECT_LT(caller->own_loss, caller->loss * 0.2);
        EXPECT_LT(caller->score, suspects[0].score / 4);
    }
}

TEST(Suspects, who_begins_with_the_trouble_stands_before_who_follows_later) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto question = quiet_shop(seed);
        slow_down(question, 3, 0.05);
        question.nodes[5].now[4] += 0.05; // two points later
        question.nodes[2].now[4] += 0.05;
        question.nodes[0].now[4] += 0.05;
        auto const suspects = rank_suspects(question);
        ASSERT_FALSE(suspects.empty());
        EXPECT_EQ(suspects[0].node, 3U) << seed;
    }
}

TEST(Suspects, who_was_as_slow_before_the_trouble_began_is_not_to_blame) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto question = quiet_shop(seed);
        slow_down(question, 3, 0.05);
        for (auto& value : question.nodes[5].now)
            value *= 4;
        auto const suspects = rank_suspects(question);
        ASSERT_FALSE(suspects.empty());
        EXPECT_EQ(suspects[0].node, 3U) << seed;
        for (auto const& suspect : suspects)
            EXPECT_TRUE(suspect.node != 5 || suspect.score < 0.2) << suspect.score;
    }
}

TEST(Suspects, what_the_same_target_sees_now_and_then_is_no_incident_however_large) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        auto question = quiet_shop(seed);
        slow_down(question, 4, 0.05);
        ASSERT_FALSE(rank_suspects(question).empty());
        // The nodes take turns, so that for each of them alone it is rare.
        std::vector<std::size_t> const caller { 0, 0, 0, 1, 2, 2 };
        for (std::size_t from = 10, turn = 0; from + 3 < normal_points; from += 10, ++turn)
            for (std::size_t i = from; i < from + 3; ++i)
                for (std::size_t node = 1 + turn % 5;; node = caller[node]) {
                    question.nodes[node].normal[i] += 0.06;
                    if (node == 0)
                        break;
                }
        EXPECT_TRUE(rank_suspects(question).empty()) << seed;
    }
}

TEST(Suspects, of_normal_windows_with_rare_jumps_only_a_few_percent_are_held_for_incidents) {
    std::size_t suspected = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        auto question = quiet_shop(seed);
        std::mt19937 random(seed + 1000);
        for (auto& node : question.nodes)
            for (auto* values : { &node.normal, &node.now })
                for (auto& value : *values)
                    value *= random() % 20 == 0 ? 1 + double(random() % 1000) / 250 : 1;
        suspected += rank_suspects(question).empty() ? 0 : 1;
    }
    EXPECT_LE(suspected, 12U);
}

TEST(Suspects, a_mean_of_many_requests_is_believed_where_one_of_few_is_not) {
    std::size_t believed_many = 0;
    std::size_t believed_few = 0;
    for (unsigned seed = 0; seed < 40; ++seed) {
        auto question = quiet_shop(seed);
        std::mt19937 random(seed);
        auto& node = question.nodes[3];
        for (auto& value : node.normal) {
            node.normal_requests.push_back(double(1 + random() % 40));
            value = 0.01 * (1 + (double(random() % 2001) / 1000 - 1) * 2 / std::sqrt(node.normal_requests.back()));
        }
        for (auto& other : question.nodes)
            other.normal_requests.resize(normal_points, 100);
        node.now = { 0.01, 0.01, 0.022, 0.022, 0.022 };
        for (auto* requests : { &question.nodes[0].requests, &question.nodes[1].requests, &node.requests })
            *requests = { 40, 40, 40, 40, 40 };
        for (std::size_t i = 2; i < window_points; ++i)
            for (std::size_t caller : { 0U, 1U })
                question.nodes[caller].now[i] += 0.012;
        auto const deviation_of = [&] {
            for (auto const& suspect : rank_suspects(question))
                if (suspect.node == 3)
                    return suspect.deviation;
            return 0.0;
        };
        double const many = deviation_of();
        node.requests = { 2, 2, 2, 2, 2 };
        double const few = deviation_of();
        believed_many += many > 3 ? 1 : 0;
        believed_few += few > 3 ? 1 : 0;
    }
    EXPECT_GE(believed_many, 36U);
    EXPECT_LE(believed_few, 8U);
}

} // namespace convops
