#include "watch/polling.h"

#include "metrics/data.h"

#include <algorithm>
#include <map>

namespace convops {

std::vector<PollBatch> plan_polls(std::span<SeriesProgress const> progress, Time now, PollPolicy const& policy) {
    // Whoever fell behind by about the same time shares a batch: its window is as long as the longest needs.
    constexpr Seconds coarse = Hours { 6 };
    auto const until = floor_to(now, policy.period);
    auto const oldest = until - policy.kept_by_source;
    std::map<Time, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < progress.size(); ++i) {
        auto const& one = progress[i];
        if (one.read_until >= until)
            continue;
        auto from = one.read_until == Time {} ? until - policy.first_look : one.read_until - policy.late;
        if (until - from > policy.late + coarse)
            from = floor_to(from, coarse);
        groups[std::max(floor_to(from, policy.period), oldest)].push_back(i);
    }
    // A group whose window differs by a poll or two only joins the longer one: more calls cost more than more points.
    std::vector<PollBatch> batches;
    for (auto& [from, series] : groups) {
        bool const near
            = !batches.empty() && from - batches.back().window.from <= policy.late && until - from <= coarse;
        if (!near) {
            batches.push_back({ { from, until }, std::move(series) });
            continue;
        }
        auto& joined = batches.back().series;
        joined.insert(joined.end(), series.begin(), series.end());
        std::ranges::sort(joined);
    }
    return batches;
}

} // namespace convops
