#include "adapters/files/memory_use.h"
#include "app/bench_audit.h"
#include "base/json.h"
#include "cli/commands.h"

#include <cstdio>
#include <fstream>

namespace convops {

int bench_audit_command(BenchAuditArguments const& arguments) {
    auto const figures
        = bench_audit({ static_cast<std::size_t>(arguments.resources), static_cast<std::size_t>(arguments.alarms) },
            arguments.page.empty() ? AuditLoadPage::none : AuditLoadPage::html);
    Json const json { { "resources", figures.resources }, { "alarms", figures.alarms },
        { "aws_calls", figures.aws_calls }, { "seconds", figures.seconds }, { "findings", figures.findings },
        { "megabytes", static_cast<double>(memory_use().peak_resident_bytes) / 1e6 } };
    if (!arguments.page.empty() && !(std::ofstream(arguments.page, std::ios::binary) << figures.page))
        return report(Error { ErrorKind::unavailable, "--page: " + arguments.page + " could not be written" });
    std::printf("%s\n", to_text(json).c_str());
    return 0;
}

} // namespace convops
