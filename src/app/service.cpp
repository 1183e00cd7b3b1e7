#include "app/service.h"

#include "adapters/aws/session.h"
#include "adapters/files/files.h"
#include "adapters/files/folder.h"
#include "adapters/http/url.h"
#include "adapters/sqlite/sqlite_store.h"
#include "app/chat_routes.h"
#include "app/counted_store.h"
#include "app/github_aws.h"
#include "app/incident_pages.h"
#include "app/intake_settings.h"
#include "app/log.h"
#include "app/metrics.h"
#include "app/metrics_route.h"
#include "app/model.h"
#include "app/model_budget.h"
#include "app/public_audit_service.h"
#include "app/routes.h"
#include "app/slack_socket.h"
#include "app/sns_endpoint_http.h"
#include "app/time_zone.h"
#include "app/watch_settings.h"

#include <thread>

namespace convops {

namespace {

constexpr Milliseconds drain_time { 10'000 };
constexpr Hours sweep_every { 1 };
constexpr std::size_t most_swept = 10'000;

Policy policy_for(Settings const& settings, ConnectionId const& connection) {
    Policy policy;
    for (auto const& route : settings.routes)
        if (route.connection.empty() || route.connection == connection.text)
            policy.routes.push_back({ route.channel, route.address, route.name });
    return policy;
}

// The people behind a route, at a time of the year.
Reader reader_of(Settings const& settings, Route const& route, Time at) {
    Reader reader { .language = settings.workspace.language,
        .time_zone = settings.workspace.time_zone,
        .portal_url = settings.server.public_url };
    for (auto const& each : settings.routes) {
        if (each.channel != route.channel || each.address != route.address)
            continue;
        reader.language = each.language.empty() ? reader.language : each.language;
        reader.time_zone = each.time_zone.empty() ? reader.time_zone : each.time_zone;
        break;
    }
    return reader_at(std::move(reader), at);
}

std::string from_environment(
    EnvironmentLookup const& environment, std::string const& name, std::string_view otherwise) {
    auto value = environment(name);
    return value && !value->empty() ? *value : std::string(otherwise);
}

// The API, secret and settings of each channel that a route uses. Read once at start, so that a missing secret is
// told then.
Result<std::map<std::string, ChannelAccess>> channel_access(Settings const& settings, ServiceWorld const& world) {
    std::map<std::string, ChannelAccess> all;
    for (auto const& route : settings.routes) {
        if (all.contains(route.channel))
            continue;
        auto const* channel = find_channel(route.channel);
        if (channel == nullptr)
            return Error { ErrorKind::invalid_input,
                "route " + route.name + ": no channel is named \"" + route.channel + "\"" };
        ChannelAccess access;
        access.settings["portal_url"] = settings.server.public_url;
        if (route.channel == "slack" || route.channel == "slack_webhook") {
            bool const webhook = route.channel == "slack_webhook";
            access.base_url = from_environment(world.environment, "CONVOPS_SLACK_URL", channel->default_base_url);
            access.token = TRY(webhook
                    ? read_secret(settings.slack.webhook_url_env, settings.slack.webhook_url_file, world.environment)
                    : read_secret(settings.slack.bot_token_env, settings.slack.bot_token_file, world.environment));
        } else {
            access.base_url = from_environment(world.environment, "CONVOPS_WHATSAPP_URL", channel->default_base_url);
            access.token
                = TRY(read_secret(settings.whatsapp.token_env, settings.whatsapp.token_file, world.environment));
            access.settings["phone_number_id"] = settings.whatsapp.phone_number_id;
            access.settings["template_name"] = settings.whatsapp.template_name;
            access.settings["template_language"] = settings.whatsapp.template_language;
            access.settings["assume_session"] = world.whatsapp_session ? "true" : "false";
        }
        if (access.token.empty())
            return Error { ErrorKind::not_found,
                "channel " + route.channel + " has no token; name its variable in the configuration" };
        all.emplace(route.channel, std::move(access));
    }
    return all;
}

// Before the engine works: whether a message offers a deeper look depends on whether anybody could ask for it.
Result<ChatSecrets> chat_secrets_from(Settings const& settings, EnvironmentLookup const& environment) {
    auto const& slack = settings.slack;
    auto const& whatsapp = settings.whatsapp;
    ChatSecrets secrets;
    secrets.slack_signing_secret
        = TRY(read_secret(slack.signing_secret_env, slack.signing_secret_file, environment).with_context("[slack]"));
    secrets.whatsapp_app_secret
        = TRY(read_secret(whatsapp.app_secret_env, whatsapp.app_secret_file, environment).with_context("[whatsapp]"));
    secrets.whatsapp_verify_token = TRY(
        read_secret(whatsapp.verify_token_env, whatsapp.verify_token_file, environment).with_context("[whatsapp]"));
    return secrets;
}

} // namespace

struct Service::Parts {
    Settings settings;
    ServiceWorld world;
    WorkspaceId workspace;
    std::filesystem::path capsules;
    std::map<std::string, ChannelAccess> access;
    SnsEndpointHttp sns_http;
    FileLock only_one;
    std::unique_ptr<Store> store;
    SharedShelf runbooks;
    std::optional<IncidentPages> pages; // set before anything is composed
    std::unique_ptr<MuteBook> mutes;
    std::unique_ptr<IncidentEngine> engine;
    std::unique_ptr<WatchService> watch; // nullptr: neither watched nor digested
    std::unique_ptr<Llm> model; // nullptr: words come from templates
    std::unique_ptr<ModelBudget> model_budget;
    std::unique_ptr<Performer> performer;
    std::unique_ptr<OutboxWorker> outbox;
    std::unique_ptr<CertificateCache> certificates;
    std::unique_ptr<IntakePace> pace;
    std::unique_ptr<Intake> intake;
    std::unique_ptr<ChatIntake> chat;
    ChatSecrets chat_secrets;
    std::string slack_app_token;
    std::unique_ptr<SlackSocket> slack_socket;
    std::vector<HttpRoute> routes;
    std::vector<std::unique_ptr<Aws>> queue_readers;
    std::vector<std::unique_ptr<SqsPoller>> pollers;
    std::unique_ptr<PublicAuditService> public_audit; // nullptr: not opened
    std::unique_ptr<HttpServer> server;
    std::atomic<bool> working { false };
    std::mutex janitor_mutex;
    std::condition_variable stopping;
    std::thread janitor; // sweeps what has expired, once an hour

