#include "watch/series_watch.h"

#include <gmock/gmock.h>
#include <random>

namespace convops {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Time const monday = *parse_time("2026-11-23T00:00:00Z");
Seconds const minute { 60 };

WatchedMetric latency() {
    return { { "AWS/ApplicationELB", "TargetResponseTime", { { "LoadBalancer", "app/shop/1" } } }, "p99", "Seconds",
        { "elb:load_balancer", "app/shop/1", {} } };
}

WatchedMetric errors() {
    return { { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", { { "LoadBalancer", "app/shop/1" } } }, "Sum",
        "Count", { "elb:load_balancer", "app/shop/1", {} } };
}

struct Points {
    std::vector<Time> at;
    std::vector<double> values;
};

Points noise(std::size_t count, double level, double spread, unsigned seed = 7) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(level, spread);
    Points points;
    for (std::size_t i = 0; i < count; ++i) {
        points.at.push_back(monday + minute * static_cast<std::int64_t>(i));
        points.values.push_back(normal(random));
    }
    return points;
}

Time after(Points const& points) {
    return points.at.back() + Minutes { 10 };
}

TEST(SeriesWatch, a_step_begins_one_anomaly_however_long_it_lasts) {
    auto points = noise(3'000, 0.2, 0.01);
    for (std::size_t i = 2'900; i < 3'000; ++i)
        points.values[i] += 0.4;
    SeriesWatch watch;
    auto const events = watch.take(latency(), minute, points.at, points.values, after(points));
    ASSERT_THAT(events, SizeIs(1));
    auto const& began = std::get<AnomalyBegan>(events[0]).anomaly;
    EXPECT_LE(began.at - (monday + minute * 2'900), Minutes { 10 });
    EXPECT_EQ(began.since, monday + minute * 2'900);
    EXPECT_NEAR(began.usual, 0.2, 0.01);
    EXPECT_GT(began.sigma(), 10);
    EXPECT_TRUE(watch.open());
}

TEST(SeriesWatch, it_is_over_when_the_middle_of_the_last_points_is_usual_again) {
    auto points = noise(3'000, 0.2, 0.01);
    for (std::size_t i = 2'900; i < 2'930; ++i)
        points.values[i] += 0.4;
    SeriesWatch watch;
    auto const events = watch.take(latency(), minute, points.at, points.values, after(points));
    ASSERT_THAT(events, SizeIs(2));
    auto const over = std::get<AnomalyOver>(events[1]).over_at;
    EXPECT_GE(over, monday + minute * 2'930);
    EXPECT_LE(over, monday + minute * 2'940);
    EXPECT_FALSE(watch.open());
}

TEST(SeriesWatch, what_was_fed_before_is_not_fed_again) {
    auto const points = noise(200, 0.2, 0.01);
    SeriesWatch watch;
    watch.take(latency(), minute, points.at, points.values, after(points));
    watch.take(latency(), minute, points.at, points.values, after(points));
    EXPECT_EQ(watch.points(), 200U);
}

TEST(SeriesWatch, a_period_that_still_changes_waits) {
    auto const points = noise(200, 0.2, 0.01);
    SeriesWatch watch;
    watch.take(latency(), minute, points.at, points.values, points.at.back() + minute);
    EXPECT_EQ(watch.points(), 199U); // the last period has only just ended
}

TEST(SeriesWatch, a_counter_without_datapoints_is_zero_and_its_first_errors_are_news) {
    SeriesWatch watch;
    std::vector<Time> at { monday };
    std::vector<double> values { 0 };
    auto const later = monday + Hours { 40 };
    EXPECT_THAT(watch.take(errors(), minute, at, values, later), IsEmpty());
    EXPECT_GT(watch.points(), 2'000U);
    at.clear();
    values.clear();
    for (int i = 0; i < 20; ++i) {
        at.push_back(later + minute * i);
        values.push_back(40);
    }
    EXPECT_THAT(watch.take(errors(), minute, at, values, at.back() + Minutes { 5 }), SizeIs(1));
}

TEST(SeriesWatch, state_comes_back_byte_for_byte_and_goes_on_alike) {
    auto points = noise(3'000, 0.2, 0.01);
    for (std::size_t i = 2'900; i < 3'000; ++i)
        points.values[i] += 0.4;
    SeriesWatch watch;
    auto const part = [&](std::size_t from, std::size_t count, SeriesWatch& into) {
        return into.take(latency(), minute, std::span(points.at).subspan(from, count),
            std::span(points.values).subspan(from, count), after(points));
    };
    part(0, 2'890, watch);
    auto restored = SeriesWatch::restored(watch.saved(), latency());
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->saved(), watch.saved());
    EXPECT_THAT(part(2'890, 110, *restored), SizeIs(1));
    auto const open = SeriesWatch::restored(restored->saved(), latency());
    ASSERT_TRUE(open && open->open());
    EXPECT_EQ(open->open()->since, monday + minute * 2'900);
}

TEST(SeriesWatch, bytes_of_something_else_are_refused) {
    auto const bytes = SeriesWatch {}.saved();
    for (std::size_t length = 0; length < bytes.size(); length += 97)
        EXPECT_FALSE(SeriesWatch::restored(bytes.substr(0, length), latency()));
    auto changed = bytes;
    changed[0] = 'X';
    EXPECT_FALSE(SeriesWatch::restored(changed, latency()));
}

TEST(SeriesWatch, a_stored_ring_or_time_that_can_not_be_is_refused) {
    SeriesWatch watch;
    auto const points = noise(10, 0.2, 0.01);
    watch.take(latency(), minute, points.at, points.values, after(points));
    auto const whole = watch.saved();
    ASSERT_TRUE(SeriesWatch::restored(whole, latency()));
    struct Row {
        std::size_t at;
        char const* says;
    };
    // Behind the version: fed_until, period, points, sizes of the detector and of the ring, then the place in it.
    for (auto const& [at, says] : { Row { 4 + 32, "the next place lies behind the end of a ring of ten" },
             Row { 4 + 7, "read until the year 17 million" }, Row { 4 + 8 + 7, "a period of a billion years" } }) {
        auto turned = whole;
        turned[at] = 100;
        EXPECT_FALSE(SeriesWatch::restored(turned, latency())) << says;
    }
}

} // namespace
} // namespace convops
