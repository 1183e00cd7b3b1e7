// convops report: the incident report from a capsule, or from a server's store.
#include "adapters/clock/system_clock.h"
#include "adapters/files/files.h"
#include "app/incident_report.h"
#include "app/settings.h"
#include "app/time_zone.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

namespace {

Result<Report> report_asked_for(ReportArguments const& arguments) {
    if (arguments.config.empty())
        return report_from_capsule(arguments.what, Reader {});
    auto const settings = TRY(check_settings(arguments.config));
    auto const now = SystemClock {}.now();
    auto const reader
        = reader_at({ .language = settings.workspace.language, .time_zone = settings.workspace.time_zone }, now);
    SharedShelf runbooks;
    runbooks.read(settings.runbooks.folder, settings.runbooks.address);
    return report_from_state(settings.server.state_dir, WorkspaceId { settings.workspace.name },
        IncidentId { arguments.what }, reader, now, runbooks);
}

} // namespace

int report_command(ReportArguments const& arguments) {
    auto const asked = report_asked_for(arguments);
    if (!asked) {
        auto const status = report(asked.error());
        return arguments.config.empty() ? 2 : status; // A capsule that can not be read is an unusable argument.
    }
    auto const text = arguments.format == ReportFormat::html ? report_html(*asked) : report_markdown(*asked);
    if (!arguments.out.empty()) {
        auto const written = write_file(arguments.out, text);
        return written ? 0 : report(written.error());
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

} // namespace convops
