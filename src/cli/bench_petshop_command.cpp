#include "app/bench_petshop.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

namespace {

double share(std::size_t part, std::size_t whole) {
    return whole > 0 ? double(part) / double(whole) : 0;
}

} // namespace

int bench_petshop_command(BenchPetshopArguments const& arguments) {
    auto const bench = answer_petshop(arguments.data, arguments.out, arguments.asks);
    if (!bench)
        return report(bench.error());
    JsonObject figures { { "issues", bench->issues }, { "abstained", bench->abstained } };
    if (arguments.asks.noissue) {
        figures["normal_windows"] = bench->normal.windows;
        figures["normal_abstained_share"] = share(bench->normal.abstained, bench->normal.windows);
        NormalFigures fronts;
        JsonObject each;
        for (auto const& [front, counts] : bench->normal_at_fronts) {
            fronts.windows += counts.windows;
            fronts.abstained += counts.abstained;
            each[front] = JsonObject { { "windows", counts.windows }, { "abstained", counts.abstained } };
        }
        figures["normal_windows_at_fronts"] = fronts.windows;
        figures["normal_abstained_share_at_fronts"] = share(fronts.abstained, fronts.windows);
        figures["normal_at_each_front"] = std::move(each);
    }
    if (arguments.asks.planted > 0) {
        JsonObject planted;
        for (auto const& [group, counts] : bench->planted)
            planted[group]
                = JsonObject { { "faults", counts.faults }, { "first", share(counts.first, counts.faults) },
                      { "among_three", share(counts.among_three, counts.faults) },
                      { "abstained", share(counts.abstained, counts.faults) } };
        figures["planted"] = std::move(planted);
    }
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
