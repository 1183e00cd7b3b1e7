#include "watch/baseline.h"

#include "watch/generated_test.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

double noisy_traffic(Time at, Noise& noise) {
    return office_traffic(at) + 5 * noise.normal();
}

Baseline learned(std::vector<GeneratedPoint> const& points) {
    Baseline baseline;
    for (auto const& point : points)
        baseline.learn(point.at, point.value);
    return baseline;
}

Time const the_next_monday_14 = a_monday + Days { 35 } + Hours { 14 };
Time const the_next_sunday_14 = a_monday + Days { 41 } + Hours { 14 };

TEST(Baseline, KnowsWhatIsUsualForAnHourOfTheWeek) {
    auto const baseline = learned(generated(Days { 35 }, Minutes { 5 }, noisy_traffic));
    auto const monday = baseline.usual(the_next_monday_14);
    EXPECT_EQ(monday.of, Usual::Of::hour_of_week);
    EXPECT_NEAR(monday.level, office_traffic(the_next_monday_14 + Minutes { 30 }), 6);
    EXPECT_NEAR(baseline.usual(the_next_sunday_14).level, office_traffic(the_next_sunday_14 + Minutes { 30 }), 6);
    EXPECT_GT(monday.spread, 4);
    EXPECT_LT(monday.spread, 20);
    EXPECT_EQ(baseline.period(), Minutes { 5 });
}

TEST(Baseline, SaysHowMuchItKnows) {
    EXPECT_EQ(Baseline {}.usual(a_monday).of, Usual::Of::nothing);
    auto const hours = learned(generated(Days { 1 }, Minutes { 5 }, noisy_traffic));
    EXPECT_EQ(hours.usual(a_monday + Days { 1 }).of, Usual::Of::recent);
    auto const days = learned(generated(Days { 4 }, Minutes { 5 }, noisy_traffic));
    EXPECT_EQ(days.usual(a_monday + Days { 4 }).of, Usual::Of::hour_of_day);
    EXPECT_EQ(days.history(), Days { 4 } - Minutes { 5 });
}

TEST(Baseline, IsTheSameRebuiltFromPointsStoppedAndRestoredOrFedAtOnce) {
    auto const points = generated(Days { 20 }, Minutes { 5 }, noisy_traffic);
    std::vector<Time> at;
    std::vector<double> values;
    Baseline stopped;
    for (std::size_t i = 0; i < points.size(); ++i) {
        at.push_back(points[i].at);
        values.push_back(points[i].value);
        if (i % 501 == 0)
            stopped = *Baseline::restored(stopped.saved());
        stopped.learn(points[i].at, points[i].value);
    }
    EXPECT_EQ(Baseline::rebuilt(at, values).saved(), learned(points).saved());
    EXPECT_EQ(stopped.saved(), learned(points).saved());
}

