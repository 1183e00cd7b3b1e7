#include "stats/reading.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace convops {
namespace {

Time const start = *parse_time("2026-03-06T12:00:00Z");

struct Line {
    std::vector<Time> at;
    std::vector<double> values;
    Seconds period { 60 };

    [[nodiscard]] Points points() const { return { at, values, period }; }
    [[nodiscard]] Time time(std::size_t i) const { return at[i]; }
};

template <class Shape> Line line(std::size_t count, Shape shape, double noise = 0, unsigned seed = 7) {
    Line made;
    std::mt19937 random(seed);
    std::normal_distribution<double> wobble(0, 1);
    for (std::size_t i = 0; i < count; ++i) {
        made.at.push_back(start + Minutes { static_cast<int>(i) });
        made.values.push_back(shape(static_cast<double>(i)) + noise * wobble(random));
    }
    return made;
}

SeriesReading read(Line const& made, std::string_view unit = "", std::string_view statistic = "Average",
    std::vector<Points> history = {}) {
    return read_series({ made.points(), std::move(history), statistic, unit, {}, made.at.back() - Minutes { 2 } });
}

double minutes_off(Line const& made, SeriesReading const& reading, double expected) {
    auto const place = std::chrono::duration<double, std::ratio<60>>(reading.onset->at - made.at.front()).count();
    return std::abs(place - expected);
}

TEST(Robust, level_ignores_wild_values) {
    std::vector<double> values { 10, 11, 9, 10, 10, 11, 9, 1'000 };
    auto const level = robust_level(values, 0);
    EXPECT_NEAR(level.centre, 10, 0.5);
    EXPECT_LT(level.spread, 3);
}

TEST(Robust, a_constant_sample_has_the_least_spread) {
    std::vector<double> values(20, 5.0);
    EXPECT_EQ(robust_level(values, 0.25).spread, 0.25);
}

TEST(Robust, best_lag_finds_the_follower) {
    std::vector<double> a;
    std::vector<double> b;
    for (int i = 0; i < 60; ++i) {
        a.push_back(std::sin(i * 0.3));
        b.push_back(std::sin((i - 4) * 0.3));
    }
    auto const found = best_lag(a, b, 8);
    EXPECT_EQ(found.lag, 4);
    EXPECT_GT(found.value, 0.95);
}

TEST(Robust, saturation_needs_the_limit_to_be_reached) {
    std::vector<double> const below { 10, 20, 60, 70, 60 };
    std::vector<double> const flat { 10, 20, 98, 99, 99, 100 };
    EXPECT_FALSE(saturation_of(below, 100).reached);
    EXPECT_TRUE(saturation_of(flat, 100).reached);
    EXPECT_TRUE(saturation_of(flat, 100).plateau);
}

TEST(Onset, a_slow_ramp_after_a_days_drift_begins_where_it_leaves_the_drift) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        // The level moves with the hour of the day for hours, then climbs for 25 minutes to a thousand times of it.
        auto made = line(360, [](double i) {
            double const level = 0.5 + 0.1 * i / 360;
            return level + (i < 334 ? 0 : 60 * (i - 334));
        });
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> wobble(0.95, 1.05);
        for (auto& value : made.values)
            value *= wobble(random);
        auto const reading = read(made, "Seconds");
        ASSERT_TRUE(reading.onset) << seed;
        EXPECT_LE(minutes_off(made, reading, 334), 2) << seed;
        EXPECT_EQ(reading.onset->shape, Shape::ramp) << seed;
    }
}

TEST(Onset, a_step_is_found_to_the_minute) {
    auto const made = line(360, [](double i) { return i < 350 ? 100.0 : 160.0; }, 5);
    auto const reading = read(made);
    ASSERT_TRUE(reading.onset);
    EXPECT_LE(minutes_off(made, reading, 350), 1);
    EXPECT_EQ(reading.onset->direction, Direction::up);
    EXPECT_EQ(reading.onset->shape, Shape::step);
    EXPECT_TRUE(reading.onset->still_on);
    EXPECT_GT(reading.onset->confidence, 0.8);
}

TEST(Onset, a_drop_is_found_too) {
    auto const made = line(120, [](double i) { return i < 110 ? 100.0 : 20.0; }, 5);
    auto const reading = read(made);
    ASSERT_TRUE(reading.onset);
    EXPECT_EQ(reading.onset->direction, Direction::down);
    EXPECT_LE(minutes_off(made, reading, 110), 1);
}

TEST(Onset, a_short_record_is_enough_for_a_clear_step) {
    auto const made = line(14, [](double i) { return i < 12 ? 0.012 : 2.4; }, 0.002);
    auto const reading = read(made, "Seconds");
    ASSERT_TRUE(reading.onset);
    EXPECT_LE(minutes_off(made, reading, 12), 0);
}

TEST(Onset, one_abnormal_point_at_the_end_counts_when_it_is_far_off) {
    auto const made = line(15, [](double i) { return i < 14 ? 40.0 : 900.0; }, 4);
    ASSERT_TRUE(read(made).onset);
}

