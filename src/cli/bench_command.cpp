#include "app/bench_investigate.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int bench_investigate_command(BenchInvestigateArguments const& arguments) {
    auto const file = arguments.recording.empty() ? default_recording() : Result<std::string>(arguments.recording);
    if (!file)
        return report(file.error());
    auto account = load_recorded_account(*file);
    if (!account)
        return report(account.error());
    auto const times = time_investigations(std::make_shared<RecordedAccount const>(std::move(*account)),
        arguments.runs, Milliseconds { arguments.latency_ms },
        Crowd { arguments.resources, arguments.metrics, arguments.log_lines });
    if (!times)
        return report(times.error());
    JsonObject calls_of;
    for (auto const& [source, calls] : times->calls_of)
        calls_of[source] = calls;
    Json const figures = JsonObject { { "runs", times->runs }, { "latency_ms", arguments.latency_ms },
        { "median_ms", times->median_ms }, { "slowest_ms", times->slowest_ms },
        { "first_facts_ms", times->first_facts_ms }, { "aws_calls", times->aws_calls },
        { "longest_chain", times->longest_chain }, { "ratio", times->ratio }, { "seconds", times->median_ms / 1'000 },
        { "rss_mb", times->rss_mb }, { "first_cause", times->first_cause }, { "cause_right", times->cause_right },
        { "gaps", times->gaps }, { "calls_of", std::move(calls_of) } };
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
