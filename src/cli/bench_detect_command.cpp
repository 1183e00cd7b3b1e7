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
    auto const speed
        = time_detector(static_cast<std::size_t>(arguments.series), static_cast<std::size_t>(arguments.points));
    if (!speed)
        return report(speed.error());
    Json const figures = JsonObject { { "points_per_second", speed->points_per_second },
        { "bytes_per_series", detector_bytes }, { "points", speed->points }, { "opened", speed->opened },
        { "peer", nullptr }, { "peer_reason", "the peer is started by tools/bench, which is not written yet" } };
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
