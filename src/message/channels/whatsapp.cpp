// WhatsApp Cloud API: few, short messages. Within the 24-hour window free text and the chart; outside it the approved
// template. WhatsApp can not edit, so later messages answer the first one.
// https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
//
// The template to register (category Utility, language as in `template_language`), three body parameters:
//   ConvOps alert: {{1}}. {{2}} {{3}} Reply Hi for the details.
#include "base/text.h"
#include "message/channels.h"
#include "message/escape.h"
#include "message/form.h"
#include "message/phrases.h"
#include "message/words.h"

#include <array>
#include <cctype>

namespace convops {

namespace {

constexpr std::size_t most_text = 4096; // text.body, in characters as all of these
constexpr std::size_t most_caption = 1024; // image.caption
// What a phone shows without scrolling far, at night: first facts, and a diagnosis that fits under its picture.
constexpr std::size_t most_first_facts = 700;
constexpr std::size_t most_diagnosis = 1000;
constexpr std::size_t most_template_text = 1024; // the whole body; the fixed words and three parameters share it
constexpr std::size_t most_line = 500;

std::string setting(ChannelAccess const& access, std::string const& name, std::string_view otherwise) {
    auto const found = access.settings.find(name);
    return found == access.settings.end() || found->second.empty() ? std::string(otherwise) : found->second;
}

std::string digits_of(std::string_view text) {
    std::string out;
    for (char const c : text)
        if (std::isdigit(static_cast<unsigned char>(c)) != 0 && out.size() < 20)
            out += c;
    return out;
}

HttpRequest request_to(ChannelAccess const& access, std::string_view edge, std::string_view type, std::string body) {
    HttpRequest request;
    request.method = "POST";
    request.url = access.base_url + "/" + setting(access, "api_version", "v23.0") + "/"
        + digits_of(setting(access, "phone_number_id", "")) + "/" + std::string(edge);
    request.headers = { { "Authorization", "Bearer " + access.token }, { "Content-Type", std::string(type) } };
    request.body = std::move(body);
    return request;
}

std::string_view severity_mark(Message const& message) {
    if (message.kind == MessageKind::resolved || message.over)
        return "✅";
    if (message.kind == MessageKind::answer)
        return "💬";
    constexpr std::array<std::string_view, 4> marks { "🔴", "🟠", "🟡", "⚪" };
    auto const index = static_cast<std::size_t>(message.severity);
    return index >= 1 && index <= marks.size() ? marks[index - 1] : "";
}

std::string cited(CitedLine const& line) {
    auto text = whatsapp_line(line.text, most_line);
    std::vector<std::string> ids;
    for (auto const& id : line.facts)
        if (ids.size() < 4)
            ids.push_back(whatsapp_line(id.text, 12));
    return ids.empty() ? text : text + " [" + join(ids, ", ") + "]";
}

// Adds "*Heading*" and lines while they fit into `most` characters; counts the rest.
void add_list(std::string& out, std::string_view heading, std::vector<std::string> const& lines, std::size_t most,
    Catalogue const& say_it) {
    constexpr std::size_t room_for_more = 24;
    std::string block = "\n\n*" + std::string(heading) + "*";
    std::size_t shown = 0;
    for (auto const& line : lines) {
        if (width_of(out) + width_of(block) + 1 + width_of(line) + room_for_more > most)
            break;
        block += "\n" + line;
        ++shown;
    }
    if (shown == 0)
        return;
    if (shown < lines.size())
        block += "\n" + say(say_it.and_more, { std::to_string(lines.size() - shown) });
    out += block;
}

std::vector<std::string> bulleted(std::vector<CitedLine> const& lines) {
    constexpr std::size_t most_lines = 4; // A phone at night: few lines; Slack and the portal have the rest.
    std::vector<std::string> out;
    for (auto const& line : lines) {
        if (out.size() == most_lines)
            break;
        out.push_back("• " + cited(line));
    }
    return out;
}

std::vector<std::string> ranked(Message const& message) {
    constexpr std::size_t most_causes = 5;
    std::vector<std::string> out;
    for (auto const& [rank, cause] : causes_to_list(message))
        if (out.size() < most_causes)
            out.push_back(std::to_string(rank) + ". " + cited(*cause));
    return out;
}

std::size_t most_of(Message const& message) {
    static_assert(most_diagnosis <= most_caption); // words and picture are one message
    return message.kind == MessageKind::first_facts ? most_first_facts
        : message.kind == MessageKind::answer       ? most_text
                                                    : most_diagnosis;
}

std::string name_in_whatsapp(Voter const& voter) {
    return whatsapp_line(voter.place, 60);
}

// Who confirmed it, what is known from before, and what it costs: a line each.
void add_memory(std::string& out, Message const& message) {
    for (auto const& [opinion, words] :
        { std::pair { Opinion::right, &message.vote.said_right }, { Opinion::wrong, &message.vote.said_not_it } })
        if (!words->empty())
            out += "\n"
                + whatsapp_line(say(*words, { voter_names(message.vote, opinion, name_in_whatsapp) }), most_line);
    for (auto const* line : { &message.vote.outcome, &message.vote.track_record })
        if (!line->empty())
            out += "\n" + whatsapp_line(*line, most_line);
    if (!message.seen_before.text.empty())
        out += "\n" + cited(message.seen_before);
    if (!message.spend.empty())
        out += "\n" + whatsapp_line(message.spend, most_line);
}

std::vector<std::string> runbook_lines(Message const& message) {
    constexpr std::size_t most_steps = 2;
    std::vector<std::string> out;
    for (auto const& runbook : message.runbooks) {
        // The phone makes a link of an address; only one that the settings begin may stay one.
        bool const link = !runbook.address.empty() && may_link(runbook.place, runbook.address);
        out.push_back("• " + whatsapp_line(runbook.title, 120) + ": "
            + (link ? runbook.place : whatsapp_line(runbook.place, 160)));
        for (std::size_t i = 0; i < std::min(most_steps, runbook.steps.size()); ++i)
            out.push_back("  " + whatsapp_line(runbook.steps[i], 160));
    }
    return out;
}

// What to do comes before how it came about: the end is what a long message loses.
std::string text_of(Message const& message, ChannelAccess const& access, std::size_t most) {
    auto const& say_it = words(message.language);
    auto const title = whatsapp_line(message.title, 300);
    std::string out = std::string(severity_mark(message)) + " *" + (title.empty() ? "ConvOps" : title) + "*";
    CitedLine const headline { message.headline, message.headline_facts, "" };
    if (!message.headline.empty())
        out += "\n" + cited(headline);
    for (auto const& line : message.explained)
        out += "\n" + cited(line);
    if (!message.severity_why.empty())
        out += "\n" + whatsapp_line(message.severity_why, most_line);
    add_memory(out, message);
    std::string tail;
    if (!message.deeper_hint.empty())
        tail = "\n\n" + whatsapp_line(message.deeper_hint, 200);
    if (!message.footer.empty())
        tail += "\n\n" + whatsapp_line(message.footer, 200);
    if (may_link(message.link, portal_of(access)))
        tail += "\n" + message.link;
    auto const room = most - std::min(most, width_of(tail));
    auto const causes = ranked(message);
    add_list(out, causes.size() == message.causes.size() ? say_it.causes : say_it.other_causes, causes, room, say_it);
    std::vector<std::string> actions;
    for (auto const& action : message.actions)
        if (actions.size() < 3)
            actions.push_back("• " + whatsapp_line(action.statement, most_line));
    add_list(out, say_it.suggested, actions, room, say_it);
    add_list(out, say_it.runbooks.heading, runbook_lines(message), room, say_it);
    add_list(out, say_it.what_happened, bulleted(message.what_happened), room, say_it);
    std::vector<std::string> gaps;
    for (auto const& gap : message.not_seen)
        if (gaps.size() < 3)
            gaps.push_back("• " + whatsapp_line(gap, most_line));
    add_list(out, say_it.not_seen, gaps, room, say_it);
    return width_of(out) + width_of(tail) <= most ? out + tail : shorten(out, most);
}

// No newline, no tab, no run of more than four spaces (one_line() leaves single ones); never empty.
// https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes 132000, 132012
JsonObject parameter(std::string_view text, std::size_t most) {
    auto value = whatsapp_line(text, most);
    return { { "type", "text" }, { "text", value.empty() ? std::string("-") : std::move(value) } };
}

JsonObject template_of(Message const& message, ChannelAccess const& access) {
    static_assert(200 + 450 + 250 + 64 <= most_template_text);
    auto const detail = !message.causes.empty() ? message.causes.front().text
        : !message.what_happened.empty()        ? message.what_happened.front().text
                                                : message.footer;
    JsonArray parameters { parameter(message.title, 200), parameter(message.headline, 450), parameter(detail, 250) };
    return { { "name", setting(access, "template_name", "convops_incident") },
        { "language", JsonObject { { "code", setting(access, "template_language", message.language) } } },
        { "components", JsonArray { JsonObject { { "type", "body" }, { "parameters", std::move(parameters) } } } } };
}

JsonObject envelope(Delivery const& delivery) {
    JsonObject body { { "messaging_product", "whatsapp" }, { "recipient_type", "individual" },
        { "to", digits_of(delivery.route.address) } };
    if (delivery.previous && !delivery.previous->message_id.empty())
        body["context"] = JsonObject { { "message_id", delivery.previous->message_id } };
    // Comes back in the status webhooks, so that a repeated message can be told from a new one; at most 512.
    body["biz_opaque_callback_data"] = one_line(delivery.idempotency_key, 200);
    return body;
}

HttpRequest message_request(ChannelAccess const& access, JsonObject const& body) {
    return request_to(access, "messages", "application/json", to_text(body));
}

JsonObject image_of(Delivery const& delivery, std::string caption) {
    return { { "id", delivery.chart_reference }, { "caption", std::move(caption) } };
}

// https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages: a body of at
// most 1,024 characters, up to three buttons with a title of 20 characters and an id of 256, a picture above.
constexpr std::size_t most_button_title = 20;
constexpr std::size_t most_interactive_text = 1024;

std::string title_of(std::string_view label) {
    auto title = whatsapp_line(label, 4 * most_button_title);
    return width_of(title) <= most_button_title ? title : shorten(title, most_button_title);
}

JsonObject interactive_of(Delivery const& delivery, ChannelAccess const& access) {
    auto const& message = delivery.message;
    JsonArray buttons;
    auto const add = [&](std::string const& label, std::string id) {
        if (!label.empty())
            buttons.push_back(JsonObject { { "type", "reply" },
                { "reply", JsonObject { { "id", std::move(id) }, { "title", title_of(label) } } } });
    };
    add(message.vote.label_right, std::string(right_action) + ":" + message.vote.mark);
    add(message.vote.label_not_it, std::string(not_it_action) + ":" + message.vote.mark);
    add(message.deeper, std::string(dig_deeper_action));
    JsonObject interactive { { "type", "button" },
        { "body",
            JsonObject { { "text", text_of(message, access, std::min(most_of(message), most_interactive_text)) } } },
        { "action", JsonObject { { "buttons", std::move(buttons) } } } };
    if (!delivery.chart_reference.empty())
        interactive["header"]
            = JsonObject { { "type", "image" }, { "image", JsonObject { { "id", delivery.chart_reference } } } };
    return interactive;
}

HttpRequest render(Delivery const& delivery, ChannelAccess const& access) {
    auto body = envelope(delivery);
    auto const& message = delivery.message;
    if (!delivery.within_session) {
        body["type"] = "template";
        body["template"] = template_of(message, access);
    } else if (!message.vote.label_right.empty()) {
        body["type"] = "interactive";
        body["interactive"] = interactive_of(delivery, access);
    } else if (!delivery.chart_reference.empty()) {
        body["type"] = "image";
        body["image"] = image_of(delivery, text_of(message, access, std::min(most_of(message), most_caption)));
    } else {
        body["type"] = "text";
        body["text"]
            = JsonObject { { "preview_url", false }, { "body", text_of(message, access, most_of(message)) } };
    }
    return message_request(access, body);
}

Trouble trouble_of(int status) {
    return status == 429 ? Trouble::rate_limited : Trouble::theirs;
}

// https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
DeliveryOutcome classify_error(std::int64_t code, int status, Json const& answer) {
    auto const details = one_line(text_at(answer, "error.error_data.details", text_at(answer, "error.message")), 160);
    auto const why = "WhatsApp error " + std::to_string(code) + (details.empty() ? "" : ": " + details);
    switch (code) {
    case 131056: // too many to this one person
        return RetryAfter { Milliseconds { 6000 }, why, Trouble::address_limited };
    case 4:
    case 80007:
    case 130429: // too many in all
        return RetryAfter { Milliseconds { 10'000 }, why, Trouble::rate_limited };
    case 131048: // a quality limit: hours, not seconds
        return RetryAfter { Milliseconds { 3'600'000 }, why, Trouble::rate_limited };
    case 1:
    case 2:
    case 131000:
    case 131016:
    case 131057:
    case 133004: // Meta's own troubles and maintenance
        return RetryAfter { Milliseconds { 5000 }, why, Trouble::theirs };
    case 0:
    case 190:
        return Rejected { why + " (the access token is not valid: make a new one)" };
    case 131026:
        return Rejected { why + " (undeliverable: no WhatsApp there, an old version, or terms not accepted)" };
    case 131047:
        return Rejected { why + " (more than 24 hours since the last answer: only a template may be sent)" };
    case 132001:
        return Rejected { why + " (the template does not exist in this language or is not approved)" };
    default:
        if (status == 429 || status >= 500)
            return RetryAfter { Milliseconds { 5000 }, why, trouble_of(status) };
        return Rejected { why };
    }
}

DeliveryOutcome classify(Result<HttpResponse> const& answer, Delivery const& delivery) {
    if (!answer) {
        if (answer.error().kind == ErrorKind::invalid_input)
            return Rejected { answer.error().message };
        return RetryAfter { Milliseconds { 3000 }, answer.error().message, Trouble::network };
    }
    auto const json = parse_json(answer->body);
    if (!json || !json->is_object()) {
        auto const why = "WhatsApp answered " + std::to_string(answer->status) + " without JSON";
        if (answer->status == 200 || answer->status == 429 || answer->status >= 500)
            return RetryAfter { Milliseconds { 5000 }, why, trouble_of(answer->status) };
        return Rejected { why };
    }
    if (auto const code = integer_at(*json, "error.code"))
        return classify_error(*code, answer->status, *json);
    auto const& messages = list_at(*json, "messages");
    auto const id = messages.empty() ? std::string() : text_at(messages[0], "id");
    if (answer->status == 200 && !id.empty())
        return Delivered { { digits_of(delivery.route.address), id }, {} };
    if (answer->status == 429 || answer->status >= 500)
        return RetryAfter { Milliseconds { 5000 }, "WhatsApp answered " + std::to_string(answer->status),
            trouble_of(answer->status) };
    return Rejected { "WhatsApp answered " + std::to_string(answer->status) + " without a message id" };
}

Result<std::string> upload_chart(Delivery const& delivery, ChannelAccess const& access, Http& http) {
    if (!delivery.within_session)
        return std::string(); // The template has no picture.
    auto form = multipart_form({ { "messaging_product", "whatsapp" }, { "type", "image/png" } },
        { "file", "chart.png", "image/png", delivery.message.chart_png });
    auto const answer = TRY(http.send(request_to(access, "media", form.content_type, std::move(form.body))));
    auto const json = TRY(parse_json(answer.body).with_context("whatsapp media upload"));
    auto id = text_at(json, "id");
    if (answer.status != 200 || id.empty())
        return Error { ErrorKind::unavailable,
            "whatsapp media upload: status " + std::to_string(answer.status) + ", error "
                + std::to_string(integer_at(json, "error.code").value_or(0)) };
    return id;
}

std::optional<Delivery> plainer(Result<HttpResponse> const& answer, Delivery const& delivery) {
    if (!answer)
        return std::nullopt;
    auto const json = parse_json(answer->body);
    auto const code = json ? integer_at(*json, "error.code") : std::nullopt;
    auto plain = delivery;
    if (code == 131047 && delivery.within_session) {
        plain.within_session = false;
        return plain;
    }
    // The template exists in English at least: the words that fill it stay the reader's.
    if (code == 132001 && !delivery.within_session && delivery.message.language != "en") {
        plain.message.language = "en";
        return plain;
    }
    // 131009: a parameter is not valid; 131051: this kind of message is not taken. The words alone say the same.
    if ((code == 131009 || code == 131051) && !delivery.message.vote.label_right.empty()) {
        plain.message.vote.label_right.clear();
        return plain;
    }
    // 131052, 131053: the picture could not be fetched or is not taken.
    if ((code == 131052 || code == 131053) && !delivery.chart_reference.empty()) {
        plain.chart_reference.clear();
        plain.message.chart_png.clear();
        return plain;
    }
    return std::nullopt;
}

// Throughput: 80 messages a second from one phone number. The pair rate limit: one message in 6 seconds to one
// person; a burst of up to 45 is taken and borrowed from later, of which five are enough for one incident.
constexpr std::array<RateLimit, 2> rate_limits {
    RateLimit { RateLimit::Counts::every_message, RateLimit::Per::address, 5, Milliseconds { 6000 },
        "https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits" },
    RateLimit { RateLimit::Counts::every_message, RateLimit::Per::token, 80, Milliseconds { 13 },
        "https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput" },
};

} // namespace

channels::Registered make_whatsapp() {
    return { .name = "whatsapp",
        .default_base_url = "https://graph.facebook.com",
        .render = render,
        .classify = classify,
        .upload_chart = upload_chart,
        .plainer = plainer,
        .limits = rate_limits };
}

} // namespace convops