    Parts(Settings the_settings, ServiceWorld the_world)
        : settings(std::move(the_settings))
        , world(std::move(the_world))
        , workspace(settings.workspace.name)
        , sns_http(world.http, from_environment(world.environment, "AWS_ENDPOINT_URL_SNS", "")) { }

    Result<> open_state();
    Result<> open_model();
    Result<> make_engine();
    Result<> make_pages();
    Reader reader_now(Route const& route, Time at);
    Result<> make_intake();
    Result<> make_chat();
    Result<> make_pollers();
    Result<std::unique_ptr<Aws>> open_connection(ConnectionId const& id);
    Result<> make_public_audit();
    Result<> listen();
    HttpReply answer_timed(ServerRequest const& request);
    void sweep();
    void sweep_hourly();
    void stop();
};

Result<> Service::Parts::open_state() {
    std::filesystem::path const folder = settings.server.state_dir;
    capsules = folder / "capsules";
    std::error_code error;
    std::filesystem::create_directories(capsules, error);
    if (error)
        return Error { ErrorKind::unavailable, "state_dir " + folder.string() + ": " + error.message() };
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error)
        return Error { ErrorKind::access_denied, "state_dir " + folder.string() + ": " + error.message() };
    // Two servers on one folder would take each other's effects over and tell everything twice.
    only_one = TRY(lock_file(folder / "lock").with_context("state_dir"));
    store = count_store(TRY(open_sqlite_store((folder / "convops.sqlite").string()).with_context("state_dir")));
    sweep();
    return {};
}

void Service::Parts::sweep() {
    if (auto const swept = store->sweep(world.clock.now(), most_swept); !swept)
        log_warning("sweep_failed", { { "why", swept.error().message } });
    auto const now = world.clock.now();
    remove_files_older_than(capsules, "", now - *kept(DataClass::diagnosis_summaries));
    // A mail names whom it goes to.
    remove_files_older_than(mail_outbox(settings), ".eml", now - *kept(DataClass::public_audit_results));
}

void Service::Parts::sweep_hourly() {
    std::unique_lock lock(janitor_mutex);
    while (!stopping.wait_for(lock, sweep_every, [this] { return !working.load(); }))
        sweep();
}

Result<> Service::Parts::open_model() {
    model = TRY(model_from(settings, world.http, world.clock, world.entropy, world.environment));
    model_budget = std::make_unique<ModelBudget>(*store, world.clock, world.entropy, budget_limits_from(settings));
    return {};
}

Result<> Service::Parts::make_engine() {
    access = TRY(channel_access(settings, world));
    chat_secrets = TRY(chat_secrets_from(settings, world.environment));
    slack_app_token = TRY(read_secret(settings.slack.app_token_env, settings.slack.app_token_file, world.environment)
            .with_context("[slack]"));
    mutes = std::make_unique<MuteBook>(
        *store, world.clock, workspace, TRY(mute_rules_from(settings, world.clock.now())));
    engine = std::make_unique<IncidentEngine>(
        *store, world.clock, world.entropy, [this](WorkspaceId const&, ConnectionId const& connection) {
            auto policy = policy_for(settings, connection);
            policy.mutes = mutes->windows();
            return policy;
        });
    PerformerWorld performing { *engine, world.http, world.clock, {}, {}, {}, capsules, world.progress, {}, {} };
    performing.open_model = [this](WorkspaceId const& tenant, IncidentId const& incident) {
        return model ? model_budget->for_incident(*model, tenant, incident) : std::unique_ptr<Llm>();
    };
    performing.model_time = model_time(settings);
    performing.words = store.get();
    performing.memory = store.get();
    performing.mutes = mutes.get();
    runbooks.read(settings.runbooks.folder, settings.runbooks.address);
    performing.runbooks = &runbooks;
    performing.routes = [this](ConnectionId const& connection) { return policy_for(settings, connection).routes; };
    performing.open_aws = [this](ConnectionId const& id) { return open_connection(id); };
    watch = watch_service_from(
        settings, { *store, world.clock, *engine, *mutes, workspace, {}, performing.open_aws, {} });
    performing.access = [this](std::string_view channel) -> Result<ChannelAccess> {
        auto const found = access.find(std::string(channel));
        if (found == access.end())
            return Error { ErrorKind::not_found, "channel " + std::string(channel) + " is no longer configured" };
        return found->second;
    };
    performing.reader = [this](Route const& route, Time at) { return reader_now(route, at); };
    performing.window_is_open = [this](Route const& route) -> Result<bool> {
        return route.channel != "whatsapp"
            || TRY(convops::window_is_open(*store, workspace, conversation_of(route), world.clock.now()));
    };
    performing.is_opted_out = [this](Route const& route) {
        return is_opted_out(*store, workspace, conversation_of(route), world.clock.now());
    };
    performing.hears = [this](std::string_view channel) {
        return channel == "slack" ? !chat_secrets.slack_signing_secret.empty() || !slack_app_token.empty()
                                  : channel == "whatsapp" && !chat_secrets.whatsapp_app_secret.empty();
    };
    performer = std::make_unique<Performer>(std::move(performing));
    outbox = std::make_unique<OutboxWorker>(*engine, *store, world.clock, world.entropy, *performer);
    TRY(outbox->take_over());
    return {};
}

Reader Service::Parts::reader_now(Route const& route, Time at) {
    auto reader = reader_of(settings, route, at);
    if (pages)
        reader.page_key = [this](IncidentId const& incident) { return pages->key.of(workspace, incident); };
    return reader;
}

Result<> Service::Parts::make_pages() {
    auto key = TRY(PageKey::open(settings.server.state_dir, world.entropy));
    pages.emplace(IncidentPages { *store, world.clock, std::move(key), workspace, capsules,
        [this](Time at) { return reader_now(Route {}, at); }, &runbooks });
    return {};
}

Result<> Service::Parts::make_intake() {
    auto test = TRY(test_certificate_from(settings));
    certificates = std::make_unique<CertificateCache>(sns_http, world.clock, std::move(test));
    auto sink = [this](WorkspaceId const& tenant, ConnectionId const& connection, Alarm const& alarm,
                    Write const& mark) -> Result<> {
        auto const accepted = TRY(engine->accept(tenant, connection, alarm, { mark }));
        metrics::count(metrics::Counter::alarms_accepted, { to_string(accepted.fate) });
        log_info("alarm",
            { { "fate", std::string(to_string(accepted.fate)) }, { "connection", connection.text },
                { "incident", accepted.incident ? accepted.incident->text : "" } });
        return {};
    };
    pace = std::make_unique<IntakePace>(intake_rates_from(settings));
    auto connections = TRY(intake_connections_from(settings, workspace, world.environment));
    intake = std::make_unique<Intake>(Intake { *store, world.clock, sns_http, *certificates, std::move(sink),
        intake_limits_from(settings), std::move(connections),
        [this](IntakeConnection const& connection) { return pace->admit(connection, world.clock.monotonic()); } });
    return {};
}

Result<> Service::Parts::make_chat() {
    std::vector<Route> who;
    for (auto const& route : settings.routes)
        who.push_back({ route.channel, route.address, route.name });
    chat = std::make_unique<ChatIntake>(
        ChatIntake { *store, world.clock, *engine, workspace, std::move(who), chat_secrets, mutes.get() });
    if (!slack_app_token.empty()) {
        auto const base_url = from_environment(world.environment, "CONVOPS_SLACK_URL", "https://slack.com");
        slack_socket
            = std::make_unique<SlackSocket>(SlackSocketSettings { base_url, slack_app_token }, *chat, world.http);
    }
    return {};
}

Result<> Service::Parts::make_pollers() {
    for (auto& queue : sqs_queues_from(settings)) {
        auto const* connection = settings.connection(queue.connection.text);
        if (connection == nullptr)
            return Error { ErrorKind::invalid_input,
                "[[sqs]] names the unknown connection \"" + queue.connection.text + "\"" };
        queue_readers.push_back(TRY(world.open_intake(*connection)));
        pollers.push_back(std::make_unique<SqsPoller>(*queue_readers.back(), std::move(queue), *intake));
    }
    return {};
}

Result<std::unique_ptr<Aws>> Service::Parts::open_connection(ConnectionId const& id) {
    auto const* connection = settings.connection(id.text);
    if (connection == nullptr)
        return Error { ErrorKind::not_found, "connection \"" + id.text + "\" is no longer configured" };
    return world.open_aws(*connection);
}

Result<> Service::Parts::make_public_audit() {
    if (!settings.public_audit.enabled || !world.try_role)
        return {};
    auto const connection = [](AuditRole const& role) {
        Settings::Connection one;
        one.id = "public-audit";
        one.region = role.region;
        one.role_arn = role.role_arn;
        one.external_id = role.external_id;
        return one;
    };
    public_audit = TRY(PublicAuditService::create(settings,
        { *store, world.clock, world.entropy, world.http, workspace, world.environment,
            [this, connection](AuditRole const& role) { return world.try_role(connection(role)); },
            [this, connection](AuditRole const& role) { return world.open_aws(connection(role)); } }));
    return {};
}

Result<> Service::Parts::listen() {
    routes = health_routes(*store, world.clock, [this] { return working.load(); });
    for (auto& route : intake_routes(*intake))
        routes.push_back(std::move(route));
    for (auto& route : incident_page_routes(*pages))
        routes.push_back(std::move(route));
    for (auto& route : chat_routes(*chat))
        routes.push_back(std::move(route));
    if (public_audit)
        for (auto& route : public_audit->routes())
            routes.push_back(std::move(route));
    auto const metrics_access = metrics_access_from(settings.server.metrics);
    MetricsSources sources { *store, world.clock, [this] { return server ? server->counts() : ServerCounts {}; },
        workspace };
    for (auto& route : metrics_routes(metrics_access.value_or(MetricsAccess::loopback), std::move(sources)))
        routes.push_back(std::move(route));
    ServerExtras extras;
    extras.tls = TRY(tls_from(settings));
    extras.turned_away
        = [](std::string_view why) { metrics::count(metrics::Counter::requests_turned_away, { why }); };
    extras.cut = [](std::string_view why) { metrics::count(metrics::Counter::connections_cut, { why }); };
    auto const address = TRY(listen_address_from(settings));
    server = TRY(HttpServer::start(
        address, server_limits_from(settings), [this](ServerRequest const& request) { return answer_timed(request); },
        std::move(extras)));
    return {};
}

HttpReply Service::Parts::answer_timed(ServerRequest const& request) {
    auto const began = world.clock.monotonic();
    auto reply = answer(routes, request);
    if (request.method == "POST")
        metrics::observe(
            metrics::Timing::acknowledge, std::chrono::duration<double>(world.clock.monotonic() - began).count());
    return reply;
}

void Service::Parts::stop() {
    {
        std::lock_guard const lock(janitor_mutex);
        if (!working.exchange(false))
            return;
    }
    stopping.notify_all();
    janitor.join();
    for (auto& poller : pollers)
        poller->ask_to_stop();
    if (server && !server->stop(drain_time))
        log_warning("stopped_with_unanswered_requests");
    for (auto& poller : pollers)
        poller->stop();
    if (slack_socket)
        slack_socket->stop();
    if (watch)
        watch->stop();
    if (public_audit)
        public_audit->stop();
    outbox->stop();
}

Result<std::unique_ptr<Service>> Service::start(Settings settings, ServiceWorld world) {
    auto parts = std::make_unique<Parts>(std::move(settings), std::move(world));
    TRY(parts->open_state());
    TRY(parts->open_model());
    TRY(parts->make_pages());
    TRY(parts->make_engine());
    TRY(parts->make_intake());
    TRY(parts->make_chat());
    TRY(parts->make_pollers());
    TRY(parts->make_public_audit());
    TRY(parts->listen());
    parts->working = true;
    parts->janitor = std::thread([parts = parts.get()] { parts->sweep_hourly(); });
    parts->outbox->start();
    if (parts->slack_socket)
        parts->slack_socket->start();
    if (parts->public_audit)
        parts->public_audit->start();
    for (auto& poller : parts->pollers)
        poller->start();
    if (parts->watch)
        parts->watch->start();
    return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::Service(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) { }
Service::~Service() {
    stop();
}
std::uint16_t Service::port() const {
    return parts_->server->port();
}
IncidentEngine& Service::engine() {
    return *parts_->engine;
}
WorkspaceId const& Service::workspace() const {
    return parts_->workspace;
}
std::filesystem::path const& Service::capsules() const {
    return parts_->capsules;
}
void Service::stop() {
    parts_->stop();
}
void Service::reload_runbooks() {
    parts_->runbooks.read(parts_->settings.runbooks.folder, parts_->settings.runbooks.address);
}
Result<> Service::reload_certificate() {
    auto tls = TRY(tls_from(parts_->settings));
    if (tls)
        parts_->server->renew_tls(std::move(tls));
    return {};
}

Result<std::function<bool(std::string_view host)>> allowed_hosts(
    Settings const& settings, std::map<std::string, std::string> const& environment) {
    // A model's host is added by the settings alone: without a provider nothing can reach one.
    auto const aws = TRY(aws_outbound_hosts(environment));
    std::set<std::string> named { "slack.com", "hooks.slack.com", "files.slack.com", "graph.facebook.com" };
    if (settings.public_audit.enabled)
        named.insert("api.resend.com");
    auto const add = [&](std::string const& url) {
        if (auto const parts = parse_url(url))
            named.insert(parts->host);
    };
    for (auto const* variable : { "CONVOPS_SLACK_URL", "CONVOPS_WHATSAPP_URL", "CONVOPS_RESEND_URL" })
        if (auto const url = environment.find(variable); url != environment.end())
            add(url->second);
    auto const lookup = [&environment](std::string const& name) -> std::optional<std::string> {
        auto const found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    add(model_url_of(settings, lookup));
    for (auto const& connection : settings.connections) {
        if (!connection.github_repositories.empty())
            add(github_url_of(connection, lookup));
        add(connection.endpoint_url);
        for (auto const& [service, url] : connection.endpoints)
            add(url);
    }
    return std::function<bool(std::string_view)>(
        [named, aws](std::string_view host) { return aws(host) || named.contains(std::string(host)); });
}

} // namespace convops
