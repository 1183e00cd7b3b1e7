#include "app/watch_points.h"

#include "app/refusing_store.h"
#include "model/anomaly.h"
#include "points/point_chunk.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

Time const now = *parse_time("2026-11-23T10:00:00Z");
WorkspaceId const workspace { "shop" };

WatchedMetric queue(std::size_t number) {
    return { { "AWS/SQS", "ApproximateAgeOfOldestMessage", { { "QueueName", "q" + std::to_string(number) } } },
        "Maximum", "Seconds", {} };
}

PolledSeries polled(std::size_t count) {
    PolledSeries points;
    for (std::size_t i = 0; i < count; ++i) {
        points.at.push_back(now - Minutes { count - i });
        points.values.push_back(double(i));
    }
    return points;
}

std::size_t kept_of(Store& store, std::size_t number) {
    auto const points = *Datapoints::open(store, workspace, now);
    for (auto const& [series, key] : points->catalogue())
        if (key.metric == queue(number).metric)
            return points->scan(series, { now - Days { 29 }, now }, now)->size();
    return 0;
}

TEST(WatchPoints, AFirstLookOfManySeriesIsKeptWhole) {
    RefusingStore store;
    auto points = *WatchPoints::open(store, workspace, now);
    for (std::size_t i = 0; i < 60; ++i)
        points->take("111122223333", "eu-west-1", queue(i), Seconds { 60 }, polled(20'000), now);
    ASSERT_TRUE(points->flush(now));
    EXPECT_EQ(kept_of(store, 0), 20'000U);
    EXPECT_EQ(kept_of(store, 59), 20'000U);
}

TEST(WatchPoints, WhatIsLostWhileTheDiskIsFullIsToldOnce) {
    RefusingStore store;
    auto points = *WatchPoints::open(store, workspace, now);
    store.refuses = true;
    for (std::size_t i = 0; i < 30; ++i)
        points->take("111122223333", "eu-west-1", queue(i), Seconds { 60 }, polled(20'000), now);
    auto const told = points->flush(now);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().message, "100000 datapoints were not kept: disk full");
    store.refuses = false;
    EXPECT_TRUE(points->flush(now)) << "what was held back is stored at the next try";
    EXPECT_EQ(kept_of(store, 0), 20'000U);
    EXPECT_EQ(kept_of(store, 29), 0U);
}

// Points in the chunks of the first series.
std::size_t in_chunks(Store& store, Time at) {
    std::size_t points = 0;
    for (auto const& item : *store.query(workspace, "points/00000001", SortRange {}, 100, at))
        points += decode_chunk(item.body)->at.size();
    return points;
}

// What is older than 30 days is never read, stored or not: that it leaves the store is the work of the flush.
TEST(WatchPoints, AFlushTakesWhatIsOlderThanThirtyDaysOutOfTheStore) {
    RefusingStore store;
    auto points = *WatchPoints::open(store, workspace, now);
    points->take("111122223333", "eu-west-1", queue(0), Seconds { 60 }, polled(1'000), now);
    ASSERT_TRUE(points->flush(now));
    ASSERT_TRUE(points->flush(now + Minutes { 16 }));
    ASSERT_EQ(in_chunks(store, now), 1'000U) << "folded";
    auto const later = now + Days { 30 } - Minutes { 500 };
    ASSERT_TRUE(points->flush(later));
    EXPECT_EQ(in_chunks(store, later), 500U);
}

} // namespace
} // namespace convops
