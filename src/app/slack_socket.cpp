#include "app/slack_socket.h"

#include "adapters/chat/web_socket.h"
#include "adapters/http/url.h"
#include "app/log.h"
#include "base/check.h"

namespace convops {

namespace {

constexpr Milliseconds open_timeout { 10'000 };
constexpr Milliseconds look_up_every { 250 }; // for stop()
constexpr Milliseconds first_wait { 1'000 };
constexpr Seconds healthy_after { 20 }; // a connection that lasted so long ended for a good reason
constexpr Milliseconds longest_wait { 60'000 }; // apps.connections.open allows 50 calls a minute

// Slack names the host; ours only sends its ticket where Slack's own hosts are, or to this machine in tests.
bool is_slacks(std::string_view url, std::string const& base_url) {
    if (base_url.starts_with("http://")) // CONVOPS_SLACK_URL of a test, loopback only
        return url.starts_with("ws://");
    auto const rest = url.substr(std::min(url.size(), std::string_view("wss://").size()));
    auto const host = rest.substr(0, rest.find_first_of(":/?"));
    return url.starts_with("wss://") && host.ends_with(".slack.com");
}

} // namespace

SlackSocket::SlackSocket(SlackSocketSettings settings, ChatIntake& intake, Http& http)
    : settings_(std::move(settings))
    , intake_(intake)
    , http_(http) { }

SlackSocket::~SlackSocket() {
    stop();
}

// https://docs.slack.dev/reference/methods/apps.connections.open
Result<std::string> SlackSocket::ask_for_url() {
    HttpRequest request;
    request.method = "POST";
    request.url = settings_.base_url + "/api/apps.connections.open";
    request.headers = { { "Authorization", "Bearer " + settings_.app_token },
        { "Content-Type", "application/x-www-form-urlencoded" } };
    auto const answer = TRY(http_.send(request).with_context("slack apps.connections.open"));
    auto const json = TRY(parse_json(answer.body).with_context("slack apps.connections.open"));
    if (!flag_at(json, "ok"))
        return Error { ErrorKind::access_denied,
            "slack apps.connections.open: " + text_at(json, "error", "no reason given").substr(0, 60) };
    auto url = text_at(json, "url");
    if (!is_slacks(url, settings_.base_url))
        return Error { ErrorKind::access_denied, "slack apps.connections.open: the address is not one of Slack's" };
    return url;
}

bool SlackSocket::converse() {
    auto const url = ask_for_url();
    auto socket = url ? open_web_socket(*url, open_timeout) : Result<std::unique_ptr<WebSocket>>(url.error());
    if (!socket) {
        log_warning("slack_socket", { { "why", socket.error().message } });
        return false;
    }
    bool greeted = false;
    while (!stopping_) {
        auto const message = (*socket)->read(look_up_every);
        if (!message) {
            log_info("slack_socket_ended", { { "why", message.error().message } });
            return greeted;
        }
        if (!*message)
            continue;
        auto const envelope = parse_slack_envelope(**message);
        if (!envelope)
            continue;
        if (envelope->hello) {
            greeted = true;
            log_info("slack_socket_open");
        }
        if (envelope->disconnect) {
            log_info("slack_socket_ended", { { "why", envelope->disconnect_reason } });
            break;
        }
        if (envelope->id.empty())
            continue;
        if (auto const taken = take_utterances(intake_, envelope->inbound); !taken) {
            log_warning("chat_refused", { { "channel", "slack" }, { "why", taken.error().message } });
            continue; // Not acknowledged: Slack sends it again.
        }
        if (!(*socket)->write(acknowledgement_of(*envelope)))
            return greeted;
    }
    (*socket)->close();
    return greeted;
}

void SlackSocket::wait(Milliseconds duration) {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, duration, [this] { return stopping_.load(); });
}

void SlackSocket::run() {
    auto pause = first_wait;
    while (!stopping_) {
        auto const began = intake_.clock.monotonic();
        bool const greeted = converse();
        if (greeted && intake_.clock.monotonic() - began >= healthy_after) {
            pause = first_wait; // a refresh: at once, so that nothing waits
            continue;
        }
        wait(pause);
        pause = std::min(pause * 2, longest_wait);
    }
}

void SlackSocket::start() {
    CHECK(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

void SlackSocket::stop() {
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

} // namespace convops
