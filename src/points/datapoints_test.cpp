#include "points/datapoints.h"

#include "points/point_bytes.h"
#include "points/point_chunk.h"
#include "points/point_log.h"
#include "points/series_catalogue.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace convops {
namespace {

using testing::ElementsAre;

Time const monday = *parse_time("2026-11-23T00:00:00Z");

// A store in memory that can be told to fail, with the bytes visible.
class BytesStore final : public Store {
public:
    std::map<ItemKey, Item> items;
    int commits_left = 1'000'000;

    Result<Item> get(ItemKey const& key, Time) override {
        auto const found = items.find(key);
        return found == items.end() ? Result<Item>(Error { ErrorKind::not_found, "none" })
                                    : Result<Item>(found->second);
    }
    Result<> commit(std::vector<Write> const& writes, Time now) override {
        if (commits_left-- <= 0)
            return Error { ErrorKind::unavailable, "killed" };
        EXPECT_LE(writes.size(), most_writes_in_transaction);
        for (auto const& write : writes) {
            EXPECT_LE(write.item.body.size(), most_item_bytes);
            EXPECT_LE(write.item.written_at, now) << "an item of the future would live too long";
            if (write.condition == Write::Condition::absent && items.contains(write.item.key))
                return Error { ErrorKind::conflict, "exists" };
        }
        for (auto const& write : writes)
            if (write.kind == Write::Kind::put)
                items[write.item.key] = write.item;
            else
                items.erase(write.item.key);
        return {};
    }
    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time) override {
        std::vector<Item> found;
        for (auto const& [key, item] : items)
            if (key.workspace == workspace && key.partition == partition && key.sort >= range.from
                && (range.to.empty() || key.sort < range.to) && found.size() < limit)
                found.push_back(item);
        return found;
    }
    Result<std::size_t> sweep(Time, std::size_t) override { return std::size_t { 0 }; }
};

SeriesKey series(std::string name, Seconds period = Seconds { 60 }) {
    return { "111122223333", "eu-west-1", { "AWS/RDS", std::move(name), { { "DBInstanceIdentifier", "orders" } } },
        "Average", "Percent", period };
}

std::unique_ptr<Datapoints> opened(Store& store, Time now = monday) {
    auto datapoints = Datapoints::open(store, WorkspaceId { "default" }, now);
    EXPECT_TRUE(datapoints) << datapoints.error().message;
    return std::move(*datapoints);
}

std::vector<double> values_of(std::vector<Point> const& points) {
    std::vector<double> values;
    for (auto const& point : points)
        values.push_back(point.value);
    return values;
}

