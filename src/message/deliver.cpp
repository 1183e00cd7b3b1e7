#include "message/deliver.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr int most_rounds = 6;
constexpr int most_short_waits = 3;
constexpr Milliseconds look_again_after { 10'000 };
constexpr Milliseconds short_wait {
    1500
}; // worth staying for while a chart is looked at; all else goes to the queue

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
        // Whatever else went wrong, the message may have arrived, or others may go first: the queue decides.
        if (retry != nullptr && retry->trouble == Trouble::not_ready && retry->wait <= short_wait
            && waits < most_short_waits) {
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

// A channel that says "wait" is left alone, by everything that this token would send.
void obey(DeliveryOutcome const& outcome, RateDemand const& demand, DeliveryRates& rates, Clock& clock) {
    auto const* retry = std::get_if<RetryAfter>(&outcome);
    if (retry == nullptr)
        return;
    if (retry->trouble == Trouble::rate_limited)
        rates.hold(demand.token, "", retry->wait, clock.monotonic());
    if (retry->trouble == Trouble::address_limited)
        rates.hold(demand.token, demand.address, retry->wait, clock.monotonic());
}

// The channel can say whether the message is there, only not now: asking later beats telling twice.
bool is_passing(ErrorKind kind) {
    return kind == ErrorKind::throttled || kind == ErrorKind::timeout || kind == ErrorKind::unavailable;
}

RetryAfter ask_again(Error const& error) {
    return { look_again_after, "looking for an earlier try: " + error.message,
        error.kind == ErrorKind::throttled ? Trouble::not_our_turn : Trouble::network };
}

// Their failure is a note: the message itself has arrived. They count towards the limits all the same.
void follow_up(Channel const& channel, Delivery const& delivery, ChannelAccess const& access, GuardedHttp& http,
    MessageReference const& sent, std::vector<std::string>& notes,
    std::function<void(DeliveryOutcome const&)> const& count) {
    if (channel.follow_ups == nullptr)
        return;
    for (auto request : channel.follow_ups(delivery, access, sent)) {
        request.resend = HttpRequest::Resend::once;
        auto const outcome = channel.classify(http.send(request), delivery);
        count(outcome);
        if (auto const* rejected = std::get_if<Rejected>(&outcome))
            notes.push_back("follow-up: " + rejected->why);
        else if (auto const* retry = std::get_if<RetryAfter>(&outcome))
            notes.push_back("follow-up: " + retry->why);
    }
}

} // namespace

std::string_view to_string(Trouble trouble) {
    switch (trouble) {
    case Trouble::not_our_turn:
        return "not our turn";
    case Trouble::rate_limited:
        return "rate limited";
    case Trouble::address_limited:
        return "address limited";
    case Trouble::not_ready:
        return "not ready";
    case Trouble::theirs:
        return "their trouble";
    case Trouble::network:
        return "network";
    case Trouble::ours:
        return "our trouble";
    }
    return "our trouble";
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

RateDemand demand_of(Channel const& channel, Delivery const& delivery, ChannelAccess const& access) {
    RateDemand demand { delivery.route.channel + " " + access.token, delivery.route.address, {} };
    bool const edits = channel.edits != nullptr && channel.edits(delivery);
    for (auto const& limit : channel.limits)
        if (limit.counts == RateLimit::Counts::every_message || (limit.counts == RateLimit::Counts::edits) == edits)
            demand.limits.push_back(&limit);
    return demand;
}

Result<DeliveryOutcome> deliver(
    Delivery delivery, ChannelAccess access, Http& http, Clock& clock, DeliveryRates* rates) {
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
    auto const demand = demand_of(*channel, delivery, access);
    if (rates != nullptr)
        if (auto const wait = rates->reserve(delivery.idempotency_key, demand, clock.monotonic()); wait.count() > 0)
            return DeliveryOutcome { RetryAfter { wait, "others go first", Trouble::not_our_turn } };
    if (delivery.attempt == Attempt::repeated && channel->find_sent != nullptr) {
        auto found = channel->find_sent(delivery, access, guarded);
        if (found && *found)
            return DeliveryOutcome { Delivered { **found, { "an earlier try had arrived" } } };
        if (!found && is_passing(found.error().kind))
            return DeliveryOutcome { ask_again(found.error()) };
        if (!found) // It will never be able to tell, and twice is better than never.
            notes.push_back("may be a repeat: " + found.error().message);
    }

    upload(*channel, delivery, access, guarded, notes);
    if (rates != nullptr)
        rates->use(delivery.idempotency_key, clock.monotonic());
    auto sent = send_until_settled(*channel, delivery, access, guarded, clock);
    if (rates != nullptr)
        obey(sent.outcome, demand, *rates, clock);
    auto* delivered = std::get_if<Delivered>(&sent.outcome);
    if (delivered == nullptr)
        return without_secrets(std::move(sent.outcome), guarded);
    notes.insert(notes.end(), sent.notes.begin(), sent.notes.end());
    follow_up(*channel, delivery, access, guarded, delivered->reference, notes, [&](DeliveryOutcome const& outcome) {
        if (rates == nullptr)
            return;
        rates->charge(demand, clock.monotonic());
        obey(outcome, demand, *rates, clock);
    });
    for (auto& note : notes)
        delivered->notes.push_back(guarded.without_secrets(std::move(note)));
    return std::move(sent.outcome);
}

} // namespace convops
