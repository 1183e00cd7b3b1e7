#include "message/deliver.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr int most_rounds = 6;
constexpr int most_short_waits = 3;
constexpr Milliseconds short_wait { 1500 }; // a wait worth staying for; longer ones go back to the queue

std::string origin_of(std::string_view url) {
    auto const scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return {};
    return to_lower(url.substr(0, url.find_first_of("/?#", scheme + 3)));
}

std::string host_of(std::string_view origin) {
    auto host = std::string(origin.substr(std::min(origin.find("://") + 3, origin.size())));
    if (host.starts_with("["))
        return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool is_loopback(std::string const& host) {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool is_usable(std::string const& origin) {
    if (origin.find('@') != std::string::npos || host_of(origin).empty())
        return false;
    return origin.starts_with("https://") || (origin.starts_with("http://") && is_loopback(host_of(origin)));
}

// Lets requests through to the channel's own host only, and keeps secrets out of what comes back as an error.
class GuardedHttp : public Http {
public:
    GuardedHttp(Http& inner, std::string origin, std::vector<std::string> secrets)
        : inner_(inner)
        , origin_(std::move(origin))
        , secrets_(std::move(secrets)) { }

    Result<HttpResponse> send(HttpRequest const& request) override {
        auto const origin = origin_of(request.url);
        // Slack takes file bytes at files.slack.com.
        bool const own = origin == origin_ || origin == replace_all(origin_, "://", "://files.");
        if (!own || !is_usable(origin))
            return Error { ErrorKind::invalid_input, "not sent: " + host_of(origin) + " is not the channel's host" };
        auto answer = inner_.send(request);
        if (answer)
            return answer;
        return Error { answer.error().kind, without_secrets(answer.error().message) };
    }

    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : requests)
            answers.push_back(send(request));
        return answers;
    }

    [[nodiscard]] std::string without_secrets(std::string text) const {
        for (auto const& secret : secrets_)
            if (secret.size() >= 4)
                text = replace_all(std::move(text), secret, "***");
        return text;
    }

private:
    Http& inner_;
    std::string origin_;
    std::vector<std::string> secrets_;
};

DeliveryOutcome without_secrets(DeliveryOutcome outcome, GuardedHttp const& http) {
    if (auto* retry = std::get_if<RetryAfter>(&outcome))
        retry->why = http.without_secrets(retry->why);
    if (auto* rejected = std::get_if<Rejected>(&outcome))
        rejected->why = http.without_secrets(rejected->why);
    return outcome;
}

struct Sent {
    DeliveryOutcome outcome;
    std::vector<std::string> notes;
};

// Sends, waits briefly where the channel asks for it, and falls back to what the channel says it would take instead.
Sent send_until_settled(
    Channel const& channel, Delivery& delivery, ChannelAccess const& access, GuardedHttp& http, Clock& clock) {
    Sent sent;
    int waits = 0;
    for (int round = 0; round < most_rounds; ++round) {
        auto request = channel.render(delivery, access);
        request.resend = HttpRequest::Resend::once; // No channel has an idempotency key: twice sent is twice shown.
        auto const answer = http.send(request);
        sent.outcome = channel.classify(answer, delivery);
        if (std::holds_alternative<Delivered>(sent.outcome))
            return sent;
        auto const* retry = std::get_if<RetryAfter>(&sent.outcome);
        // Without an answer the message may have arrived: only a fresh look (Attempt::repeated) may send it again.
        if (retry != nullptr && answer.has_value() && retry->wait <= short_wait && waits < most_short_waits) {
            ++waits;
            clock.wait(retry->wait);
            continue;
        }
        auto next = channel.plainer == nullptr ? std::nullopt : channel.plainer(answer, delivery);
        if (!next)
            return sent;
        sent.notes.push_back(
            "sent plainer: " + (retry != nullptr ? retry->why : std::get<Rejected>(sent.outcome).why));
        delivery = std::move(*next);
    }
    return sent;
}

