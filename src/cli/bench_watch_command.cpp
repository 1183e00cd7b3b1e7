#include "app/bench_watch.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int bench_watch_command(BenchWatchArguments const& arguments) {
    auto const load = measure_watch(static_cast<std::size_t>(arguments.series), arguments.hours);
    if (!load)
        return report(load.error());
    Json const figures = JsonObject { { "series", load->series }, { "simulated_hours", load->simulated_hours },
        { "share_of_core", load->share_of_core }, { "cpu_seconds", load->cpu_seconds },
        { "first_look_cpu_seconds", load->first_look_cpu_seconds }, { "rss_mb", load->rss_mb },
        { "state_mb", load->megabytes_of_state }, { "points", load->points }, { "calls", load->calls },
        { "anomalies", load->anomalies } };
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
