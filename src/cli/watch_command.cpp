#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "adapters/sqlite/sqlite_store.h"
#include "app/digest.h"
#include "app/github_aws.h"
#include "app/service.h"
#include "app/time_zone.h"
#include "app/watch_once.h"
#include "app/watch_settings.h"
#include "cli/commands.h"
#include "message/watch_report.h"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace convops {

namespace {

// The store of an installation, beside a server that may run: what became of an anomaly, or the digest as it is now.
Result<std::string> from_store(WatchArguments const& arguments) {
    auto const settings = TRY(check_settings(arguments.config));
    auto const file = std::filesystem::path(settings.server.state_dir) / "convops.sqlite";
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return Error { ErrorKind::not_found,
            "there is no store at " + file.string() + "; is state_dir of " + arguments.config + " right?" };
    auto const store = TRY(open_sqlite_store(file.string()));
    SystemClock clock;
    SystemEntropy entropy;
    IncidentEngine engine(*store, clock, entropy);
    WorkspaceId const workspace { settings.workspace.name };
    if (!arguments.explain.empty())
        return explain_anomaly(engine, *store, workspace, arguments.explain, clock.now());
    MuteBook mutes(*store, clock, workspace, TRY(mute_rules_from(settings, clock.now())));
    auto const digest = TRY(digest_of(engine, *store, &mutes, workspace, clock.now()));
    Reader reader;
    reader.language = settings.workspace.language;
    reader.time_zone = settings.workspace.time_zone;
    return to_plain_text(compose_digest(digest, reader_at(std::move(reader), clock.now())));
}

Result<> check(WatchArguments const& arguments) {
    if (arguments.region.empty())
        return Error { ErrorKind::invalid_input, "--region is needed" };
    if (!arguments.once)
        return Error { ErrorKind::invalid_input,
            "watching all the time is a server's work: [watch] in its configuration; here, add --once" };
    if (arguments.role_arn.empty() != arguments.external_id.empty())
        return Error { ErrorKind::invalid_input, "--role-arn and --external-id belong together" };
    return {};
}

void show_progress(WatchOnceOptions& options) {
    options.planned = [](WatchReport const& report) { std::fputs(watch_plan_text(report).c_str(), stderr); };
    options.polled = [](PollProgress const& progress) {
        std::fprintf(stderr, "\r  read %zu of %zu calls%s", progress.batches_done, progress.batches,
            progress.batches_done == progress.batches ? "\n" : "");
    };
    options.checked = [](std::size_t done, std::size_t all) {
        std::fprintf(stderr, "\r  checked %zu of %zu%s", done, all, done == all ? "\n" : "");
    };
}

Result<> run(WatchArguments const& arguments) {
    if (!arguments.explain.empty() || arguments.digest) {
        auto const text = TRY(from_store(arguments));
        std::fwrite(text.data(), 1, text.size(), stdout);
        return {};
    }
    TRY(check(arguments));
    SystemClock clock;
    SystemEntropy entropy;
    CurlHttpOptions http_options;
    http_options.host_allowed = TRY(aws_outbound_hosts(system_environment()));
    http_options.plain_http_hosts = aws_metadata_hosts();
    CurlHttp http(http_options);
    auto accounts = TRY(AwsAccounts::create({ http, clock, entropy, system_environment() }));
    AwsConnection const connection {
        .region = arguments.region, .role_arn = arguments.role_arn, .external_id = arguments.external_id
    };
    auto aws = with_github(
        TRY(accounts->open(connection)), Settings::Connection {}, process_environment(), {}, http, clock);
    WatchOnceOptions options;
    options.rules.include = arguments.include;
    options.rules.exclude = arguments.exclude;
    options.usd_a_month = arguments.budget;
    options.days = arguments.days;
    if (auto const identity = accounts->who_am_i(connection))
        options.account = identity->account;
    if (isatty(STDERR_FILENO) != 0)
        show_progress(options);
    auto const report = TRY(watch_once(*aws, clock, options));
    auto const text = arguments.format == OutputFormat::json ? to_text(Json(to_json(report))) + "\n"
                                                             : watch_report_text(report, reader_at({}, clock.now()));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
}

} // namespace

int watch_command(WatchArguments const& arguments) {
    auto const done = run(arguments);
    return done ? 0 : report(done.error());
}

} // namespace convops
