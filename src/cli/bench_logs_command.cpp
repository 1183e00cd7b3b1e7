#include "app/bench_logs.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int bench_logs_command(BenchLogsArguments const& arguments) {
    auto const bench = mine_log_file(arguments.in, arguments.out);
    if (!bench)
        return report(bench.error());
    auto const rate = [&](double seconds) { return seconds > 0 ? std::round(double(bench->lines) / seconds) : 0.0; };
    auto const mining = bench->mine_seconds + bench->group_seconds;
    Json const figures = JsonObject { { "lines", bench->lines }, { "bytes", bench->bytes },
        { "patterns", bench->patterns }, { "lines_per_second", rate(mining) },
        { "read_seconds", bench->read_seconds }, { "mine_seconds", bench->mine_seconds },
        { "mine_cpu_seconds", bench->mine_cpu_seconds }, { "lines_per_cpu_second", rate(bench->mine_cpu_seconds) },
        { "group_seconds", bench->group_seconds }, { "write_seconds", bench->write_seconds },
        { "lines_per_second_with_files", rate(mining + bench->read_seconds + bench->write_seconds) },
        { "miner_bytes", bench->miner_bytes }, { "rss_mb", bench->rss_mb } };
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
