#include "app/capsule.h"
#include "cli/print.h"

#include <cstdio>

namespace convops {

int report(Error const& error) {
    std::fprintf(stderr, "convops: %s\n", error.message.c_str());
    return error.kind == ErrorKind::invalid_input || error.kind == ErrorKind::not_found ? 2 : 3;
}

int replay_command(ReplayArguments const& arguments) {
    auto const capsule = load_capsule(arguments.file);
    if (!capsule)
        return report(capsule.error());
    auto const investigation = replay(*capsule);
    if (!investigation)
        return report(investigation.error());
    Reader const reader;
    print_investigation(*investigation, reader, arguments.format);
    if (!arguments.chart.empty())
        if (auto const written = write_chart(*investigation, reader, arguments.chart); !written)
            return report(written.error());
    return 0;
}

} // namespace convops
