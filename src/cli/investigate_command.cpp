#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "app/capsule.h"
#include "app/time_zone.h"
#include "cli/print.h"

namespace convops {

namespace {

// The system's clock, or a clock that stands at the time that was asked for.
class AskedClock final : public Clock {
public:
    explicit AskedClock(std::optional<Time> at)
        : at_(at) { }
    [[nodiscard]] Time now() const override { return at_ ? *at_ : system_.now(); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return system_.monotonic(); }
    void wait(Milliseconds duration) override { system_.wait(duration); }

private:
    SystemClock system_;
    std::optional<Time> at_;
};

Result<> check(InvestigateArguments const& arguments) {
    if (!arguments.role_arn.empty() && arguments.external_id.empty())
        return Error { ErrorKind::invalid_input,
            "--role-arn needs --external-id: the role's trust policy must ask for one" };
    if (arguments.role_arn.empty() && !arguments.external_id.empty())
        return Error { ErrorKind::invalid_input, "--external-id is for --role-arn" };
    return {};
}

// After the alarm is known: investigate, keep, print.
Result<> run(InvestigateArguments const& arguments) {
    TRY(check(arguments));
    std::optional<Time> at;
    if (!arguments.at.empty())
        at = TRY(parse_time(arguments.at).with_context("--at"));
    SystemClock system;
    SystemEntropy entropy;
    CurlHttpOptions options;
    options.host_allowed = TRY(aws_outbound_hosts(system_environment()));
    options.plain_http_hosts = aws_metadata_hosts();
    CurlHttp http(options);
    // Signatures and sessions need the true time, whatever time the question is about.
    auto accounts = TRY(AwsAccounts::create({ http, system, entropy, system_environment() }));
    AwsConnection const connection {
        .region = arguments.region, .role_arn = arguments.role_arn, .external_id = arguments.external_id
    };
    auto aws = TRY(accounts->open(connection));
    AskedClock clock(at);
    auto alarm = TRY(find_alarm(*aws, arguments.alarm, clock.now()));
    if (alarm.account.empty())
        if (auto const identity = accounts->who_am_i(connection))
            alarm.account = identity->account;
    InvestigationOptions investigation_options;
    investigation_options.progress = terminal_progress();
    auto const [investigation, capsule]
        = investigate_and_record(incident_of(alarm), *aws, clock, investigation_options);
    auto const reader = reader_at({}, clock.now());
    print_investigation(investigation, reader, arguments.format);
    if (!arguments.save.empty())
        TRY(save_capsule(capsule, arguments.save));
    if (!arguments.chart.empty())
        TRY(write_chart(investigation, reader, arguments.chart));
    return {};
}

} // namespace

int investigate_command(InvestigateArguments const& arguments) {
    auto const done = run(arguments);
    return done ? 0 : report(done.error());
}

} // namespace convops