void upload(Channel const& channel, Delivery& delivery, ChannelAccess const& access, GuardedHttp& http,
    std::vector<std::string>& notes) {
    if (channel.upload_chart == nullptr || delivery.message.chart_png.empty() || !delivery.chart_reference.empty())
        return;
    auto reference = channel.upload_chart(delivery, access, http);
    if (reference)
        delivery.chart_reference = *std::move(reference);
    else // The words matter more than the picture.
        notes.push_back("without the chart: " + reference.error().message);
}

} // namespace

Milliseconds DeliveryPace::take(std::string const& address, Milliseconds interval, Time now) {
    std::scoped_lock const lock(mutex_);
    auto const found = free_at_.find(address);
    // A slot further away than one interval means that the clock was set back: it is no reason to wait.
    if (found != free_at_.end() && found->second > now && found->second - now <= interval)
        return found->second - now;
    if (free_at_.size() >= most_addresses)
        std::erase_if(free_at_, [&](auto const& entry) { return entry.second <= now; });
    free_at_[address] = now + interval;
    return Milliseconds { 0 };
}

Channel const* find_channel(std::string_view name) {
    static auto const all = channels::all();
    for (auto const& channel : all)
        if (channel.name == name)
            return &channel;
    return nullptr;
}

std::string portal_of(ChannelAccess const& access) {
    auto const found = access.settings.find("portal_url");
    return found == access.settings.end() ? std::string() : found->second;
}

Result<DeliveryOutcome> deliver(
    Delivery delivery, ChannelAccess access, Http& http, Clock& clock, DeliveryPace* pace) {
    auto const* channel = find_channel(delivery.route.channel);
    if (channel == nullptr)
        return Error { ErrorKind::invalid_input,
            "there is no channel \"" + shorten(delivery.route.channel, 40) + "\"" };
    if (access.base_url.empty())
        access.base_url = channel->default_base_url;
    while (access.base_url.ends_with('/'))
        access.base_url.pop_back();
    auto const origin = origin_of(access.base_url);
    if (!is_usable(origin))
        return Error { ErrorKind::invalid_input,
            "channel " + delivery.route.channel + ": its base URL must be https (http for loopback only)" };
    GuardedHttp guarded(http, origin, { access.token });

    std::vector<std::string> notes;
    if (delivery.attempt == Attempt::repeated && channel->find_sent != nullptr) {
        auto found = channel->find_sent(delivery, access, guarded);
        if (found && *found)
            return DeliveryOutcome { Delivered { **found, { "an earlier try had arrived" } } };
        if (!found) // Twice is better than never.
            notes.push_back("may be a repeat: " + found.error().message);
    }
    if (pace != nullptr && channel->pace.count() > 0)
        if (auto const wait
            = pace->take(delivery.route.channel + " " + delivery.route.address, channel->pace, clock.now());
            wait.count() > 0)
            return DeliveryOutcome { RetryAfter { wait, "one message at a time to one address" } };

    upload(*channel, delivery, access, guarded, notes);
    auto sent = send_until_settled(*channel, delivery, access, guarded, clock);
    auto* delivered = std::get_if<Delivered>(&sent.outcome);
    if (delivered == nullptr)
        return without_secrets(std::move(sent.outcome), guarded);
    notes.insert(notes.end(), sent.notes.begin(), sent.notes.end());
    if (channel->follow_ups != nullptr)
        for (auto request : channel->follow_ups(delivery, access, delivered->reference)) {
            request.resend = HttpRequest::Resend::once;
            auto const outcome = channel->classify(guarded.send(request), delivery);
            if (auto const* rejected = std::get_if<Rejected>(&outcome))
                notes.push_back("follow-up: " + rejected->why);
            else if (auto const* retry = std::get_if<RetryAfter>(&outcome))
                notes.push_back("follow-up: " + retry->why);
        }
    for (auto& note : notes)
        delivered->notes.push_back(guarded.without_secrets(std::move(note)));
    return std::move(sent.outcome);
}

} // namespace convops
