#include "watch/polling.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Time const noon = *parse_time("2026-11-23T12:00:30Z");
Time const whole_minute = *parse_time("2026-11-23T12:00:00Z");

TEST(Polling, series_that_were_read_together_are_read_together) {
    std::vector<SeriesProgress> const progress(700, SeriesProgress { whole_minute - Minutes { 5 } });
    auto const batches = plan_polls(progress, noon, {});
    ASSERT_EQ(batches.size(), 1U);
    EXPECT_EQ(batches[0].series.size(), 700U);
    EXPECT_EQ(batches[0].window, (Window { whole_minute - Minutes { 20 }, whole_minute }));
}

TEST(Polling, the_running_minute_is_not_read) {
    EXPECT_THAT(plan_polls(std::vector<SeriesProgress> { { whole_minute } }, noon, {}), IsEmpty());
}

TEST(Polling, after_an_outage_everything_since_is_read) {
    std::vector<SeriesProgress> const progress { { whole_minute - Hours { 30 } }, { whole_minute - Minutes { 1 } } };
    auto const batches = plan_polls(progress, noon, {});
    ASSERT_EQ(batches.size(), 2U);
    EXPECT_LE(batches[0].window.from, whole_minute - Hours { 30 } - Minutes { 15 });
    EXPECT_THAT(batches[0].series, ElementsAre(0U));
    EXPECT_THAT(batches[1].series, ElementsAre(1U));
}

TEST(Polling, nothing_older_than_the_source_keeps_is_asked_for) {
    auto const batches = plan_polls(std::vector<SeriesProgress> { { whole_minute - Days { 90 } } }, noon, {});
    ASSERT_EQ(batches.size(), 1U);
    EXPECT_EQ(batches[0].window.from, whole_minute - Days { 15 });
}

TEST(Polling, a_series_that_missed_one_poll_shares_the_next_call) {
    std::vector<SeriesProgress> const progress { { whole_minute - Minutes { 10 } }, { whole_minute - Minutes { 5 } },
        { whole_minute - Minutes { 10 } } };
    auto const batches = plan_polls(progress, noon, {});
    ASSERT_EQ(batches.size(), 1U);
    EXPECT_THAT(batches[0].series, ElementsAre(0U, 1U, 2U));
    EXPECT_EQ(batches[0].window.from, whole_minute - Minutes { 25 });
}

TEST(Polling, every_series_is_in_one_batch_whose_window_covers_what_it_misses) {
    std::vector<SeriesProgress> progress;
    for (int i = 0; i < 500; ++i)
        progress.push_back({ i % 7 == 0 ? Time {} : whole_minute - Seconds { (i * 7'919LL) % 1'000'000 } });
    auto const batches = plan_polls(progress, noon, {});
    std::vector<int> seen(progress.size());
    for (auto const& batch : batches)
        for (auto const index : batch.series) {
            ++seen[index];
            auto const since = progress[index].read_until;
            EXPECT_LE(batch.window.from, since == Time {} ? whole_minute - Days { 14 } : since);
        }
    for (std::size_t i = 0; i < seen.size(); ++i)
        EXPECT_EQ(seen[i], progress[i].read_until < whole_minute ? 1 : 0) << i;
    EXPECT_LT(batches.size(), 60U);
}

} // namespace
} // namespace convops
