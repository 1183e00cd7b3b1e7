#include "app/bench_watch.h"

#include "adapters/sqlite/sqlite_store.h"
#include "app/watch_points.h"

#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <unistd.h>

namespace convops {

namespace {

constexpr Seconds minute { 60 };
constexpr int first_points = 300; // more than a series needs before it is judged
constexpr std::size_t saved_within = 15; // polls, as in the server

double cpu_now() {
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

double rss_megabytes() {
    long pages = 0;
    if (auto* file = std::fopen("/proc/self/statm", "r")) {
        long size = 0;
        if (std::fscanf(file, "%ld %ld", &size, &pages) != 2)
            pages = 0;
        std::fclose(file);
    }
    return double(pages) * double(sysconf(_SC_PAGESIZE)) / 1e6;
}

// Queues whose values are a daily wave and noise. The answers are text, as they would come off the wire.
class ManyQueues final : public Aws {
public:
    explicit ManyQueues(std::size_t count)
        : count_(count) { }

    double making_seconds = 0; // of the answers' text

    Result<Json> call(AwsCall const& call) override {
        auto const began = cpu_now();
        auto const text = call.operation == "ListMetrics" ? list(call) : points(call);
        making_seconds += cpu_now() - began;
        ++calls_;
        return parse_json(text, { .bytes = std::size_t { 64 } << 20, .depth = 64 });
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<Result<Json>> answers;
        for (auto const& each : calls)
            answers.push_back(call(each));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return "111122223333"; }
    [[nodiscard]] std::string region() const override { return "eu-west-1"; }

private:
    [[nodiscard]] std::string list(AwsCall const& call) const {
        constexpr std::size_t page = 500;
        auto const from = std::size_t(integer_at(Json(call.params), "NextToken").value_or(0));
        std::string text = R"({"Metrics":[)";
        for (auto i = from; i < std::min(count_, from + page); ++i)
            text += (i == from ? "" : ",")
                + std::string(R"({"Namespace":"AWS/SQS","MetricName":"ApproximateAgeOfOldestMessage","Dimensions":)")
                + R"([{"Name":"QueueName","Value":"queue-)" + std::to_string(i) + "\"}]}";
        text += "]";
        if (from + page < count_)
            text += ",\"NextToken\":\"" + std::to_string(from + page) + "\"";
        return text + "}";
    }
    static double value(std::size_t series, std::int64_t at) {
        auto state = std::uint64_t(series) * 0x9E3779B97F4A7C15ULL ^ std::uint64_t(at) * 0xBF58476D1CE4E5B9ULL;
        double sum = 0;
        for (int i = 0; i < 4; ++i) {
            state ^= state >> 29;
            state *= 0x94D049BB133111EBULL;
            sum += double(state >> 11) / 9007199254740992.0;
        }
        auto const hour = double(at) / 3600;
        return 100 + 20 * std::sin(hour * 0.2618) + 5 * (sum - 2);
    }
    [[nodiscard]] static std::string points(AwsCall const& call) {
        Json const params(call.params);
        auto const from = *time_at(params, "StartTime");
        auto const until = *time_at(params, "EndTime");
        std::string times = "[";
        for (auto at = from; at < until; at += minute)
            times += (at == from ? "\"" : ",\"") + format_time(at) + "\"";
        times += "]";
        std::string text = R"({"MetricDataResults":[)";
        bool first = true;
        for (auto const& query : list_at(params, "MetricDataQueries")) {
            auto const id = text_at(query, "Id");
            auto const series = std::size_t(std::atoll(id.c_str() + 1));
            text += (first ? "" : ",") + std::string(R"({"Id":")") + id + R"(","Timestamps":)" + times
                + R"(,"Values":[)";
            first = false;
            for (auto at = from; at < until; at += minute) {
                std::array<char, 32> number {};
                std::snprintf(number.data(), number.size(), "%s%.2f", at == from ? "" : ",",
                    value(series, at.time_since_epoch() / Seconds { 1 }));
                text += number.data();
            }
            text += "]}";
        }
        return text + "]}";
    }

    std::size_t count_;
    int calls_ = 0;
};

} // namespace

Result<WatchLoad> measure_watch(std::size_t series, double hours) {
    WatcherSettings settings;
    settings.rules.most_metrics = series;
    settings.budget.usd_a_month = 1e9; // the machine is measured, not the bill
    settings.first_points = first_points;
    Watcher watcher(settings);
    ManyQueues aws(series);
    auto now = Time { Milliseconds { 1'795'464'000'000 } };
    WatchLoad load;
    load.series = series;
    auto began = cpu_now();
    watcher.discover(aws, now);
    watcher.poll(aws, now);
    load.first_look_cpu_seconds = cpu_now() - began - std::exchange(aws.making_seconds, 0);
    if (watcher.size() != series || watcher.learning() > 0)
        return Error { ErrorKind::unavailable, "the series were not read" };
    auto const folder = std::filesystem::temp_directory_path() / ("convops-bench-watch-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    auto const store = TRY(open_sqlite_store((folder / "points.sqlite").string()));
    auto const points = TRY(WatchPoints::open(*store, WorkspaceId { "bench" }, now));
    watcher.on_points([&](WatchedMetric const& metric, Seconds period, PolledSeries const& polled) {
        points->take("111122223333", "eu-west-1", metric, period, polled, now);
    });
    began = cpu_now();
    auto const polls = static_cast<std::size_t>(hours * 60);
    std::size_t next = 0;
    for (std::size_t i = 0; i < polls; ++i) {
        now += minute;
        auto const pass = watcher.poll(aws, now);
        TRY(points->flush(now));
        load.points += pass.points;
        load.calls += std::size_t(pass.calls);
        load.anomalies += pass.ripe.size() + pass.healed.size();
        for (std::size_t saved = 0; saved < series / saved_within + 1; ++saved)
            load.megabytes_of_state += double(watcher.series(next++ % series).saved().size());
    }
    load.cpu_seconds = cpu_now() - began - aws.making_seconds;
    load.simulated_hours = double(polls) / 60;
    load.share_of_core = load.cpu_seconds / (double(polls) * 60);
    load.megabytes_of_state = load.megabytes_of_state / double(next) * double(series) / 1e6;
    load.rss_mb = rss_megabytes();
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    return load;
}

} // namespace convops
