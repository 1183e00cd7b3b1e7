// points_writer write FOLDER FIRST: appends batches for ever, prints the number of each once it is acknowledged.
// points_writer check FOLDER LAST: every datapoint of batches 0..LAST is there; of the batch behind it, all or none.
#include "adapters/sqlite/sqlite_store.h"
#include "points/datapoints.h"

#include <cstdio>
#include <cstdlib>

namespace convops {
namespace {

constexpr std::uint32_t series = 50;
constexpr int folded_every = 7;
Time const start { std::chrono::milliseconds { 1'795'219'200'000 } };

double value_of(std::uint32_t number, long batch) {
    return static_cast<double>(number) * 0.01 + static_cast<double>(batch % 997);
}

Time time_of(long batch) {
    return start + Minutes { batch % 20'000 };
}

Result<std::unique_ptr<Datapoints>> open(Store& store) {
    auto datapoints = TRY(Datapoints::open(store, WorkspaceId { "kill" }, start));
    std::vector<SeriesKey> keys;
    for (std::uint32_t i = 0; i < series; ++i)
        keys.push_back(
            { "111122223333", "eu-west-1", { "Kill", std::to_string(i), {} }, "Average", "", Seconds { 60 } });
    TRY(datapoints->numbers_of(keys, start));
    return datapoints;
}

Result<int> write(std::string const& folder, long first) {
    auto store = TRY(open_sqlite_store(folder + "/points.sqlite"));
    auto datapoints = TRY(open(*store));
    for (long batch = first;; ++batch) {
        std::vector<NewPoint> points;
        for (std::uint32_t i = 1; i <= series; ++i)
            points.push_back({ { i }, time_of(batch), value_of(i, batch) });
        TRY(datapoints->append(points, time_of(batch)));
        std::printf("%ld\n", batch);
        std::fflush(stdout);
        if (batch % folded_every == 0)
            TRY(datapoints->fold(time_of(batch)));
    }
}

Result<int> check(std::string const& folder, long last) {
    auto store = TRY(open_sqlite_store(folder + "/points.sqlite"));
    auto datapoints = TRY(open(*store));
    auto const now = time_of(last + 1);
    std::size_t beyond = 0;
    for (std::uint32_t i = 1; i <= series; ++i) {
        auto const points = TRY(datapoints->scan({ i }, { start, now + Minutes { 1 } }, now));
        auto const whole = static_cast<std::size_t>(last) + 1;
        if (points.size() < whole || points.size() > whole + 1)
            return 1;
        beyond += points.size() - whole;
        for (std::size_t batch = 0; batch < points.size(); ++batch)
            if (points[batch].at != time_of(static_cast<long>(batch))
                || points[batch].value != value_of(i, static_cast<long>(batch)))
                return 1;
    }
    return beyond == 0 || beyond == series ? 0 : 1;
}

} // namespace
} // namespace convops

int main(int count, char** words) {
    if (count != 4)
        return 2;
    auto const done = std::string_view(words[1]) == "write" ? convops::write(words[2], std::atol(words[3]))
                                                            : convops::check(words[2], std::atol(words[3]));
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return done ? *done : 3;
}
