#include "app/bench_storm.h"
#include "cli/commands.h"

#include <csignal>
#include <cstdio>

namespace convops {

int bench_storm_command(BenchStormArguments const& arguments) {
    std::signal(SIGPIPE, SIG_IGN);
    auto const file = arguments.recording.empty() ? default_recording() : Result<std::string>(arguments.recording);
    if (!file)
        return report(file.error());
    auto account = load_recorded_account(*file);
    if (!account)
        return report(account.error());
    auto const figures = run_storm(std::make_shared<RecordedAccount const>(std::move(*account)),
        { arguments.alarms, arguments.seconds, arguments.slow_connections });
    if (!figures)
        return report(figures.error());
    for (auto const& loss : figures->losses)
        std::fprintf(stderr, "lost: %s\n", loss.c_str());
    JsonObject line { { "alarms", figures->alarms }, { "lost", figures->lost }, { "ack_p50_ms", figures->ack_p50_ms },
        { "ack_p99_ms", figures->ack_p99_ms }, { "rss_mb", figures->rss_mb }, { "seconds", figures->seconds },
        { "ack_max_ms", figures->ack_max_ms }, { "duplicates", figures->duplicates }, { "retried", figures->retried },
        { "incidents", figures->incidents }, { "investigated", figures->investigated },
        { "messages", figures->messages } };
    if (arguments.slow_connections > 0) {
        line["slow_connections"] = arguments.slow_connections;
        line["slow_cut"] = figures->slow_cut;
    }
    std::printf("%s\n", to_text(line).c_str());
    return figures->lost == 0 ? 0 : 1;
}

} // namespace convops
