#include "app/bench_store.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int bench_store_command(BenchStoreArguments const& arguments) {
    StoreBenchOptions options;
    options.nab = arguments.nab;
    options.export_to = arguments.export_to;
    options.series = static_cast<std::size_t>(arguments.series);
    options.points = static_cast<std::size_t>(arguments.points);
    auto const figures = bench_store(options);
    if (!figures)
        return report(figures.error());
    Json const json { { "append_points_per_second", figures->append_points_per_second },
        { "scan_points_per_second", figures->scan_points_per_second },
        { "bytes_per_point", figures->bytes_per_point }, { "fleet_bytes_per_point", figures->fleet_bytes_per_point },
        { "nab_bytes_per_point", figures->nab_points == 0 ? Json(nullptr) : Json(figures->nab_bytes_per_point) },
        { "file_bytes_per_point", figures->file_bytes_per_point }, { "points", figures->points }, { "peer", nullptr },
        { "peer_reason", "./x bench store runs the peer beside this" } };
    std::printf("%s\n", to_text(json).c_str());
    return 0;
}

} // namespace convops
