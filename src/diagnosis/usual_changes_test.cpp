#include "diagnosis/usual_changes.h"

#include <gtest/gtest.h>
#include <random>

namespace convops {

namespace {

constexpr std::size_t points = 5;

std::vector<double> noise(std::size_t count) {
    std::mt19937 random(7);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(1 + double(random() % 1000) / 1000);
    return values;
}

UsualChanges changes_of(std::vector<double> const& values, std::vector<double> const& weights = {}) {
    return { { values, weights }, window_places(values.size(), points), { 2, 4 }, 1, LevelKind::mean, 1e-9 };
}

} // namespace

TEST(UsualChanges, a_window_of_the_normal_time_is_judged_as_if_it_were_asked_about) {
    auto const values = noise(120);
    auto const usual = changes_of(values);
    for (std::size_t place = 10; place < 100; place += 7) {
        // Without every window that shares a point with it.
        auto rest = values;
        for (std::size_t i = place; i < place + points; ++i)
            rest[i] = std::nan("");
        UsualChanges const others(
            { rest, {} }, window_places(rest.size(), points), { 2, 4 }, 1, LevelKind::mean, 1e-9);
        double const asked = others.deviation(usual.at(place), std::sqrt(2.0 * 3 / 5));
        EXPECT_NEAR(usual.deviation_at(place), asked, 0.35) << place;
        EXPECT_GE(usual.most_deviation_at(place), usual.deviation_at(place));
    }
}

TEST(UsualChanges, nothing_is_known_of_a_short_time) {
    EXPECT_FALSE(changes_of(noise(22)).known());
    EXPECT_TRUE(changes_of(noise(30)).known());
    EXPECT_EQ(changes_of(noise(3)).deviation_at(0), 0);
}

TEST(UsualChanges, a_long_time_is_looked_at_in_as_many_places_as_are_worth_it) {
    auto const places = window_places(10'000, points);
    EXPECT_LE(places.count, 400U);
    EXPECT_GE(places.count, 380U);
    EXPECT_LE((places.count - 1) * places.stride + points, 10'000U);
    EXPECT_EQ(window_places(4, points).count, 0U);
}

TEST(UsualChanges, a_value_of_more_requests_says_more_but_not_without_end) {
    std::vector<double> const requests { 0, 1, 10, 100, 10'000, std::nan("") };
    auto const said = said_by(requests);
    EXPECT_LT(said[0], said[1]);
    EXPECT_GT(said[2], 8 * said[1]);
    EXPECT_GT(said[3], 4 * said[2]);
    EXPECT_LT(said[4], 2.1 * said[3]);
    EXPECT_EQ(said[5], said[1]);
}

TEST(UsualChanges, equal_counts_everywhere_change_nothing) {
    auto const values = noise(120);
    std::vector<double> const weights(values.size(), 7);
    auto const plain = changes_of(values);
    auto const counted = changes_of(values, weights);
    double const weight = std::sqrt(2.0 * 3 / 5);
    for (double const change : { 0.1, 0.4, 0.8, 2.0 })
        EXPECT_NEAR(counted.deviation(change, weight * std::sqrt(7)), plain.deviation(change, weight), 1e-9);
}

} // namespace convops
