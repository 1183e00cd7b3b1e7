#include "app/bench_petshop.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int bench_petshop_command(BenchPetshopArguments const& arguments) {
    auto const bench = answer_petshop(arguments.data, arguments.out, arguments.noissue);
    if (!bench)
        return report(bench.error());
    JsonObject figures { { "issues", bench->issues }, { "abstained", bench->abstained } };
    if (arguments.noissue) {
        figures["normal_windows"] = bench->normal_windows;
        figures["normal_abstained_share"]
            = bench->normal_windows > 0 ? double(bench->normal_abstained) / double(bench->normal_windows) : 0.0;
    }
    std::printf("%s\n", to_text(figures).c_str());
    return 0;
}

} // namespace convops
