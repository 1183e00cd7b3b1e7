#include "app/demo.h"

#include "adapters/files/files.h"
#include "adapters/http/curl_http.h"
#include "adapters/recorded/recorded_aws.h"
#include "adapters/server/server.h"
#include "app/demo_topic.h"
#include "app/demo_world.h"
#include "app/log.h"
#include "app/service.h"

namespace convops {

namespace {

constexpr Milliseconds longest_demo { 60'000 };
constexpr std::string_view certificate_url = "https://sns.demo.amazonaws.com/SimpleNotificationService-demo.pem";

Settings demo_settings(
    RecordedAccount const& account, std::filesystem::path const& folder, std::string const& topic_arn) {
    Settings settings;
    settings.server.listen = "127.0.0.1:0";
    settings.server.state_dir = (folder / "state").string();
    settings.workspace.name = "demo";
    Settings::Connection connection;
    connection.id = "demo";
    connection.account = account.account;
    connection.region = account.region;
    connection.topic_arn = topic_arn;
    settings.connections.push_back(connection);
    settings.routes.push_back({ "slack", "C0DEMO0001", "#on-call", "" });
    settings.routes.push_back({ "whatsapp", "491700000000", "on call", "" });
    settings.slack.bot_token_env = "CONVOPS_DEMO_SLACK_TOKEN";
    settings.whatsapp.token_env = "CONVOPS_DEMO_WHATSAPP_TOKEN";
    settings.whatsapp.phone_number_id = "100000000000001";
    settings.whatsapp.template_name = "convops_incident";
    settings.sns.test_certificate = (folder / "topic.pem").string();
    settings.sns.test_certificate_url = certificate_url;
    return settings;
}

bool is_final(std::vector<ChatPost> const& posts) {
    // Slack: a post, then its edit. WhatsApp cannot edit: a second message answers the first.
    auto const count = [&](std::string_view channel) {
        return std::count_if(
            posts.begin(), posts.end(), [&](ChatPost const& post) { return post.channel == channel; });
    };
    return count("slack") >= 2 && count("whatsapp") >= 2;
}

std::string first_capsule(std::filesystem::path const& folder) {
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".capsule")
            return read_file(entry.path(), std::size_t { 64 } << 20).value_or("");
    return {};
}

// Posts the signed alarm as SNS would; unavailable when the server does not take it.
Result<> deliver_alarm(Http& http, std::uint16_t port, std::string const& body) {
    HttpRequest request;
    request.method = "POST";
    request.url = "http://127.0.0.1:" + std::to_string(port) + "/v1/sns/demo";
    request.headers
        = { { "Content-Type", "text/plain; charset=UTF-8" }, { "x-amz-sns-message-type", "Notification" } };
    request.body = body;
    auto const reply = TRY(http.send(request));
    if (reply.status != 200)
        return Error { ErrorKind::unavailable,
            "the server answered the alarm with " + std::to_string(reply.status) + ": " + reply.body };
    return {};
}

} // namespace

Result<DemoResult> run_demo(std::shared_ptr<RecordedAccount const> account, DemoViewer const& viewer) {
    set_log_level(LogLevel::error); // The viewer watches the story, not the log.
    MovedClock clock(account->now);
    SystemEntropy entropy;
    CurlHttp http;
    auto const folder = TRY(TemporaryFolder::make());
    auto const topic = TRY(
        DemoTopic::make("arn:aws:sns:" + account->region + ":" + account->account + ":convops-alarms", clock.now()));
    TRY(write_file(folder->path() / "topic.pem", topic.certificate_pem()));

    DemoChat chat("");
    auto const chat_server = TRY(HttpServer::start({}, { .request = { .body_bytes = std::size_t { 4 } << 20 } },
        [&](ServerRequest const& request) { return chat.answer(request, clock.now()); }));
    auto const chat_url = "http://127.0.0.1:" + std::to_string(chat_server->port());
    chat.set_upload_url(chat_url + "/upload");

    ServiceWorld world { clock, entropy, http, {}, {}, {}, viewer.progress, true };
    world.open_aws = [&](Settings::Connection const&) -> Result<std::unique_ptr<Aws>> {
        return std::make_unique<RecordedAws>(account, clock);
    };
    world.open_intake = world.open_aws;
    world.environment = [&](std::string const& name) -> std::optional<std::string> {
        if (name == "CONVOPS_SLACK_URL" || name == "CONVOPS_WHATSAPP_URL")
            return chat_url;
        return name.starts_with("CONVOPS_DEMO_") ? std::optional<std::string>("demo-token") : std::nullopt;
    };
    auto const service = TRY(Service::start(demo_settings(*account, folder->path(), topic.arn()), std::move(world)));
    viewer.say(
        "The server listens on 127.0.0.1:" + std::to_string(service->port()) + "; the alarm arrives, signed by SNS.");

    auto const body = TRY(topic.notification(to_text(account->alarm_message), "11111111-2222-4333-8444-555555555555",
        std::string(certificate_url), clock.now()));
    auto const began = clock.now();
    TRY(deliver_alarm(http, service->port(), body));
    bool const finished = chat.wait_until(is_final, longest_demo);
    service->stop();
    if (!finished)
        return Error { ErrorKind::timeout, "no final message within " + format_duration(longest_demo) };

    DemoResult result;
    result.posts = chat.posts();
    result.chart_png = chat.chart_png();
    result.first_message = result.posts.front().at - began;
    result.final_message = result.posts.back().at - began;
    result.capsule = first_capsule(service->capsules());
    return result;
}

} // namespace convops
