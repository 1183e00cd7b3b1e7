#include "app/bench_store.h"

#include "adapters/clock/system_clock.h"
#include "adapters/sqlite/sqlite_store.h"
#include "base/text.h"
#include "points/datapoints.h"
#include "points/point_chunk.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

namespace convops {

namespace {

constexpr Time start
    = Time { std::chrono::milliseconds { 1'767'225'600'000 } }; // 2026-01-01: any date, always the same
constexpr std::size_t minutes_in_batch = 100;
constexpr double minutes_a_day = 1'440;

struct BenchSeries {
    SeriesKey key;
    std::vector<Point> points;
};

double rounded(double value, int digits) {
    auto const power = std::pow(10.0, digits);
    return std::round(value * power) / power;
}

// What CloudWatch accounts are made of, in about the shares of a web application: load averages in hundredths of a
// percent, counts that follow the day, bytes, latencies, sparse errors, and things that hardly ever change.
class Fleet {
public:
    explicit Fleet(std::size_t minutes)
        : minutes_(minutes) { }

    BenchSeries make(std::size_t number) {
        BenchSeries series;
        series.key = { "111122223333", "eu-west-1",
            { "Fleet", "metric-" + std::to_string(number % kinds), { { "Id", std::to_string(number) } } }, "Average",
            "", Seconds { 60 } };
        std::mt19937_64 dice(number + 1);
        std::normal_distribution<double> normal;
        double const size = std::exp(normal(dice)); // some are large, most are small
        double walk = 0;
        for (std::size_t minute = 0; minute < minutes_; ++minute) {
            double const day = 0.6 + 0.4 * std::sin(2 * 3.14159265 * static_cast<double>(minute) / minutes_a_day);
            walk = 0.98 * walk + normal(dice) * 0.2;
            double const level = size * day * (1 + 0.1 * walk);
            series.points.push_back({ start + Minutes { minute }, value(number % kinds, level, walk, dice, normal) });
        }
        // Datapoints are missing now and then, and a quiet metric has none at all for hours.
        if (number % 7 == 3)
            std::erase_if(series.points, [&](Point const&) { return dice() % 200 == 0; });
        return series;
    }

private:
    static constexpr std::size_t kinds = 10;
    static double value(std::size_t kind, double level, double walk, std::mt19937_64& dice,
        std::normal_distribution<double>& normal) {
        auto const poisson = [&](double mean) {
            return static_cast<double>(std::poisson_distribution<int>(std::max(mean, 1e-9))(dice));
        };
        switch (kind) {
        case 0: // processor, hundredths of a percent
            return rounded(std::clamp(20 * level + normal(dice), 0.0, 100.0), 2);
        case 1: // requests
            return poisson(200 * level);
        case 2: // errors: mostly none
            return poisson(0.02 * level);
        case 3: // bytes sent
            return std::round(1e5 * level * (1 + 0.05 * normal(dice)));
        case 4: // latency in seconds, six digits
            return rounded(0.05 * (1 + 0.2 * std::abs(walk)) + 0.002 * std::abs(normal(dice)), 6);
        case 5: // running tasks
            return std::floor(4 + 2 * level);
        case 6: // free storage, falling slowly
            return std::round((5e10 - 1e6 * level) / 4096) * 4096;
        case 7: // status checks, healthy hosts
            return 0;
        case 8: // connections
            return std::floor(30 * level + walk);
        default: // messages in a queue
            return poisson(1 + std::max(0.0, walk));
        }
    }
    std::size_t minutes_;
};

Result<std::vector<BenchSeries>> read_nab(std::string const& folder) {
    std::vector<BenchSeries> all;
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder, error))
        if (entry.path().extension() == ".csv")
            files.push_back(entry.path());
    if (error || files.empty())
        return Error { ErrorKind::not_found, "--nab " + folder + ": no CSV files there" };
    std::sort(files.begin(), files.end());
    for (auto const& file : files) {
        BenchSeries series;
        series.key
            = { "111122223333", "eu-west-1", { "NAB", file.stem().string(), {} }, "Average", "", Seconds { 300 } };
        std::ifstream in(file);
        std::string line;
        std::getline(in, line);
        while (std::getline(in, line)) {
            auto const comma = line.find(',');
            if (comma == std::string::npos)
                return Error { ErrorKind::invalid_input, file.string() + ": a line without a comma" };
            // Dates lie years apart: the store keeps 30 days, so the values are put into the present, five minutes
            // apart as they were.
            series.points.push_back(
                { start + Minutes { 5 } * series.points.size(), std::strtod(line.c_str() + comma + 1, nullptr) });
        }
        all.push_back(std::move(series));
    }
    return all;
}