TEST(Datapoints, WhatIsAppendedIsReadBeforeAndAfterFoldingAndByTheNextProcess) {
    BytesStore store;
    auto datapoints = opened(store);
    auto const cpu = datapoints->numbers_of(std::vector { series("CPUUtilization") }, monday)->front();
    std::vector<NewPoint> points;
    for (int i = 0; i < 5'000; ++i)
        points.push_back({ cpu, monday + Minutes { i }, i * 0.25 });
    auto const now = monday + Minutes { 5'000 };
    EXPECT_EQ(datapoints->append(points, now)->stored, 5'000U);
    Window const window { monday + Minutes { 100 }, monday + Minutes { 4'900 } };
    auto const fresh = *datapoints->scan(cpu, window, now);
    EXPECT_EQ(fresh.size(), 4'800U);
    ASSERT_TRUE(datapoints->fold(now));
    EXPECT_EQ(values_of(*datapoints->scan(cpu, window, now)), values_of(fresh));
    auto const next = opened(store, now);
    EXPECT_EQ(next->numbers_of(std::vector { series("CPUUtilization") }, now)->front(), cpu);
    EXPECT_EQ(values_of(*next->scan(cpu, window, now)), values_of(fresh));
}

TEST(Datapoints, TheSameTimestampAgainReplacesTheValueInEveryState) {
    BytesStore store;
    auto datapoints = opened(store);
    auto const cpu = datapoints->numbers_of(std::vector { series("CPUUtilization") }, monday)->front();
    auto const write = [&](double value) {
        ASSERT_TRUE(datapoints->append(std::vector<NewPoint> { { cpu, monday, value } }, monday + Minutes { 5 }));
    };
    auto const read
        = [&] { return values_of(*datapoints->scan(cpu, { monday, monday + Days { 1 } }, monday + Minutes { 5 })); };
    write(1);
    write(2);
    EXPECT_THAT(read(), ElementsAre(2));
    ASSERT_TRUE(datapoints->fold(monday + Minutes { 5 }));
    write(3);
    EXPECT_THAT(read(), ElementsAre(3));
    ASSERT_TRUE(datapoints->fold(monday + Minutes { 5 }));
    EXPECT_THAT(read(), ElementsAre(3));
}

TEST(Datapoints, LatePointsTakeTheirPlace) {
    BytesStore store;
    auto datapoints = opened(store);
    auto const cpu = datapoints->numbers_of(std::vector { series("CPUUtilization") }, monday)->front();
    auto const now = monday + Hours { 1 };
    ASSERT_TRUE(
        datapoints->append(std::vector<NewPoint> { { cpu, monday, 1 }, { cpu, monday + Minutes { 2 }, 3 } }, now));
    ASSERT_TRUE(datapoints->fold(now));
    ASSERT_TRUE(datapoints->append(std::vector<NewPoint> { { cpu, monday + Minutes { 1 }, 2 } }, now));
    EXPECT_THAT(values_of(*datapoints->scan(cpu, { monday, now }, now)), ElementsAre(1, 2, 3));
}

TEST(Datapoints, ACrashAtAnyCommitLosesNoAcknowledgedPoint) {
    for (int allowed = 0; allowed < 12; ++allowed) {
        BytesStore store;
        auto datapoints = opened(store);
        auto const numbers = *datapoints->numbers_of(std::vector { series("a"), series("b") }, monday);
        std::map<std::pair<std::uint32_t, Time>, double> acknowledged;
        auto const now = monday + Hours { 1 };
        store.commits_left = allowed;
        for (int round = 0; round < 8; ++round) {
            std::vector<NewPoint> batch;
            for (auto const& number : numbers)
                batch.push_back({ number, monday + Minutes { round / 2 }, round + 0.5 });
            if (datapoints->append(batch, now))
                for (auto const& point : batch)
                    acknowledged[{ point.series.number, point.at }] = point.value;
            if (round % 3 == 2)
                static_cast<void>(datapoints->fold(now));
        }
        store.commits_left = 1'000'000;
        auto const next = opened(store, now);
        for (auto const& [place, value] : acknowledged) {
            auto const points = *next->scan({ place.first }, { place.second, place.second + Minutes { 1 } }, now);
            ASSERT_EQ(points.size(), 1U) << "after " << allowed << " commits";
            EXPECT_EQ(points[0].value, value) << "after " << allowed << " commits";
        }
    }
}

TEST(Datapoints, OlderThanThirtyDaysIsNeitherTakenNorReadNorKept) {
    BytesStore store;
    auto datapoints = opened(store);
    auto const cpu = datapoints->numbers_of(std::vector { series("CPUUtilization") }, monday)->front();
    std::vector<NewPoint> points;
    for (int i = 0; i < 1'000; ++i)
        points.push_back({ cpu, monday + Minutes { i }, i * 1.0 });
    ASSERT_TRUE(datapoints->append(points, monday + Minutes { 1'000 }));
    ASSERT_TRUE(datapoints->fold(monday + Minutes { 1'000 }));
    auto const later = monday + Days { 30 } + Minutes { 500 };
    EXPECT_EQ(datapoints->append(points, later)->too_old, 500U);
    EXPECT_EQ(datapoints->scan(cpu, { monday, later }, later)->size(), 500U);
    auto fresh = opened(store, later);
    EXPECT_EQ(*fresh->trim(later, 10), 1U);
    EXPECT_EQ(*fresh->trim(later, 10), 0U);
    EXPECT_EQ(fresh->append(std::vector<NewPoint> { { cpu, later + Days { 2 }, 1 } }, later)->in_the_future, 1U);
}

TEST(Datapoints, AnUnknownSeriesStoresNothing) {
    BytesStore store;
    auto datapoints = opened(store);
    EXPECT_EQ(datapoints->append(std::vector<NewPoint> { { { 7 }, monday, 1 } }, monday).error().kind,
        ErrorKind::invalid_input);
    EXPECT_EQ(
        datapoints->scan({ 0 }, { monday, monday + Days { 1 } }, monday).error().kind, ErrorKind::invalid_input);
}

TEST(Datapoints, DownsamplingNeverHidesASpike) {
    BytesStore store;
    auto datapoints = opened(store);
    auto const cpu = datapoints->numbers_of(std::vector { series("CPUUtilization") }, monday)->front();
    std::vector<NewPoint> points;
    for (int i = 0; i < 600; ++i)
        points.push_back({ cpu, monday + Minutes { i }, i == 333 ? 99.0 : 1.0 });
    auto const now = monday + Hours { 10 };
    ASSERT_TRUE(datapoints->append(points, now));
    auto const buckets = *datapoints->downsample(cpu, { monday, now }, Hours { 1 }, now);
    ASSERT_EQ(buckets.size(), 10U);
    EXPECT_EQ(buckets[5].most, 99.0);
    EXPECT_EQ(buckets[5].least, 1.0);
}

// Every kind of double, regular and irregular times.
PointColumns any_points(std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    PointColumns points;
    auto at = monday;
    auto const count = 1 + dice() % 600;
    auto const kind = dice() % 8;
    double const odd[] = { 0.0, -0.0, std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(),
        std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max(),
        std::numeric_limits<double>::lowest(), 0.1 + 0.2, 9007199254740993.0, 1e300, -1e-300 };
    for (std::uint64_t i = 0; i < count; ++i) {
        points.at.push_back(at);
        at += kind == 3 ? Milliseconds { 1 + static_cast<int>(dice() % 100'000) }
                        : Milliseconds { 60'000 * (1 + static_cast<int>(dice() % 20 == 0)) };
        switch (kind) {
        case 0:
            points.values.push_back(std::bit_cast<double>(dice()));
            break;
        case 1:
            points.values.push_back(static_cast<double>(dice() % 10'000) / 100);
            break;
        case 2:
            points.values.push_back(odd[dice() % std::size(odd)]);
            break;
        case 4:
            points.values.push_back(static_cast<double>(static_cast<std::int64_t>(dice() % 1'000)) - 500);
            break;
        case 5: // few values, one of them odd
            points.values.push_back(
                i % 17 == 0 ? odd[dice() % std::size(odd)] : static_cast<double>(dice() % 5) * 0.067);
            break;
        case 6:
            points.values.push_back((static_cast<double>(dice() % 100'000) / 10) / 100);
            break;
        default:
            points.values.push_back(static_cast<double>(dice() % 7));
        }
    }
    return points;
}

TEST(PointChunk, EveryDoubleComesBackBitForBit) {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        auto const points = any_points(seed);
        auto const back = decode_chunk(encode_chunk(points));
        ASSERT_TRUE(back) << seed;
        ASSERT_EQ(back->at, points.at) << seed;
        for (std::size_t i = 0; i < points.size(); ++i)
            ASSERT_EQ(std::bit_cast<std::uint64_t>(back->values[i]), std::bit_cast<std::uint64_t>(points.values[i]))
                << seed << " " << i;
    }
}

TEST(PointChunk, DamageIsFoundAndNeverCrashes) {
    auto const good = encode_chunk(any_points(1));
    std::mt19937_64 dice(5);
    for (int i = 0; i < 3'000; ++i) {
        auto bytes = good;
        bytes[dice() % bytes.size()] ^= static_cast<char>(1U << (dice() % 8));
        EXPECT_FALSE(decode_chunk(bytes));
        auto const behind = with_checksum(bytes.substr(4)); // past the checksum: the decoder itself must stand
        static_cast<void>(decode_chunk(behind));
        static_cast<void>(decode_chunk(std::string_view(bytes).substr(0, dice() % bytes.size())));
    }
}

// Bytes of version 1, as the first release wrote them: they stay readable.
TEST(PointChunk, TheBytesOfVersionOneStayReadable) {
    PointColumns points;
    for (int i = 0; i < 8; ++i) {
        points.at.push_back(monday + Minutes { i });
        points.values.push_back(i % 2 == 0 ? 1.25 : 7.5);
    }
    std::string bytes;
    for (auto const* at = "ba142fc6010880c09edbc068e0d40302047d0202000a00ff3110029b44"; *at != 0; at += 2)
        bytes += static_cast<char>(std::stoi(std::string(at, 2), nullptr, 16));
    auto const back = decode_chunk(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, points);
}

TEST(PointLog, ABatchComesBackAndDamageIsFound) {
    std::vector<NewPoint> const points { { { 1 }, monday, 1.5 }, { { 2 }, monday, -0.0 },
        { { 9'000 }, monday - Minutes { 5 }, 1e300 } };
    auto const bytes = encode_log_item(points);
    auto const back = decode_log_item(bytes);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->size(), 3U);
    EXPECT_EQ((*back)[2].series.number, 9'000U);
    EXPECT_EQ((*back)[2].at, monday - Minutes { 5 });
    EXPECT_TRUE(std::signbit((*back)[1].value));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto damaged = bytes;
        damaged[i] ^= 1;
        EXPECT_FALSE(decode_log_item(damaged));
    }
}

TEST(SeriesCatalogue, APageComesBack) {
    std::vector const keys { series("a"), series("b \n\x01", Seconds { 300 }) };
    EXPECT_EQ(*decode_catalogue_page(encode_catalogue_page(keys)), keys);
    EXPECT_FALSE(decode_catalogue_page("{}"));
    EXPECT_FALSE(decode_catalogue_page(R"({"v": 1, "series": [{"period": 0}]})"));
}

} // namespace
} // namespace convops
