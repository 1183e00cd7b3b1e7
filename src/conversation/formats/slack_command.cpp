// The slash command: /convops status, /convops help.
#include "base/text.h"
#include "conversation/formats.h"

namespace convops {

namespace {

bool plain(std::string const& text) {
    return !text.empty() && text.size() <= 100
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '/'; });
}

} // namespace

Result<Inbound> slack_command_from(Json const& payload) {
    Utterance utterance;
    utterance.channel = "slack";
    utterance.address = text_at(payload, "channel_id");
    utterance.author = text_at(payload, "user_id");
    utterance.event_id = text_at(payload, "trigger_id"); // one for each time that it is typed
    if (!plain(utterance.address) || !plain(utterance.author) || !plain(utterance.event_id))
        return Error { ErrorKind::invalid_input, "a slash command without channel, user or trigger" };
    auto said = understand(text_at(payload, "text"), Address::to_us);
    // A command names no thread, so it can be about no incident: anything but a word is answered with the words.
    utterance.said = said && std::holds_alternative<Word>(*said) ? *said : Said(Word::help);
    Inbound inbound;
    inbound.utterances.push_back(std::move(utterance));
    return inbound;
}

Result<Inbound> parse_slack_command(std::string_view body) {
    if (body.size() > most_inbound_bytes)
        return Error { ErrorKind::invalid_input, "the command is too large" };
    JsonObject payload;
    for (auto const& [name, value] : form_fields(body))
        payload[name] = value;
    return slack_command_from(payload);
}

} // namespace convops
