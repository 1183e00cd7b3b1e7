// Slack with a bot token: one message per incident, edited in place as evidence arrives; the resolved notice answers
// in its thread and marks the headline.
// Scopes: chat:write, files:write for the chart; channels:history (groups:history) to recognise an earlier try.
#include "base/text.h"
#include "message/channels.h"
#include "message/form.h"
#include "message/phrases.h"
#include "message/slack_blocks.h"
#include "message/words.h"

#include <array>

namespace convops {

namespace {

constexpr std::string_view event_type = "convops_incident";
constexpr std::size_t most_key_bytes = 200;

HttpRequest request_to(
    ChannelAccess const& access, std::string_view method, std::string_view type, std::string body) {
    HttpRequest request;
    request.method = "POST";
    request.url = access.base_url + "/api/" + std::string(method);
    request.headers = { { "Authorization", "Bearer " + access.token }, { "Content-Type", std::string(type) } };
    request.body = std::move(body);
    return request;
}

HttpRequest json_request(ChannelAccess const& access, std::string_view method, Json const& body) {
    return request_to(access, method, "application/json; charset=utf-8", to_text(body));
}

HttpRequest form_request(ChannelAccess const& access, std::string_view method, FormFields const& fields) {
    return request_to(access, method, "application/x-www-form-urlencoded", form_encoded(fields));
}

bool answers_in_thread(Delivery const& delivery) {
    auto const kind = delivery.message.kind;
    return delivery.previous && kind != MessageKind::first_facts && kind != MessageKind::diagnosis;
}

std::string channel_of(Delivery const& delivery) {
    return delivery.previous && !delivery.previous->channel_id.empty() ? delivery.previous->channel_id
                                                                       : delivery.route.address;
}

JsonObject payload_for(Message const& message, Delivery const& delivery, ChannelAccess const& access) {
    auto payload = slack_payload(message, portal_of(access), delivery.chart_reference);
    payload["channel"] = one_line(channel_of(delivery), 80);
    // "none": nothing in `text` is linked or parsed. https://docs.slack.dev/reference/methods/chat.postMessage
    payload["parse"] = "none";
    payload["link_names"] = false;
    // Slack has no idempotency key, so ours travels as metadata, where find_sent() can see it again.
    // https://docs.slack.dev/messaging/message-metadata
    payload["metadata"] = JsonObject { { "event_type", event_type },
        { "event_payload",
            JsonObject { { "key", one_line(delivery.idempotency_key, most_key_bytes) },
                { "incident", one_line(message.incident.text, most_key_bytes) } } } };
    return payload;
}

bool edits(Delivery const& delivery) {
    return delivery.previous && !answers_in_thread(delivery);
}

HttpRequest render(Delivery const& delivery, ChannelAccess const& access) {
    auto payload = payload_for(delivery.message, delivery, access);
    if (!delivery.previous)
        return json_request(access, "chat.postMessage", payload);
    if (answers_in_thread(delivery)) {
        payload["thread_ts"] = delivery.previous->message_id;
        return json_request(access, "chat.postMessage", payload);
    }
    payload["ts"] = delivery.previous->message_id;
    return json_request(access, "chat.update", payload);
}

// Marks what the channel shows already: "Resolved · ..." above the same words.
std::vector<HttpRequest> follow_ups(
    Delivery const& delivery, ChannelAccess const& access, MessageReference const& sent) {
    if (delivery.message.kind != MessageKind::resolved || !delivery.previous || !delivery.shown)
        return {};
    auto marked = *delivery.shown;
    marked.kind = MessageKind::resolved;
    marked.title = words(marked.language).resolved_mark.text() + " · " + marked.title;
    auto payload = payload_for(marked, delivery, access);
    payload["ts"] = sent.message_id;
    return { json_request(access, "chat.update", payload) };
}

// Slack's own words for "try again": its troubles, not ours.
bool is_passing(std::string_view error) {
    constexpr std::array<std::string_view, 5> passing { "internal_error", "fatal_error", "service_unavailable",
        "request_timeout", "team_added_to_org" };
    return std::find(passing.begin(), passing.end(), error) != passing.end();
}

// The file was uploaded, but Slack is still looking at it: it answers invalid_blocks until it is done.
// https://github.com/slackapi/slack-github-action/issues/413,
// https://github.com/slackapi/python-slack-sdk/issues/1521
bool chart_not_ready(std::string_view error, Json const& answer, Delivery const& delivery) {
    return error == "invalid_blocks" && !delivery.chart_reference.empty()
        && to_text(answer).find("slack_file") != std::string::npos;
}

RetryAfter limited(HttpResponse const& response) {
    return { asked_wait(response, Milliseconds { 5000 }), "Slack's rate limit", Trouble::rate_limited };
}

DeliveryOutcome classify_json(HttpResponse const& response, Json const& answer, Delivery const& delivery) {
    if (flag_at(answer, "ok")) {
        // A thread belongs to its first message, which is what later messages edit and answer.
        if (answers_in_thread(delivery))
            return Delivered { *delivery.previous, {} };
        auto const ts = text_at(answer, "ts");
        if (ts.empty())
            return Rejected { "Slack said ok without a ts" };
        return Delivered { { text_at(answer, "channel", channel_of(delivery)), ts }, {} };
    }
    auto const error = text_at(answer, "error", "unknown_error");
    if (error == "ratelimited" || error == "rate_limited")
        return limited(response);
    if (is_passing(error)) // "fatal_error": some of it may have succeeded, say the pages of every method.
        return RetryAfter { asked_wait(response, Milliseconds { 3000 }), "Slack has a problem: " + error,
            Trouble::theirs };
    if (chart_not_ready(error, answer, delivery))
        return RetryAfter { Milliseconds { 700 }, "Slack is still processing the chart", Trouble::not_ready };
    return Rejected { slack_refusal(error, answer) };
}

DeliveryOutcome classify(Result<HttpResponse> const& answer, Delivery const& delivery) {
    if (!answer) {
        if (answer.error().kind == ErrorKind::invalid_input)
            return Rejected { answer.error().message };
        return RetryAfter { Milliseconds { 3000 }, answer.error().message, Trouble::network };
    }
    if (answer->status == 429)
        return limited(*answer);
    if (answer->status >= 500)
        return RetryAfter { asked_wait(*answer, Milliseconds { 3000 }),
            "Slack answered " + std::to_string(answer->status), Trouble::theirs };
    auto const json = parse_json(answer->body);
    if (json && json->is_object())
        return classify_json(*answer, *json, delivery);
    if (answer->status == 200) // A proxy's page: whether Slack posted is not known.
        return RetryAfter { Milliseconds { 10'000 }, "Slack's answer was not JSON", Trouble::theirs };
    return Rejected { "Slack answered " + std::to_string(answer->status) + " without JSON" };
}

// A call beside the main one: its answer when Slack said ok.
Result<Json> checked(Result<HttpResponse> const& answer, std::string_view method) {
    auto const fail = [&](ErrorKind kind, std::string const& why) {
        return Error { kind, "slack " + std::string(method) + ": " + why };
    };
    if (!answer)
        return answer.error().with_context("slack " + std::string(method));
    if (answer->status != 200)
        return fail(answer->status == 429 ? ErrorKind::throttled : ErrorKind::unavailable,
            "status " + std::to_string(answer->status));
    auto const json = parse_json(answer->body);
    if (!json)
        return fail(ErrorKind::corrupt, "the answer was not JSON");
    if (!flag_at(*json, "ok"))
        return fail(ErrorKind::invalid_input, slack_refusal(text_at(*json, "error"), *json));
    return *json;
}

// https://docs.slack.dev/messaging/working-with-files#uploading_files: ask for a URL, post the bytes, complete.
// Without a channel the file stays with the app until a message shows it.
Result<std::string> upload_chart(Delivery const& delivery, ChannelAccess const& access, Http& http) {
    auto const& png = delivery.message.chart_png;
    auto const ask = form_request(access, "files.getUploadURLExternal",
        { { "filename", "chart.png" }, { "length", std::to_string(png.size()) },
            { "alt_txt", one_line(delivery.message.chart_alt, 1000) } });
    auto const place = TRY(checked(http.send(ask), "files.getUploadURLExternal"));
    auto file_id = text_at(place, "file_id");
    HttpRequest bytes;
    bytes.method = "POST";
    bytes.url = text_at(place, "upload_url");
    bytes.headers = { { "Content-Type", "application/octet-stream" } };
    bytes.body = png;
    auto const uploaded = TRY(http.send(bytes));
    if (uploaded.status != 200)
        return Error { ErrorKind::unavailable, "slack file upload: status " + std::to_string(uploaded.status) };
    JsonObject const completion { { "files", JsonArray { JsonObject { { "id", file_id }, { "title", "Chart" } } } } };
    TRY(checked(
        http.send(json_request(access, "files.completeUploadExternal", completion)), "files.completeUploadExternal"));
    return file_id;
}

// Only what a tired reader needs first: for a channel that took no more.
Delivery shortened(Delivery delivery) {
    delivery.message.what_happened.clear();
    delivery.message.causes.clear();
    delivery.message.ruled_out.clear();
    delivery.message.not_seen.clear();
    delivery.message.actions.clear();
    return delivery;
}

std::optional<Delivery> plainer(Result<HttpResponse> const& answer, Delivery const& delivery) {
    if (!answer)
        return std::nullopt;
    auto const json = parse_json(answer->body);
    if (!json)
        return std::nullopt;
    auto const error = text_at(*json, "error");
    bool const blocks_refused = error == "invalid_blocks" || error == "invalid_blocks_format";
    auto plain = delivery;
    if (blocks_refused && !delivery.chart_reference.empty()) {
        plain.chart_reference.clear();
        plain.message.chart_png.clear();
        return plain;
    }
    bool const gone = error == "message_not_found" || error == "cant_update_message" || error == "edit_window_closed"
        || error == "thread_not_found";
    if (gone && delivery.previous) {
        plain.previous.reset();
        plain.shown.reset();
        return plain;
    }
    auto const& message = delivery.message;
    bool const has_more = !message.what_happened.empty() || !message.causes.empty() || !message.not_seen.empty()
        || !message.ruled_out.empty() || !message.actions.empty();
    if ((blocks_refused || error == "msg_blocks_too_long" || error == "msg_too_long") && has_more)
        return shortened(std::move(plain));
    return std::nullopt;
}

Result<std::optional<MessageReference>> find_sent(Delivery const& delivery, ChannelAccess const& access, Http& http) {
    using Found = std::optional<MessageReference>;
    bool const in_thread = answers_in_thread(delivery);
    if (edits(delivery))
        return Found {}; // An edit may be repeated: it ends the same.
    std::string_view const method = in_thread ? "conversations.replies" : "conversations.history";
    FormFields fields { { "channel", channel_of(delivery) }, { "include_all_metadata", "true" }, { "limit", "100" } };
    if (in_thread)
        fields.emplace_back("ts", delivery.previous->message_id);
    auto const answer = TRY(checked(http.send(form_request(access, method, fields)), method));
    for (auto const& message : list_at(answer, "messages")) {
        if (text_at(message, "metadata.event_type") != event_type
            || text_at(message, "metadata.event_payload.key") != one_line(delivery.idempotency_key, most_key_bytes))
            continue;
        return in_thread ? Found(delivery.previous) : Found({ channel_of(delivery), text_at(message, "ts") });
    }
    return Found {};
}

// chat.postMessage: one message a second to one channel, bursts without a promise. chat.update is a tier 3 method:
// 50 a minute for the whole token, sporadic bursts welcome. Charts are uploaded by tier 4 methods, twice as often.
constexpr std::array<RateLimit, 2> rate_limits {
    RateLimit { RateLimit::Counts::new_messages, RateLimit::Per::address, 1, Milliseconds { 1000 },
        "https://docs.slack.dev/apis/web-api/rate-limits" },
    RateLimit { RateLimit::Counts::edits, RateLimit::Per::token, 20, Milliseconds { 1200 },
        "https://docs.slack.dev/reference/methods/chat.update" },
};

} // namespace

channels::Registered make_slack() {
    return { .name = "slack",
        .default_base_url = "https://slack.com",
        .render = render,
        .classify = classify,
        .upload_chart = upload_chart,
        .follow_ups = follow_ups,
        .plainer = plainer,
        .find_sent = find_sent,
        .edits = edits,
        .limits = rate_limits };
}

} // namespace convops
