#include "watch/detector.h"

#include "watch/generated_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace convops {
namespace {

// A day of 288 points, some noise (one fixed generator), and a spike at `spike_at`.
std::vector<double> daily(std::size_t points, std::size_t spike_at = SIZE_MAX) {
    std::vector<double> values;
    std::uint64_t state = 7;
    for (std::size_t i = 0; i < points; ++i) {
        state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        auto const noise = static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U);
        values.push_back(50 + 20 * std::sin(static_cast<double>(i) * 0.0218) + 4 * noise + (i == spike_at ? 400 : 0));
    }
    return values;
}

Time at_point(std::size_t i) {
    return a_monday + i * Minutes { 5 };
}

std::vector<double> scores_of(std::vector<double> const& values, double scale = 1) {
    Detector detector;
    std::vector<double> scores;
    for (std::size_t i = 0; i < values.size(); ++i)
        scores.push_back(detector.read(at_point(i), values[i] * scale)->score);
    return scores;
}

TEST(Detector, OpensOnceForASpikeAndNotForTheUsualDay) {
    auto const scores = scores_of(daily(3'000, 2'000));
    std::size_t opened = 0;
    for (std::size_t i = 1'000; i < scores.size(); ++i)
        opened += scores[i] >= anomaly_threshold ? 1 : 0;
    EXPECT_GE(scores[2'000], anomaly_threshold);
    EXPECT_EQ(opened, 1U);
}

TEST(Detector, GivesAPrefixTheSameScoresAsTheWhole) {
    auto const values = daily(2'000, 1'500);
    auto const whole = scores_of(values);
    auto const prefix = scores_of({ values.begin(), values.begin() + 1'501 });
    EXPECT_TRUE(std::equal(prefix.begin(), prefix.end(), whole.begin()));
}

TEST(Detector, DoesNotCareForTheUnit) {
    auto const values = daily(2'000, 1'500);
    EXPECT_EQ(scores_of(values), scores_of(values, 1'024));
    EXPECT_EQ(scores_of(values), scores_of(values, 1.0 / 1'048'576));
}

TEST(Detector, SaysThatItIsStillLearning) {
    Detector detector;
    for (std::uint32_t i = 0; i < Detector::points_to_learn; ++i) {
        auto const reading = detector.read(at_point(i), i == 30 ? 1e9 : 1);
        EXPECT_EQ(reading->state, DetectorState::learning);
        EXPECT_EQ(reading->score, 0);
    }
    EXPECT_EQ(detector.read(at_point(Detector::points_to_learn), 1)->state, DetectorState::watching);
}

TEST(Detector, RefusesWhatIsNoNumberAndGoesOnAsIfNothingWasRead) {
    Detector detector;
    Detector untouched;
    ASSERT_TRUE(detector.read(at_point(0), 3));
    ASSERT_TRUE(untouched.read(at_point(0), 3));
    EXPECT_EQ(detector.read(at_point(1), std::nan("")).error().kind, ErrorKind::invalid_input);
    EXPECT_FALSE(detector.read(at_point(1), std::numeric_limits<double>::infinity()));
    EXPECT_EQ(detector.saved(), untouched.saved());
}

TEST(Detector, ContinuesFromItsSavedStateAsIfItHadNeverStopped) {
    auto const values = daily(2'000, 1'500);
    auto const whole = scores_of(values);
    Detector detector;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % 97 == 0)
            detector = *Detector::restored(detector.saved());
        EXPECT_EQ(detector.read(at_point(i), values[i])->score, whole[i]) << i;
    }
}

TEST(Detector, RefusesAStateOfAnotherVersionSizeOrContent) {
    auto bytes = Detector {}.saved();
    auto cut = bytes;
    cut.pop_back();
    EXPECT_EQ(Detector::restored(cut).error().kind, ErrorKind::corrupt);
    auto other = bytes;
    other[3] = '9';
    EXPECT_EQ(Detector::restored(other).error().kind, ErrorKind::corrupt);
    auto broken = bytes;
    std::fill(broken.begin() + 4, broken.end(), std::uint8_t { 0xFF });
    EXPECT_EQ(Detector::restored(broken).error().kind, ErrorKind::corrupt);
}

TEST(Detector, FindsTheFirstMoveOfASeriesThatNeverMoved) {
    std::vector<double> values(2'000, 0.0);
    values[1'500] = 3;
    EXPECT_GE(scores_of(values)[1'500], anomaly_threshold);
}

TEST(Detector, KeepsItsMemoryBelowFourKibibytes) {
    EXPECT_LE(sizeof(Detector), 4'096U);
}

// What a detector told of points, and of the minutes between them when asked every five minutes whether it is silent.
struct Told {
    std::vector<DetectorReading> points;
    std::vector<DetectorReading> silences;
};

Told told(std::vector<GeneratedPoint> const& points, std::optional<Time> until = std::nullopt) {
    Told all;
    Detector detector;
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto const reading = *detector.read(points[i].at, points[i].value);
        if (reading.opens())
            all.points.push_back(reading);
        auto const next = i + 1 < points.size() ? points[i + 1].at : until.value_or(points[i].at);
        for (auto now = points[i].at + Minutes { 5 }; now < next; now += Minutes { 5 })
            if (auto const silence = detector.silent(now); silence.opens())
                all.silences.push_back(silence);
    }
    return all;
}

double noisy_traffic(Time at, Noise& noise) {
    return office_traffic(at) + 5 * noise.normal();
}

TEST(Detector, TellsOnceThatASeriesStopped) {
    auto points = generated(Days { 10 }, Minutes { 1 }, noisy_traffic);
    auto const all = told(points, points.back().at + Days { 2 });
    ASSERT_EQ(all.silences.size(), 1U);
    EXPECT_LE(all.silences[0].silence->lasts, Minutes { 15 });
    EXPECT_EQ(all.silences[0].silence->as_long_before, 0);
}

TEST(Detector, TakesASeriesThatIsSilentEveryNightForUsual) {
    auto points = generated(Days { 14 }, Minutes { 1 }, noisy_traffic);
    std::erase_if(points, [](auto const& point) { return std::fmod(hours_since_monday(point.at), 24) >= 20; });
    auto const all = told(points, points.back().at + Hours { 3 });
    for (auto const& silence : all.silences) // the first nights are news
        EXPECT_LT(silence.at, a_monday + Days { 4 });
    EXPECT_LE(all.silences.size(), 2U);
}

TEST(Detector, LetsASeriesComeBackWithoutAnAlarm) {
    auto points = generated(Days { 10 }, Minutes { 1 }, noisy_traffic);
    auto const back = a_monday + Days { 7 } + Hours { 9 };
    std::erase_if(points, [&](auto const& point) { return point.at >= back - Hours { 9 } && point.at < back; });
    for (auto const& reading : told(points).points)
        EXPECT_FALSE(reading.at >= back && reading.at < back + Hours { 1 }) << format_time(reading.at);
}

TEST(Detector, MinutesThatAreMissingHereAndThereAreNeitherSilenceNorSurge) {
    auto points = generated(Days { 10 }, Minutes { 1 }, noisy_traffic);
    Noise lost { 3 };
    std::erase_if(points, [&](auto const&) { return lost.uniform() < 0.1; });
    EXPECT_TRUE(told(points).silences.empty());
}

TEST(Detector, JudgesTheGrowthOfACounterAndNotItsResets) {
    double total = 5'000;
    int i = 0;
    auto const count = [&](Time, Noise& noise) {
        total = ++i % 2'000 == 0 ? 0 : total + 100 + 5 * noise.normal() + (i == 9'000 ? 2'000 : 0);
        return total;
    };
    auto const all = told(generated(Days { 10 }, Minutes { 1 }, count));
    bool surge = false;
    for (auto const& reading : all.points) {
        EXPECT_TRUE(reading.of_counter);
        auto const minute = (reading.at - a_monday) / Minutes { 1 };
        if (minute == 8'999)
            surge = true;
        else
            EXPECT_FALSE(minute > 100 && minute % 2'000 >= 1'998) << format_time(reading.at);
    }
    EXPECT_TRUE(surge);
    EXPECT_LE(all.points.size(), 3U);
}

TEST(Detector, AMissingPointOfACounterIsNoSurge) {
    double total = 0;
    auto points
        = generated(Days { 4 }, Minutes { 1 }, [&](Time, Noise& noise) { return total += 100 + noise.normal(); });
    std::erase_if(points, [](auto const& point) {
        auto const minute = (point.at - a_monday) / Minutes { 1 };
        return minute == 3'000 || minute == 3'001 || minute == 3'002;
    });
    for (auto const& reading : told(points).points)
        EXPECT_FALSE(reading.at == a_monday + Minutes { 3'003 });
}

TEST(Detector, AnAgeThatClimbsAndFallsBackAllTheTimeIsNoCounter) {
    auto const age = [](Time at, Noise&) { return std::fmod(hours_since_monday(at) * 60, 60) * 60; };
    Detector detector;
    DetectorReading last;
    for (auto const& point : generated(Days { 2 }, Minutes { 1 }, age))
        last = *detector.read(point.at, point.value);
    EXPECT_FALSE(last.of_counter);
}

} // namespace
} // namespace convops
