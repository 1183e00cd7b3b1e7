#include "watch/explanation.h"

#include "watch/generated_test.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Fed with traffic of an office and then with one value.
DetectorReading after(Days days, Hours into_day, double value) {
    Detector detector;
    auto const noisy = [](Time at, Noise& noise) { return office_traffic(at) + 5 * noise.normal(); };
    auto const end = a_monday + days + into_day;
    for (auto const& point : generated(days + Days { 1 }, Minutes { 5 }, noisy))
        if (point.at < end)
            EXPECT_TRUE(detector.read(point.at, point.value));
    return *detector.read(end, value);
}

TEST(Explanation, SaysValueUsualDistanceAndRarity) {
    auto const text = explain(after(Days { 35 }, Hours { 14 }, 900));
    EXPECT_THAT(text, StartsWith("900: ")) << text;
    EXPECT_THAT(text, HasSubstr(" σ above the usual for Monday 14:00 UTC (about 29")) << text;
    EXPECT_THAT(text, HasSubstr("; no such value in 30 days")) << text;
    EXPECT_THAT(text, Not(HasSubstr("of history"))) << text;
}

TEST(Explanation, SaysThatTheHistoryIsShort) {
    auto const text = explain(after(Days { 1 }, Hours { 14 }, 900));
    EXPECT_THAT(text, HasSubstr("; only 37 h 55 min of history")) << text;
    EXPECT_THAT(text, HasSubstr("the usual for the last 24 h")) << text;
}

TEST(Explanation, ComparesWithTheHourOfAnyDayBeforeTheWeekIsKnown) {
    auto const text = explain(after(Days { 3 }, Hours { 14 }, 900));
    EXPECT_THAT(text, HasSubstr("the usual for 14:00 UTC on any day")) << text;
    EXPECT_THAT(text, HasSubstr("; no such value in 3 days")) << text;
}

TEST(Explanation, SaysWhatWasAlwaysTheSame) {
    Detector detector;
    for (auto const& point : generated(Days { 3 }, Minutes { 5 }, [](Time, Noise&) { return 0.0; }))
        EXPECT_FALSE(detector.read(point.at, point.value)->opens());
    auto const text = explain(*detector.read(a_monday + Days { 3 }, 3));
    EXPECT_THAT(text, StartsWith("3: it was always 0 (00:00 UTC on any day); no such value in 2 days")) << text;
}

TEST(Explanation, SaysForHowLongNothingCame) {
    DetectorReading reading;
    reading.state = DetectorState::watching;
    reading.score = 2.0 / 3;
    reading.silence = Silence { Minutes { 12 }, 11, 0 };
    reading.history = Days { 20 };
    EXPECT_EQ(explain(reading), "no datapoint for 12 min, where 11 were due; it was never silent for so long");
}

TEST(Explanation, SaysNothingWhileItLearnsOrWhereNothingIsNew) {
    EXPECT_EQ(explain({}), "still learning what is usual");
    DetectorReading reading;
    reading.state = DetectorState::watching;
    EXPECT_EQ(explain(reading), "nothing new");
}

} // namespace
} // namespace convops
