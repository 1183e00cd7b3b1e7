// One read-only scan of an account with the user's own credentials.
#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "app/audit.h"
#include "app/service.h"
#include "base/text.h"
#include "cli/commands.h"

#include <cstdio>
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
        return Error { ErrorKind::invalid_input, "--region names no Region" };
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

AuditObserver terminal_calls() {
    if (isatty(fileno(stderr)) == 0)
        return {};
    return [](AuditProgress const& progress) {
        std::fprintf(stderr, "\rreading the account: %zu of %zu calls ", progress.calls_done, progress.calls_planned);
        if (progress.calls_done == progress.calls_planned)
            std::fprintf(stderr, "\n");
    };
}

Result<int> run(AuditArguments const& arguments) {
    TRY(check(arguments));
    auto const regions = TRY(regions_of(arguments));
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
    auto const report = audit_account(*aws, identity.account, regions, clock, terminal_calls());
    std::puts(to_text(to_json(report)).c_str());
    // A letter that is later in the alphabet is a worse grade.
    return !arguments.fail_under.empty() && report.grade > arguments.fail_under.front() ? 1 : 0;
}

} // namespace

int audit_command(AuditArguments const& arguments) {
    auto const done = run(arguments);
    return done ? *done : report(done.error());
}

} // namespace convops