TEST(Baseline, PastIncidentsDoNotBecomeNormal) {
    auto const quiet = learned(generated(Days { 35 }, Minutes { 5 }, noisy_traffic));
    for (auto const& [begins, lasts] : std::vector<std::pair<Hours, Hours>> {
             { Days { 28 } + Hours { 13 }, Hours { 3 } }, { Days { 21 }, Hours { 48 } },
             { Days { 7 } + Hours { 13 }, Hours { 3 } }, { Hours { 13 }, Hours { 3 } } }) {
        auto const hurt = learned(generated(Days { 35 }, Minutes { 5 }, [&](Time at, Noise& noise) {
            auto const in = at >= a_monday + begins && at < a_monday + begins + lasts;
            return noisy_traffic(at, noise) * (in ? 10 : 1);
        }));
        auto const spread = quiet.usual(the_next_monday_14).spread;
        EXPECT_NEAR(hurt.usual(the_next_monday_14).level, quiet.usual(the_next_monday_14).level, 2 * spread)
            << begins.count();
        EXPECT_GT(hurt.spreads_beyond(the_next_monday_14, 3'000), 7) << begins.count();
    }
}

TEST(Baseline, AMoveThatLastsBecomesUsual) {
    auto const moved = learned(generated(Days { 35 }, Minutes { 5 },
        [](Time at, Noise& noise) { return noisy_traffic(at, noise) + (at >= a_monday + Days { 14 } ? 60 : 0); }));
    EXPECT_NEAR(moved.usual(the_next_monday_14).level, office_traffic(the_next_monday_14 + Minutes { 30 }) + 60, 20);
}

TEST(Baseline, FollowsASlowTrendAndSaysHowSteepItIs) {
    auto const growing = learned(generated(Days { 35 }, Minutes { 5 },
        [](Time at, Noise& noise) { return noisy_traffic(at, noise) + hours_since_monday(at) / 24 * 2; }));
    EXPECT_NEAR(growing.trend_a_day(), 2, 0.5);
    EXPECT_NEAR(
        growing.usual(the_next_monday_14).level, office_traffic(the_next_monday_14 + Minutes { 30 }) + 70, 20);
    auto const flat = learned(generated(Days { 35 }, Minutes { 5 }, noisy_traffic));
    EXPECT_NEAR(flat.trend_a_day(), 0, 0.3);
}

// Where clocks change, the rhythm of the same people moves by an hour of UTC.
TEST(Baseline, ForgivesThatTheClocksWereChanged) {
    auto const baseline = learned(generated(Days { 35 }, Minutes { 5 }, noisy_traffic));
    int plainly_off = 0;
    for (auto at = a_monday + Days { 35 }; at < a_monday + Days { 42 }; at += Minutes { 5 }) {
        auto const moved = office_traffic(at + Hours { 1 });
        EXPECT_LT(std::fabs(baseline.spreads_beyond(at, moved)), 3) << format_time(at);
        plainly_off += std::fabs(baseline.usual(at).spreads_from(moved)) >= 3 ? 1 : 0;
    }
    EXPECT_GT(plainly_off, 0);
}

TEST(Baseline, KnowsSinceWhenThereWasNoSuchValue) {
    auto const baseline = learned(generated(Days { 35 }, Minutes { 5 },
        [](Time at, Noise& noise) { return noisy_traffic(at, noise) + (at == a_monday + Days { 20 } ? 900 : 0); }));
    EXPECT_TRUE(baseline.without(2'000, 300).ever);
    EXPECT_EQ(baseline.without(2'000, 300).days, Baseline::days_kept);
    EXPECT_EQ(baseline.without(800, 300).days, 13); // days 21 to 33 are over and had none
    EXPECT_FALSE(baseline.without(800, 300).ever);
    EXPECT_EQ(baseline.without(200, 100).days, 1); // not today and not on Saturday, but on Friday
    EXPECT_EQ(baseline.without(120, 100).days, 0);
}

TEST(Baseline, IsNotSurprisedThatRarePointsAreRare) {
    auto points = generated(Days { 20 }, Minutes { 1 }, [](Time, Noise&) { return 1.0; });
    Noise comes { 5 };
    std::erase_if(points, [&](auto const&) { return comes.uniform() > 0.01; });
    auto const baseline = learned(points);
    auto const last = *baseline.last();
    EXPECT_FALSE(baseline.silence(last + Hours { 3 }));
}

TEST(Baseline, TakesPointsLateTwiceAndOfBeforeWithoutHarm) {
    Baseline baseline;
    for (auto const& point : generated(Days { 3 }, Minutes { 5 }, noisy_traffic)) {
        baseline.learn(point.at, point.value);
        baseline.learn(point.at, point.value);
        baseline.learn(point.at - Hours { 5 }, 1e9);
    }
    EXPECT_EQ(baseline.period(), Minutes { 5 });
    EXPECT_LT(baseline.level(), 1'000);
}

TEST(Baseline, StaysFiniteWhateverComes) {
    Baseline baseline;
    Noise noise;
    for (auto const& point : generated(Days { 30 }, Minutes { 30 }, [](Time, Noise&) { return 0.0; })) {
        auto const sign = noise.uniform() < 0.5 ? -1 : 1;
        baseline.learn(point.at, sign * std::pow(10, noise.uniform() * 600 - 300));
    }
    EXPECT_TRUE(baseline.sound());
    EXPECT_TRUE(std::isfinite(baseline.usual(a_monday + Days { 30 }).level));
}

TEST(Baseline, RefusesBytesOfAnotherVersionSizeOrContent) {
    auto bytes = Baseline {}.saved();
    auto cut = bytes;
    cut.pop_back();
    EXPECT_EQ(Baseline::restored(cut).error().kind, ErrorKind::corrupt);
    auto other = bytes;
    other[3] = '9';
    EXPECT_EQ(Baseline::restored(other).error().kind, ErrorKind::corrupt);
    std::fill(bytes.begin() + 4, bytes.end(), std::uint8_t { 0xFF });
    EXPECT_EQ(Baseline::restored(bytes).error().kind, ErrorKind::corrupt);
}

} // namespace
} // namespace convops
