#include "app/capsule.h"
#include "base/text.h"
#include "cli/print.h"
#include "cli/shelf.h"
#include "privacy/secrets.h"

#include <cstdio>

namespace convops {

int report(Error const& error) {
    // One line, whatever an answer, a file or a name on the command line brought into the message.
    constexpr std::size_t most_bytes = 4000;
    auto line = replace_all(clean_utf8(without_secrets(error.message)), "\n", " ");
    line = shorten(replace_all(std::move(line), "\t", " "), most_bytes);
    std::fprintf(stderr, "convops: %s\n", line.c_str());
    return error.kind == ErrorKind::invalid_input || error.kind == ErrorKind::not_found ? 2 : 3;
}

int replay_command(ReplayArguments const& arguments) {
    auto const capsule = load_capsule(arguments.file);
    if (!capsule) {
        static_cast<void>(report(capsule.error()));
        return 2; // Whatever is wrong with it, the file that was named can not be used.
    }
    auto const shelf = shelf_of(arguments.runbooks);
    if (!shelf)
        return report(shelf.error());
    auto investigation = replay(*capsule);
    if (!investigation)
        return report(investigation.error());
    if (*shelf)
        cite_runbooks(*investigation, **shelf);
    Reader const reader;
    print_investigation(*investigation, reader, arguments.format);
    if (!arguments.chart.empty())
        if (auto const written = write_chart(*investigation, reader, arguments.chart); !written)
            return report(written.error());
    return 0;
}

} // namespace convops
