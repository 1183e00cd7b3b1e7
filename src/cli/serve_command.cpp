#include "adapters/aws/session.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "app/github_aws.h"
#include "app/log.h"
#include "app/model.h"
#include "app/runbooks.h"
#include "app/service.h"
#include "base/text.h"
#include "cli/commands.h"

#include <csignal>
#include <cstdio>

namespace convops {

namespace {

// SIGINT and SIGTERM (stop) and SIGHUP (read the certificate again), taken by sigwait in the main thread; every other
// thread inherits the mask.
sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

AwsConnection aws_connection(Settings::Connection const& connection) {
    AwsConnection aws;
    aws.region = connection.region;
    aws.role_arn = connection.role_arn;
    aws.external_id = connection.external_id;
    aws.account = connection.account;
    return aws;
}

// The environment, with the endpoint overrides that one connection of the settings names.
Environment environment_for(Settings::Connection const& connection) {
    auto environment = system_environment();
    if (!connection.endpoint_url.empty())
        environment["AWS_ENDPOINT_URL"] = connection.endpoint_url;
    for (auto const& [service, url] : connection.endpoints)
        environment["AWS_ENDPOINT_URL_" + service] = url;
    return environment;
}

// One AwsAccounts per connection: sessions, pace and endpoints are the connection's own.
class ConnectedAccounts {
public:
    ConnectedAccounts(Http& http, Clock& clock, Entropy& entropy)
        : http_(http)
        , clock_(clock)
        , entropy_(entropy) { }

    Result<AwsAccounts*> of(Settings::Connection const& connection) {
        std::lock_guard const lock(mutex_);
        auto& accounts = accounts_[connection.id];
        if (!accounts)
            accounts = TRY(AwsAccounts::create({ http_, clock_, entropy_, environment_for(connection) }));
        return accounts.get();
    }

private:
    Http& http_;
    Clock& clock_;
    Entropy& entropy_;
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<AwsAccounts>> accounts_;
};

// Every file that can not be used, each with its line; the server itself would leave them out.
Result<> check_runbooks(Settings const& settings) {
    if (settings.runbooks.folder.empty())
        return {};
    auto const shelf = TRY(read_runbooks(settings.runbooks.folder, settings.runbooks.address));
    if (!shelf.problems.empty())
        return Error { ErrorKind::invalid_input, "runbooks: " + join(shelf.problems, "; ") };
    return {};
}

} // namespace

int serve_command(ServeArguments const& arguments) {
    auto settings = check_settings(arguments.config);
    if (!settings)
        return report(settings.error());
    if (arguments.check_only) {
        if (auto const secret = check_model_secret(*settings, process_environment()); !secret)
            return report(secret.error());
        if (auto const readable = check_runbooks(*settings); !readable)
            return report(readable.error());
        std::printf("%s is good: %zu connections, %zu routes\n", arguments.config.c_str(),
            settings->connections.size(), settings->routes.size());
        return 0;
    }
    auto const signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    SystemClock clock;
    SystemEntropy entropy;
    CurlHttpOptions options;
    auto allowed = allowed_hosts(*settings, system_environment());
    if (!allowed)
        return report(allowed.error());
    options.host_allowed = std::move(*allowed);
    options.plain_http_hosts = aws_metadata_hosts();
    if (!settings->model.plain_http_host.empty())
        options.plain_http_hosts.push_back(settings->model.plain_http_host);
    CurlHttp http(options);
    ConnectedAccounts accounts(http, clock, entropy);
    ServiceWorld world { clock, entropy, http, {}, {}, process_environment(), {}, false };
    world.open_aws = [&](Settings::Connection const& connection) -> Result<std::unique_ptr<Aws>> {
        auto* opened = TRY(accounts.of(connection));
        auto read_secret = [opened, connection] {
            return opened->read_secret(aws_connection(connection), connection.github_token_secret_arn);
        };
        return with_github(TRY(opened->open(aws_connection(connection))), connection, process_environment(),
            std::move(read_secret), http, clock);
    };
    world.open_intake = [&](Settings::Connection const& connection) -> Result<std::unique_ptr<Aws>> {
        // The queue is read as ourselves: its policy names the server, and the customer's role denies everything but
        // reads.
        auto own = aws_connection(connection);
        own.role_arn.clear();
        own.external_id.clear();
        return TRY(accounts.of(connection))->open_intake(own);
    };
    world.try_role = [&](Settings::Connection const& connection) -> Result<> {
        auto* opened = TRY(accounts.of(connection));
        TRY(opened->who_am_i(aws_connection(connection)));
        return {};
    };
    auto const service = Service::start(*settings, std::move(world));
    if (!service)
        return report(service.error());
    log_info("serving", { { "port", std::to_string((*service)->port()) } });
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
        (*service)->reload_runbooks();
        if (auto const reloaded = (*service)->reload_certificate(); reloaded)
            log_info("certificate_reloaded");
        else // The old one stays in use.
            log_error("certificate_not_reloaded", { { "why", reloaded.error().message } });
    }
    log_info("stopping");
    (*service)->stop();
    return 0;
}

} // namespace convops
