// Slack's incoming webhook: the smallest way to be told. It can post; it can not edit, answer in a thread or show a
// chart. The webhook URL is the secret (ChannelAccess::token).
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
#include "message/channels.h"
#include "message/phrases.h"
#include "message/slack_blocks.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_key_bytes = 200;

HttpRequest render(Delivery const& delivery, ChannelAccess const& access) {
    HttpRequest request;
    request.method = "POST";
    request.url = access.token;
    request.headers = { { "Content-Type", "application/json; charset=utf-8" },
        // Slack shows a repeated message twice; whoever stands in for it, or between, can tell by this.
        { "Idempotency-Key", one_line(delivery.idempotency_key, most_key_bytes) } };
    request.body = to_text(slack_payload(delivery.message, portal_of(access), ""));
    return request;
}

DeliveryOutcome classify(Result<HttpResponse> const& answer, Delivery const& delivery) {
    if (!answer) {
        // The message of a transport error may name the URL, which is the secret.
        if (answer.error().kind == ErrorKind::invalid_input)
            return Rejected { "the webhook URL is not usable" };
        return RetryAfter { Milliseconds { 3000 },
            "no answer from the Slack webhook: " + std::string(to_string(answer.error().kind)), Trouble::network };
    }
    if (answer->status == 200)
        return Delivered { { delivery.route.address, "" }, {} };
    if (answer->status == 429)
        return RetryAfter { asked_wait(*answer, Milliseconds { 5000 }), "Slack's rate limit", Trouble::rate_limited };
    if (answer->status >= 500)
        return RetryAfter { asked_wait(*answer, Milliseconds { 3000 }),
            "Slack answered " + std::to_string(answer->status), Trouble::theirs };
    // Refusals are plain text: "invalid_payload", "channel_is_archived", "no_service", "action_prohibited", ...
    return Rejected { slack_refusal(one_line(answer->body, 60), Json {}) };
}

// The URL is the token, and it posts to one channel.
constexpr std::array<RateLimit, 1> rate_limits { RateLimit { RateLimit::Counts::every_message, RateLimit::Per::token,
    1, Milliseconds { 1000 }, "https://docs.slack.dev/apis/web-api/rate-limits" } };

} // namespace

channels::Registered make_slack_webhook() {
    return { .name = "slack_webhook",
        .default_base_url = "https://hooks.slack.com",
        .render = render,
        .classify = classify,
        .limits = rate_limits };
}

} // namespace convops
