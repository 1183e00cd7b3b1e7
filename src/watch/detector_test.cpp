#include "watch/detector.h"

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

std::vector<double> scores_of(std::vector<double> const& values, double scale = 1) {
    Detector detector;
    std::vector<double> scores;
    for (auto const value : values)
        scores.push_back(detector.read(value * scale)->score);
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
        auto const reading = detector.read(i == 30 ? 1e9 : 1);
        EXPECT_EQ(reading->state, DetectorState::learning);
        EXPECT_EQ(reading->score, 0);
        EXPECT_EQ(explain(*reading), "still learning what is usual");
    }
    EXPECT_EQ(detector.read(1)->state, DetectorState::watching);
}

TEST(Detector, RefusesWhatIsNoNumberAndGoesOnAsIfNothingWasRead) {
    Detector detector;
    Detector untouched;
    ASSERT_TRUE(detector.read(3));
    ASSERT_TRUE(untouched.read(3));
    EXPECT_EQ(detector.read(std::nan("")).error().kind, ErrorKind::invalid_input);
    EXPECT_FALSE(detector.read(std::numeric_limits<double>::infinity()));
    EXPECT_EQ(detector.saved(), untouched.saved());
}

TEST(Detector, ContinuesFromItsSavedStateAsIfItHadNeverStopped) {
    auto const values = daily(2'000, 1'500);
    auto const whole = scores_of(values);
    Detector detector;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % 97 == 0)
            detector = *Detector::restored(detector.saved());
        EXPECT_EQ(detector.read(values[i])->score, whole[i]) << i;
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

TEST(Detector, ExplainsWhatIsNew) {
    Detector detector;
    std::string words;
    for (auto const value : daily(2'001, 2'000))
        words = explain(*detector.read(value));
    EXPECT_NE(words.find("from the usual; no such value before"), std::string::npos) << words;
}

} // namespace
} // namespace convops