TEST(Onset, a_ramp_begins_where_it_left_the_flat) {
    auto const made = line(240, [](double i) { return i < 150 ? 30.0 : 30.0 + (i - 150) * 0.7; }, 0.8);
    auto const reading = read(made, "Percent");
    ASSERT_TRUE(reading.onset);
    EXPECT_EQ(reading.onset->shape, Shape::ramp);
    EXPECT_LE(minutes_off(made, reading, 150), 6);
}

TEST(Onset, a_ramp_over_the_whole_record_began_before_it) {
    auto const made = line(360, [](double i) { return 20.0 + i * 0.2; }, 0.5);
    auto const reading = read(made, "Percent");
    ASSERT_TRUE(reading.onset);
    EXPECT_EQ(reading.onset->shape, Shape::ramp);
    EXPECT_LE(minutes_off(made, reading, 0), 60);
}

TEST(Onset, a_step_after_a_drift_is_the_onset) {
    auto const made = line(300, [](double i) { return 100.0 + i * 0.05 + (i >= 290 ? 90 : 0); }, 3);
    auto const reading = read(made);
    ASSERT_TRUE(reading.onset);
    EXPECT_LE(minutes_off(made, reading, 290), 1);
}

TEST(Onset, the_first_of_two_steps_counts) {
    auto const made = line(60, [](double i) { return i < 48 ? 0.05 : i < 54 ? 0.6 : 5.0; }, 0.005);
    auto const reading = read(made, "Seconds");
    ASSERT_TRUE(reading.onset);
    EXPECT_LE(minutes_off(made, reading, 48), 1);
}

TEST(Onset, a_drop_outweighs_the_drift_of_the_day) {
    auto const made = line(360, [](double i) { return i >= 354 ? 40 : 3'000 + 300 * std::sin(i / 360 * 3.14); }, 60);
    auto const reading = read(made, "Count", "Sum");
    ASSERT_TRUE(reading.onset);
    EXPECT_EQ(reading.onset->direction, Direction::down);
    EXPECT_LE(minutes_off(made, reading, 354), 1);
}

TEST(Onset, noise_has_none) {
    int found = 0;
    for (unsigned seed = 0; seed < 200; ++seed)
        found += read(line(360, [](double) { return 50.0; }, 5, seed)).onset ? 1 : 0;
    EXPECT_LE(found, 6);
}

TEST(Onset, a_constant_series_has_none) {
    EXPECT_FALSE(read(line(60, [](double) { return 3.0; })).onset);
}

TEST(Onset, an_old_excursion_is_out_of_focus) {
    auto const made = line(300, [](double i) { return i > 60 && i < 90 ? 500.0 : 100.0; }, 3);
    EXPECT_FALSE(read(made).onset);
}

TEST(Onset, two_points_are_no_series) {
    EXPECT_FALSE(read(line(2, [](double i) { return i * 100; })).onset);
    EXPECT_EQ(read_series({}).points, 0U);
}

TEST(Reading, a_counter_without_points_was_zero) {
    Line made;
    for (int i : { 57, 58, 59 }) {
        made.at.push_back(start + Minutes { i });
        made.values.push_back(40);
    }
    auto const reading = read_series(
        { made.points(), {}, "Sum", "Count", { start, start + Minutes { 60 } }, start + Minutes { 58 } });
    ASSERT_TRUE(reading.onset);
    EXPECT_EQ(reading.onset->at, start + Minutes { 57 });
    EXPECT_EQ(reading.onset->before, 0);
}

TEST(Reading, the_same_rise_yesterday_is_usual) {
    auto const shape = [](double i) { return 100 + 80 * std::max(0.0, (i - 200) / 100); };
    auto const today = line(300, shape, 3, 1);
    auto const yesterday = line(300, shape, 3, 2);
    auto const last_week = line(300, shape, 3, 3);
    EXPECT_TRUE(read(today, "", "Average", { yesterday.points(), last_week.points() }).usual);
    auto const flat = line(300, [](double) { return 100.0; }, 3, 4);
    EXPECT_FALSE(read(today, "", "Average", { flat.points(), flat.points() }).usual);
}

TEST(Reading, back_to_normal_is_recovered) {
    auto const made = line(120, [](double i) { return i >= 100 && i < 108 ? 90.0 : 20.0; }, 1);
    auto const reading = read_series({ made.points(), {}, "Average", "Percent", {}, start + Minutes { 104 } });
    ASSERT_TRUE(reading.onset);
    EXPECT_TRUE(reading.recovered);
    auto const still = line(120, [](double i) { return i >= 100 ? 90.0 : 20.0; }, 1);
    EXPECT_FALSE(read(still, "Percent").recovered);
}

TEST(Reading, spikes_of_a_mostly_zero_counter_do_not_alarm) {
    auto const made = line(360, [](double i) { return static_cast<int>(i) % 45 == 0 ? 1.0 : 0.0; });
    EXPECT_FALSE(read(made, "Count", "Sum").onset);
}

TEST(Reading, five_hundred_series_of_four_hundred_points_are_quick) {
    auto const made = line(400, [](double i) { return i < 380 ? 100.0 : 150.0; }, 5);
    auto const began = std::chrono::steady_clock::now();
    int found = 0;
    for (int i = 0; i < 500; ++i)
        found += read(made).onset ? 1 : 0;
    std::printf("500 series of 400 points: %.1f ms\n",
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    EXPECT_EQ(found, 500);
}

} // namespace
} // namespace convops
