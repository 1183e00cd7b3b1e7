// The datapoint store: 30 days of datapoints of each watched metric, as compressed chunks per series behind the port
// Store, so that SQLite and DynamoDB hold the same bytes. A datapoint that append() acknowledged is readable at once,
// and after a crash at any moment. What a reader must know: one process writes a workspace; the points since the last
// fold() live in an append log (many series in one item) and in memory, older ones in chunks.
// docs/decisions/0050-datapoint-chunks.md
#pragma once

#include "model/metric.h"
#include "points/downsample.h"
#include "ports/store.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>

namespace convops {

// What a series is: the same metric with another statistic, unit or period is another series.
struct SeriesKey {
    std::string account; // "123456789012"
    std::string region;
    MetricId metric;
    std::string statistic; // "Average", "Sum", "p99"
    std::string unit; // CloudWatch's; may be empty
    Seconds period { 60 };
    auto operator<=>(SeriesKey const&) const = default;
};

// The short name of a series within its workspace. Never given twice.
struct SeriesNumber {
    std::uint32_t number = 0;
    auto operator<=>(SeriesNumber const&) const = default;
};

struct NewPoint {
    SeriesNumber series;
    Time at; // start of its period
    double value = 0; // any double comes back bit for bit
};

struct Appended {
    std::size_t stored = 0;
    std::size_t too_old = 0; // older than what is kept: dropped
    std::size_t in_the_future = 0; // more than a day ahead: no datapoint has such a time; dropped
};

inline constexpr std::size_t most_series_in_workspace = 400'000;
inline constexpr std::size_t most_points_in_batch = 1'000'000;
inline constexpr std::size_t points_before_fold = 2'000'000; // 32 MB in memory
inline constexpr Hours furthest_ahead { 24 };

class Datapoints {
public:
    // Reads the catalogue and what the append log holds. The store outlives the object.
    static Result<std::unique_ptr<Datapoints>> open(Store& store, WorkspaceId workspace, Time now);
    ~Datapoints();

    // The numbers of these series, in order; new ones enter the catalogue (durable when this returns).
    Result<std::vector<SeriesNumber>> numbers_of(std::span<SeriesKey const> keys, Time now);
    // Each series of the catalogue.
    [[nodiscard]] std::vector<std::pair<SeriesNumber, SeriesKey>> catalogue() const;

    // Durable and readable when it returns. The same timestamp again replaces the value: the last write wins, also
    // within a batch. invalid_input for a number that is not in the catalogue or too large a batch: nothing is
    // stored then.
    Result<Appended> append(std::span<NewPoint const> points, Time now);

    // Ascending, one point a timestamp, only those within the window and not older than what is kept.
    Result<std::vector<Point>> scan(SeriesNumber series, Window window, Time now);
    // For charts: never hides a spike. A bucket without datapoints is absent, not zero.
    Result<std::vector<PointBucket>> downsample(SeriesNumber series, Window window, Milliseconds bucket, Time now);

    // Moves what the log holds into chunks; append() calls it when points_before_fold wait.
    Result<> fold(Time now);
    // Re-encodes the chunks that hold datapoints older than what is kept, at most `limit` series a call, the next
    // ones at the next call. Chunks of which all is too old go with Store::sweep. The number of chunks rewritten.
    Result<std::size_t> trim(Time now, std::size_t limit);

private:
    struct Inside;
    explicit Datapoints(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

} // namespace convops
