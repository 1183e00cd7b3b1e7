// One read-only scan of an account with the user's own credentials.
#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "app/audit.h"
#include "app/service.h"
#include "audit/fix_file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "message/audit_report.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace convops {

namespace {

constexpr std::string_view grades = "ABCDEF";

Result<std::vector<std::string>> regions_of(AuditArguments const& arguments) {
    std::vector<std::string> regions;
    for (auto const& part : split(arguments.regions, ','))
        if (auto const region = trim(part); !region.empty())
            regions.push_back(region);
    if (regions.empty())
        return Error { ErrorKind::invalid_input, "--region is required: a Region or Regions, separated by commas" };
    return regions;
}

Result<> check(AuditArguments const& arguments) {
    if (arguments.role_arn.empty() != arguments.external_id.empty())
        return Error { ErrorKind::invalid_input,
            "--role-arn and --external-id go together: the role's trust policy must ask for an external ID" };
    if (!arguments.fail_under.empty()
        && (arguments.fail_under.size() != 1 || grades.find(arguments.fail_under) == std::string_view::npos))
        return Error { ErrorKind::invalid_input, "--fail-under wants a grade from A to F" };
    return {};
}

AuditObserver terminal_calls(Clock& clock) {
    if (isatty(fileno(stderr)) == 0)
        return {};
    return [&clock, began = clock.monotonic()](AuditProgress const& progress) {
        std::fprintf(stderr, "\rreading the account: %zu of %zu calls", progress.calls_done, progress.calls_planned);
        auto const elapsed = std::chrono::duration_cast<Milliseconds>(clock.monotonic() - began);
        if (auto const left = time_left(progress, elapsed))
            std::fprintf(stderr, ", about %lld s left", static_cast<long long>(left->count()));
        std::fprintf(stderr, "    ");
        if (progress.calls_done == progress.calls_planned)
            std::fprintf(stderr, "\n");
    };
}

// A report of thousands of findings is tens of megabytes.
constexpr std::size_t most_report_bytes = std::size_t { 256 } << 20;

Result<AuditReport> earlier_report(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return Error { ErrorKind::not_found, "--compare: " + file + " can not be read" };
    std::ostringstream text;
    text << in.rdbuf();
    auto const json = TRY(parse_json(text.str(), { .bytes = most_report_bytes }).with_context("--compare " + file));
    return audit_report_from_json(json).with_context("--compare " + file);
}

FixLanguage language_of(std::string const& name) {
    if (name == "cli")
        return FixLanguage::cli;
    return name == "terraform" ? FixLanguage::terraform : FixLanguage::cloudformation;
}

std::string rendered(AuditReport const& report, AuditComparison const* comparison, AuditFormat format) {
    switch (format) {
    case AuditFormat::json: {
        auto json = to_json(report);
        if (comparison != nullptr)
            json.as_object()["comparison"] = to_json(*comparison);
        return to_text(json) + "\n";
    }
    case AuditFormat::markdown:
        return audit_markdown(report, comparison);
    case AuditFormat::html:
        return audit_html(report, comparison);
    case AuditFormat::sarif:
        return audit_sarif(report);
    case AuditFormat::junit:
        return audit_junit(report);
    case AuditFormat::text:
        break;
    }
    return audit_text(report, comparison);
}

int list_checks(AuditFormat format) {
    auto const out = format == AuditFormat::json ? to_text(check_list_json()) + "\n" : check_list_text();
    std::fwrite(out.data(), 1, out.size(), stdout);
    return 0;
}

Result<int> run(AuditArguments const& arguments) {
    if (arguments.list_checks)
        return list_checks(arguments.format);
    TRY(check(arguments));
    auto const regions = TRY(regions_of(arguments));
    auto const scope = arguments.only.empty() ? whole_scope() : TRY(audit_scope(arguments.only));
    std::optional<AuditReport> earlier;
    if (!arguments.compare.empty())
        earlier = TRY(earlier_report(arguments.compare));
    SystemClock clock;
    SystemEntropy entropy;
    CurlHttpOptions options;
    options.host_allowed = TRY(aws_outbound_hosts(system_environment()));
    options.plain_http_hosts = aws_metadata_hosts();
    CurlHttp http(options);
    auto accounts = TRY(AwsAccounts::create({ http, clock, entropy, system_environment() }));
    AwsConnection const connection {
        .region = regions.front(), .role_arn = arguments.role_arn, .external_id = arguments.external_id
    };
    auto aws = TRY(accounts->open(connection));
    auto const identity = TRY(accounts->who_am_i(connection).with_context("sts:GetCallerIdentity"));
    TRY(check_regions(*aws, regions).with_context("--region"));
    auto const report = audit_account(*aws, identity.account, regions, clock, terminal_calls(clock), scope);
    std::optional<AuditComparison> comparison;
    if (earlier)
        comparison = TRY(compare(*earlier, report).with_context("--compare"));
    auto const out = arguments.fixes.empty() ? rendered(report, comparison ? &*comparison : nullptr, arguments.format)
                                             : TRY(fix_file(report, language_of(arguments.fixes)));
    std::fwrite(out.data(), 1, out.size(), stdout);
    // A letter that is later in the alphabet is a worse grade.
    return !arguments.fail_under.empty() && report.grade > arguments.fail_under.front() ? 1 : 0;
}

} // namespace

int audit_command(AuditArguments const& arguments) {
    auto const done = run(arguments);
    return done ? *done : report(done.error());
}

} // namespace convops