double chunk_bytes(std::span<BenchSeries const> all) {
    constexpr std::size_t in_chunk = 2'880;
    std::size_t bytes = 0, points = 0;
    for (auto const& series : all)
        for (std::size_t first = 0; first < series.points.size(); first += in_chunk) {
            PointColumns columns;
            for (std::size_t i = first; i < std::min(series.points.size(), first + in_chunk); ++i) {
                columns.at.push_back(series.points[i].at);
                columns.values.push_back(series.points[i].value);
            }
            bytes += encode_chunk(columns).size();
            points += columns.size();
        }
    return points == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(points);
}

Result<std::size_t> append_all(
    Datapoints& store, std::span<BenchSeries const> all, std::span<SeriesNumber const> numbers, Time& now) {
    std::size_t appended = 0;
    std::vector<std::size_t> next(all.size(), 0);
    for (auto until = start + Minutes { minutes_in_batch };; until += Minutes { minutes_in_batch }) {
        std::vector<NewPoint> batch;
        bool more = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& points = all[i].points;
            for (; next[i] < points.size() && points[next[i]].at < until; ++next[i])
                batch.push_back({ numbers[i], points[next[i]].at, points[next[i]].value });
            more = more || next[i] < points.size();
        }
        now = until;
        if (!batch.empty())
            appended += TRY(store.append(batch, now)).stored;
        if (!more)
            return appended;
    }
}

Result<std::size_t> scan_all(
    Datapoints& store, std::span<BenchSeries const> all, std::span<SeriesNumber const> numbers, Time now) {
    std::size_t scanned = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const points = TRY(store.scan(numbers[i], { start, now + Days { 1 } }, now));
        scanned += points.size();
        if (points.size() != all[i].points.size())
            return Error { ErrorKind::corrupt, "the store lost datapoints of " + all[i].key.metric.name };
        for (std::size_t k = 0; k < points.size(); ++k)
            if (points[k].at != all[i].points[k].at
                || std::bit_cast<std::uint64_t>(points[k].value)
                    != std::bit_cast<std::uint64_t>(all[i].points[k].value))
                return Error { ErrorKind::corrupt, "a datapoint came back changed, of " + all[i].key.metric.name };
    }
    return scanned;
}

Result<> write_lines(std::string const& file, std::span<BenchSeries const> all) {
    std::ofstream out(file);
    for (std::size_t i = 0; i < all.size(); ++i)
        for (auto const& point : all[i].points) {
            char line[96];
            std::snprintf(line, sizeof line, "%zu,%lld,%.17g\n", i,
                static_cast<long long>(point.at.time_since_epoch().count()), point.value);
            out << line;
        }
    return out ? Result<>() : Result<>(Error { ErrorKind::unavailable, file + " can not be written" });
}

} // namespace

Result<StoreFigures> bench_store(StoreBenchOptions const& options) {
    std::vector<BenchSeries> all;
    Fleet fleet(options.points);
    for (std::size_t i = 0; i < options.series; ++i)
        all.push_back(fleet.make(i));
    StoreFigures figures;
    figures.fleet_bytes_per_point = chunk_bytes(all);
    if (!options.nab.empty()) {
        auto nab = TRY(read_nab(options.nab));
        figures.nab_bytes_per_point = chunk_bytes(nab);
        for (auto& series : nab) {
            figures.nab_points += series.points.size();
            all.push_back(std::move(series));
        }
    }
    figures.bytes_per_point = chunk_bytes(all);
    if (!options.export_to.empty())
        TRY(write_lines(options.export_to, all));

    SystemClock clock;
    auto const folder = std::filesystem::temp_directory_path()
        / ("convops-bench-store-" + std::to_string(clock.now().time_since_epoch().count()));
    std::filesystem::create_directories(folder);
    auto const file = (folder / "points.sqlite").string();
    auto const measured = [&]() -> Result<> {
        auto sqlite = TRY(open_sqlite_store(file));
        auto now = start;
        auto store = TRY(Datapoints::open(*sqlite, WorkspaceId { "bench" }, now));
        std::vector<SeriesKey> keys;
        for (auto const& series : all)
            keys.push_back(series.key);
        auto const numbers = TRY(store->numbers_of(keys, now));
        auto const seconds_since = [&](std::chrono::nanoseconds began) {
            return std::chrono::duration<double>(clock.monotonic() - began).count();
        };
        auto began = clock.monotonic();
        figures.points = TRY(append_all(*store, all, numbers, now));
        TRY(store->fold(now));
        figures.append_points_per_second = static_cast<double>(figures.points) / seconds_since(began);
        began = clock.monotonic();
        auto const scanned = TRY(scan_all(*store, all, numbers, now));
        figures.scan_points_per_second = static_cast<double>(scanned) / seconds_since(began);
        return {};
    }();
    if (measured)
        figures.file_bytes_per_point
            = static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(figures.points);
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    TRY(measured);
    return figures;
}

} // namespace convops
