#include "app/bench_detect.h"
#include "base/json.h"
#include "cli/commands.h"
#include "watch/detector.h"

#include <cstdio>

namespace convops {

int bench_nab_command(BenchNabArguments const& arguments) {
    auto const files = score_nab(arguments.data, arguments.out);
    if (!files)
        return report(files.error());
    std::printf("%s\n", to_text(JsonObject { { "files", *files }, { "threshold", anomaly_threshold } }).c_str());
    return 0;
}

int bench_detect_command(BenchDetectArguments const& arguments) {
    if (arguments.generated > 0) {
        for (auto const period : { Seconds { 60 }, Seconds { 300 } }) {
            auto const figures = judge_generated(static_cast<std::size_t>(arguments.generated), period);
            if (!figures)
                return report(figures.error());
            std::printf("%s\n", to_text(*figures).c_str());
        }
        return 0;
    }
    auto const series
        = curves(static_cast<std::size_t>(arguments.series), static_cast<std::size_t>(arguments.points));
    auto const speed = time_detector(series);
    if (!speed)
        return report(speed.error());
    JsonObject figures { { "points_per_second", speed->points_per_second },
        { "points_per_wall_second", speed->points_per_wall_second }, { "bytes_per_series", detector_bytes },
        { "points", speed->points }, { "opened", speed->opened }, { "peer", nullptr } };
    // The first of the same series are enough to time a peer that is a hundred times slower.
    auto const few = std::span { series }.first(std::max<std::size_t>(1, series.size() / 50));
    if (auto const peer = time_peer(arguments.peer, { few.begin(), few.end() }))
        figures["peer"] = *peer;
    else
        figures["peer_reason"] = peer.error().message;
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
