#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "app/capsule.h"
#include "app/github_aws.h"
#include "app/model.h"
#include "app/service.h"
#include "app/time_zone.h"
#include "app/wording.h"
#include "cli/print.h"
#include "cli/shelf.h"
#include "message/phrases.h"

#include <cstdio>

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

// The settings of a server that has Anthropic's model and nothing else.
Settings model_settings(InvestigateArguments const& arguments) {
    Settings settings;
    if (arguments.words == "model") {
        settings.model.provider = "anthropic";
        settings.model.api_key_env = "ANTHROPIC_API_KEY";
    }
    return settings;
}

// A model's words, when they were asked for. Without an answer the template's stand: the investigation has them all.
void add_words(Investigation& investigation, Llm* model, Reader const& reader, Settings const& settings) {
    if (model == nullptr)
        return;
    Readership const readership { reader.language, reader.utc_offset, zone_label(reader) };
    auto const asked = ask_for_words(investigation, readership, *model, model_time(settings));
    add_wording(investigation, wording_of(investigation, readership, asked));
    if (!investigation.wording->why_template.empty())
        std::fprintf(
            stderr, "convops: the template's words stand: %s\n", investigation.wording->why_template.c_str());
}

// After the alarm is known: investigate, keep, print.
Result<> run(InvestigateArguments const& arguments) {
    TRY(check(arguments));
    std::optional<Time> at;
    if (!arguments.at.empty())
        at = TRY(parse_time(arguments.at).with_context("--at"));
    auto const shelf = TRY(shelf_of(arguments.runbooks));
    SystemClock system;
    SystemEntropy entropy;
    CurlHttpOptions options;
    auto const settings = model_settings(arguments);
    // Without a model only AWS can be reached.
    options.host_allowed = settings.model.provider.empty() ? TRY(aws_outbound_hosts(system_environment()))
                                                           : TRY(allowed_hosts(settings, system_environment()));
    options.plain_http_hosts = aws_metadata_hosts();
    CurlHttp http(options);
    auto const model = TRY(model_from(settings, http, system, entropy, process_environment()));
    // Signatures and sessions need the true time, whatever time the question is about.
    auto accounts = TRY(AwsAccounts::create({ http, system, entropy, system_environment() }));
    AwsConnection const connection {
        .region = arguments.region, .role_arn = arguments.role_arn, .external_id = arguments.external_id
    };
    // The command line has no repositories: GitHub is configured with a server's connection.
    auto aws = with_github(
        TRY(accounts->open(connection)), Settings::Connection {}, process_environment(), {}, http, system);
    AskedClock clock(at);
    auto alarm = TRY(find_alarm(*aws, arguments.alarm, clock.now()));
    if (alarm.account.empty())
        if (auto const identity = accounts->who_am_i(connection))
            alarm.account = identity->account;
    InvestigationOptions investigation_options;
    investigation_options.progress = terminal_progress();
    auto [investigation, capsule] = investigate_and_record(incident_of(alarm), *aws, clock, investigation_options);
    if (shelf)
        cite_runbooks(investigation, *shelf);
    auto const reader = reader_at({}, clock.now());
    add_words(investigation, model.get(), reader, settings);
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
