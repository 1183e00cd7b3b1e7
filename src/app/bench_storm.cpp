#include "app/bench_storm.h"

#include "adapters/files/files.h"
#include "adapters/files/memory_use.h"
#include "adapters/http/curl_http.h"
#include "adapters/recorded/recorded_aws.h"
#include "adapters/server/server.h"
#include "app/bench_storm_audit.h"
#include "app/demo_chat.h"
#include "app/demo_world.h"
#include "app/log.h"
#include "app/service.h"

#include <cmath>
#include <regex>
#include <sys/wait.h>
#include <unistd.h>

namespace convops {

namespace {

constexpr std::string_view workspace_name = "storm";

// The recorded account has one of each resource; the storm has many. Their numbers are taken out of the questions, so
// that each investigation finds as much to read as the recorded one did.
class ManyServicesAws final : public Aws {
public:
    ManyServicesAws(std::shared_ptr<RecordedAccount const> account, Clock& clock, std::string region)
        : inner_(std::move(account), clock)
        , region_(std::move(region)) { }
    Result<Json> call(AwsCall const& call) override { return inner_.call(plain(call)); }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<AwsCall> plain_calls;
        for (auto const& call : calls)
            plain_calls.push_back(plain(call));
        return inner_.call_all(plain_calls);
    }
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return region_; }

private:
    static void take_numbers_out(Json& json) {
        if (auto* text = json.if_string()) {
            static std::regex const number("-s[0-9]+");
            json = std::regex_replace(std::string(*text), number, "");
        } else if (auto* list = json.if_array()) {
            for (auto& each : *list)
                take_numbers_out(each);
        } else if (auto* object = json.if_object()) {
            for (auto& each : *object)
                take_numbers_out(each.value());
        }
    }
    static AwsCall plain(AwsCall call) {
        Json params = std::move(call.params);
        take_numbers_out(params);
        call.params = std::move(params.as_object());
        return call;
    }

    RecordedAws inner_;
    std::string region_;
};

// A pipe whose ends close by themselves; numbers and a byte go through it as lines.
class Pipe {
public:
    Pipe() {
        if (::pipe(ends_.data()) != 0)
            ends_ = { -1, -1 };
    }
    ~Pipe() {
        close_reading();
        close_writing();
    }
    Pipe(Pipe const&) = delete;
    Pipe& operator=(Pipe const&) = delete;
    void close_reading() { close(ends_[0]); }
    void close_writing() { close(ends_[1]); }

    void tell(std::string const& line) const {
        auto const bytes = line + "\n";
        (void)!::write(ends_[1], bytes.data(), bytes.size());
    }
    [[nodiscard]] Result<std::string> hear() const { // a line; unavailable when the other side is gone
        std::string line;
        for (char byte = 0; ::read(ends_[0], &byte, 1) == 1;) {
            if (byte == '\n')
                return line;
            line.push_back(byte);
        }
        return Error { ErrorKind::unavailable, "storm: the server process ended" };
    }

private:
    static void close(int& end) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
    std::array<int, 2> ends_ { -1, -1 };
};

Settings storm_settings(RecordedAccount const& account, std::filesystem::path const& folder) {
    Settings settings;
    settings.server.listen = "127.0.0.1:0";
    settings.server.state_dir = (folder / "state").string();
    settings.workspace.name = workspace_name;
    settings.connections = storm::connections(account);
    settings.routes.push_back({ "slack", "C0STORM001", "#on-call", "" });
    settings.slack.bot_token_env = "CONVOPS_DEMO_SLACK_TOKEN";
    settings.sns.test_certificate = (folder / "topic.pem").string();
    settings.sns.test_certificate_url = storm::certificate_url;
    return settings;
}

// The server, in the child: serves until told to stop, then tells the peak of its memory.
Result<> serve(std::shared_ptr<RecordedAccount const> const& account, std::filesystem::path const& folder,
    Clock& clock, Pipe const& to_server, Pipe const& from_server) {
    set_log_level(LogLevel::error);
    auto const chat_url = "http://127.0.0.1:" + TRY(to_server.hear());
    SystemEntropy entropy;
    CurlHttp http;
    ServiceWorld world { clock, entropy, http, {}, {}, {}, {}, false };
    world.open_aws = [&](Settings::Connection const& connection) -> Result<std::unique_ptr<Aws>> {
        return std::make_unique<ManyServicesAws>(account, clock, connection.region);
    };
    world.open_intake = world.open_aws;
    world.environment = [&](std::string const& name) -> std::optional<std::string> {
        if (name == "CONVOPS_SLACK_URL")
            return chat_url;
        return name.starts_with("CONVOPS_DEMO_") ? std::optional<std::string>("demo-token") : std::nullopt;
    };
    auto const service = TRY(Service::start(storm_settings(*account, folder), std::move(world)));
    from_server.tell(std::to_string(service->port()));
    (void)to_server.hear();
    service->stop();
    from_server.tell(std::to_string(memory_use().peak_resident_bytes));
    return {};
}

