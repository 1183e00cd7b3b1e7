// WhatsApp Cloud API webhooks: what people write, and what became of messages of ours.
#include "base/text.h"
#include "conversation/formats.h"

namespace convops {

namespace {

constexpr JsonLimits limits { .bytes = most_inbound_bytes, .depth = 64 };
constexpr std::size_t most_id_bytes = 200;

bool is_number(std::string const& text) {
    return text.size() >= 5 && text.size() <= 20
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "convops_right:4f2a...": a button of ours that judges the cause that its message showed.
std::optional<Said> judged_by(Json const& message) {
    auto const id = text_at(message, "interactive.button_reply.id");
    for (auto const& [action, opinion] :
        { std::pair { right_action, Opinion::right }, std::pair { not_it_action, Opinion::wrong } })
        if (id.starts_with(std::string(action) + ":") && is_mark(std::string_view(id).substr(action.size() + 1)))
            return Judged { opinion, id.substr(action.size() + 1) };
    return std::nullopt;
}

// A text, the title of a pressed button, or nothing (a picture, a sticker, a reaction, a system message).
std::optional<std::string> text_of(Json const& message) {
    auto const type = text_at(message, "type");
    if (type == "text")
        return text_at(message, "text.body");
    if (type == "button") // quick reply of a template
        return text_at(message, "button.payload", text_at(message, "button.text"));
    if (type != "interactive")
        return std::nullopt;
    auto const reply = text_at(message, "interactive.type");
    if (reply != "button_reply" && reply != "list_reply")
        return std::nullopt;
    auto const id = text_at(message, "interactive." + reply + ".id");
    return id == dig_deeper_action ? std::string("4") : text_at(message, "interactive." + reply + ".title");
}

void add_message(Json const& message, Inbound& inbound) {
    Utterance utterance;
    utterance.channel = "whatsapp";
    utterance.address = text_at(message, "from");
    utterance.author = utterance.address;
    utterance.message_id = text_at(message, "id");
    utterance.event_id = utterance.message_id;
    utterance.answers = text_at(message, "context.id"); // set when the message answers one
    utterance.at = time_at(message, "timestamp").value_or(Time {});
    if (!is_number(utterance.address) || utterance.message_id.empty() || utterance.message_id.size() > most_id_bytes
        || utterance.answers.size() > most_id_bytes || inbound.utterances.size() == most_utterances)
        return;
    auto const text = text_of(message);
    if (auto judged = judged_by(message)) {
        utterance.said = *std::move(judged);
        return inbound.utterances.push_back(std::move(utterance));
    }
    auto const said = text ? understand(*text, Address::to_us) : std::nullopt;
    utterance.said = said.value_or(Word::help); // a picture opens the 24 hours, too
    inbound.utterances.push_back(std::move(utterance));
}

void add_status(Json const& status, Inbound& inbound) {
    // sent, delivered and read are no news.
    if (text_at(status, "status") != "failed" || inbound.undelivered.size() == most_utterances)
        return;
    auto const& errors = list_at(status, "errors");
    auto const code = errors.empty() ? std::nullopt : integer_at(errors[0], "code");
    inbound.undelivered.push_back(
        { "whatsapp", shorten(clean_utf8(text_at(status, "id")), most_id_bytes), code ? std::to_string(*code) : "" });
}

} // namespace

Result<Inbound> parse_whatsapp_webhook(std::string_view body) {
    auto const json = TRY(parse_json(body, limits));
    if (text_at(json, "object") != "whatsapp_business_account")
        return Error { ErrorKind::invalid_input, "not a webhook of a WhatsApp business account" };
    Inbound inbound;
    for (auto const& entry : list_at(json, "entry"))
        for (auto const& change : list_at(entry, "changes")) {
            if (text_at(change, "field") != "messages")
                continue;
            for (auto const& message : list_at(change, "value.messages"))
                add_message(message, inbound);
            for (auto const& status : list_at(change, "value.statuses"))
                add_status(status, inbound);
        }
    return inbound;
}

} // namespace convops
