#include "cli/print.h"

#include "adapters/files/files.h"
#include "base/text.h"
#include "message/chart.h"
#include "message/investigation_json.h"

#include <cstdio>
#include <unistd.h>

namespace convops {

namespace {

// The plain text as Markdown: the title as a heading, the rest as it is laid out.
std::string to_markdown(Message const& message) {
    auto const text = to_plain_text(message);
    auto const end = text.find('\n');
    return "# " + text.substr(0, end) + "\n\n```text" + text.substr(end == std::string::npos ? text.size() : end)
        + "```\n";
}

} // namespace

void print_investigation(Investigation const& investigation, Reader const& reader, OutputFormat format) {
    std::string text;
    switch (format) {
    case OutputFormat::json:
        text = to_text(Json(to_json(investigation, reader))) + "\n";
        break;
    case OutputFormat::markdown:
        text = to_markdown(compose_diagnosis(investigation, reader));
        break;
    case OutputFormat::text:
        text = to_plain_text(compose_diagnosis(investigation, reader));
        break;
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<> write_chart(Investigation const& investigation, Reader const& reader, std::string const& file) {
    auto const chart = chart_from(investigation, reader);
    if (!chart)
        return Error { ErrorKind::not_found, "no chart: the alarm's metric could not be read" };
    return write_file(file, TRY(render_chart(*chart)));
}

ProgressObserver terminal_progress() {
    if (isatty(STDERR_FILENO) == 0)
        return {};
    return [](SourceProgress const& progress) {
        if (!progress.ended)
            return;
        std::string const gaps = progress.gaps == 0 ? "" : ", " + std::to_string(progress.gaps) + " not readable";
        std::fprintf(stderr, "  %s %-26.*s %3zu facts%s  %lld ms\n", progress.gaps == 0 ? "✓" : "!",
            static_cast<int>(progress.source.size()), progress.source.data(), progress.facts, gaps.c_str(),
            static_cast<long long>(progress.took.count()));
    };
}

} // namespace convops