double percentile(std::vector<double> const& ascending, double share) {
    if (ascending.empty())
        return 0;
    auto const at = std::lround(share * static_cast<double>(ascending.size() - 1));
    return ascending[static_cast<std::size_t>(at)];
}

void measure(StormFigures& figures, std::span<storm::Delivery const> load, std::span<storm::Posted const> posted) {
    std::vector<double> times;
    double last = 0;
    for (std::size_t i = 0; i < posted.size(); ++i) {
        times.push_back(posted[i].milliseconds);
        last = std::max(last, static_cast<double>(load[i].due.count()) + posted[i].milliseconds);
        figures.retried += posted[i].tries > 1 ? 1 : 0;
        figures.duplicates += load[i].duplicate ? 1 : 0;
    }
    std::sort(times.begin(), times.end());
    figures.alarms = static_cast<int>(load.size());
    figures.ack_p50_ms = percentile(times, 0.50);
    figures.ack_p99_ms = percentile(times, 0.99);
    figures.ack_max_ms = times.empty() ? 0 : times.back();
    figures.seconds = last / 1000;
}

// The other side of the storm, in the parent: chat, senders, attackers.
Result<StormFigures> blow(RecordedAccount const& account, DemoTopic const& topic, StormOptions const& options,
    std::filesystem::path const& folder, Clock& clock, Pipe const& to_server, Pipe const& from_server) {
    std::atomic<int> messages { 0 };
    DemoChat chat("");
    auto const chat_server = TRY(HttpServer::start(
        {}, { .request = { .body_bytes = std::size_t { 4 } << 20 } }, [&](ServerRequest const& request) {
            messages += request.path == "/api/chat.postMessage" || request.path == "/api/chat.update" ? 1 : 0;
            return chat.answer(request, clock.now());
        }));
    chat.set_upload_url("http://127.0.0.1:" + std::to_string(chat_server->port()) + "/upload");
    to_server.tell(std::to_string(chat_server->port()));
    auto const port = static_cast<std::uint16_t>(std::atoi(TRY(from_server.hear()).c_str()));

    auto const connections = storm::connections(account);
    auto const load
        = TRY(storm::make_load(account, topic, { options.alarms, Seconds { options.seconds }, clock.now() }));
    storm::SlowConnections slow(static_cast<std::size_t>(options.slow_connections), port, clock);
    auto const posted = storm::post_all(load, connections, port, clock);
    StormFigures figures;
    figures.slow_cut = slow.stop();
    to_server.tell("stop");
    figures.rss_mb = std::strtod(TRY(from_server.hear()).c_str(), nullptr) / (1024 * 1024);
    (void)from_server.hear(); // until the process has ended and its store is closed
    figures.messages = messages;
    measure(figures, load, posted);
    auto const audit = TRY(storm::audit((folder / "state" / "convops.sqlite").string(),
        WorkspaceId { std::string(workspace_name) }, load, posted, connections, clock.now()));
    figures.lost = audit.lost;
    figures.incidents = audit.incidents;
    figures.investigated = audit.investigated;
    figures.losses = audit.losses;
    return figures;
}

} // namespace

Result<StormFigures> run_storm(std::shared_ptr<RecordedAccount const> const& account, StormOptions const& options) {
    MovedClock clock(account->now);
    auto const folder = TRY(TemporaryFolder::make());
    auto const topic = TRY(DemoTopic::make("", clock.now()));
    TRY(write_file(folder->path() / "topic.pem", topic.certificate_pem()));
    Pipe to_server;
    Pipe from_server;
    auto const child = ::fork();
    if (child < 0)
        return Error { ErrorKind::unavailable, "storm: can not start a process" };
    if (child == 0) {
        to_server.close_writing();
        from_server.close_reading();
        auto const served = serve(account, folder->path(), clock, to_server, from_server);
        if (!served)
            std::fprintf(stderr, "storm: %s\n", served.error().message.c_str());
        ::_exit(served ? 0 : 3);
    }
    to_server.close_reading();
    from_server.close_writing();
    auto figures = blow(*account, topic, options, folder->path(), clock, to_server, from_server);
    to_server.close_writing();
    int status = 0;
    ::waitpid(child, &status, 0);
    return figures;
}

} // namespace convops
