// A button that somebody pressed in Slack.
#include "base/text.h"
#include "conversation/formats.h"

namespace convops {

namespace {

constexpr JsonLimits limits { .bytes = most_inbound_bytes, .depth = 64 };

bool plain(std::string const& text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.';
    });
}

// What the pressed button says; nullopt: it is none of ours.
std::optional<Said> said_by(Json const& action) {
    auto const id = text_at(action, "action_id");
    if (id == dig_deeper_action)
        return DigDeeper {};
    if (id != right_action && id != not_it_action)
        return std::nullopt;
    auto mark = text_at(action, "value");
    if (!is_mark(mark))
        return std::nullopt;
    return Judged { id == right_action ? Opinion::right : Opinion::wrong, std::move(mark) };
}

// In a channel that two organisations share, people of both may press. `team` is the workspace that the app is in.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
bool is_guest(Json const& payload) {
    auto const home = text_at(payload, "team.id");
    auto const theirs = text_at(payload, "user.team_id");
    return !home.empty() && !theirs.empty() && home != theirs;
}

} // namespace

Result<Inbound> slack_interaction_from(Json const& payload) {
    Inbound inbound;
    if (text_at(payload, "type") != "block_actions")
        return inbound; // shortcuts and views: we have none
    for (auto const& action : list_at(payload, "actions")) {
        auto said = said_by(action);
        if (!said || inbound.utterances.size() == most_utterances)
            continue;
        Utterance utterance;
        utterance.channel = "slack";
        utterance.address = text_at(payload, "container.channel_id", text_at(payload, "channel.id"));
        auto const message = text_at(payload, "container.message_ts", text_at(payload, "message.ts"));
        utterance.answers = text_at(payload, "message.thread_ts", text_at(payload, "container.thread_ts", message));
        utterance.author = text_at(payload, "user.id");
        auto const pressed = text_at(action, "action_ts");
        if (!plain(utterance.address) || !plain(utterance.answers) || !plain(utterance.author) || !plain(pressed))
            return Error { ErrorKind::invalid_input, "a Slack button without channel, message, user or time" };
        utterance.event_id = utterance.address + "/" + message + "/" + pressed;
        utterance.at = time_from_seconds(std::clamp(std::strtod(pressed.c_str(), nullptr), 0.0, 4e9));
        utterance.said = *std::move(said);
        utterance.guest = is_guest(payload);
        inbound.utterances.push_back(std::move(utterance));
    }
    return inbound;
}

Result<Inbound> parse_slack_interaction(std::string_view body) {
    if (body.size() > most_inbound_bytes)
        return Error { ErrorKind::invalid_input, "the interaction is too large" };
    auto const fields = form_fields(body);
    auto const payload = fields.find("payload");
    if (payload == fields.end())
        return Error { ErrorKind::invalid_input, "an interaction without payload" };
    return slack_interaction_from(TRY(parse_json(payload->second, limits)));
}

} // namespace convops
