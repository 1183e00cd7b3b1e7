// Socket Mode: the same payloads, each in an envelope that wants to be acknowledged.
// https://docs.slack.dev/apis/events-api/using-socket-mode#events
#include "base/text.h"
#include "conversation/formats.h"

namespace convops {

namespace {

constexpr JsonLimits limits { .bytes = std::size_t { 1 } << 20, .depth = 64 };
constexpr std::size_t most_id_bytes = 128;

Result<Inbound> inbound_of(std::string_view type, Json const& payload) {
    if (type == "events_api")
        return slack_event_from(payload);
    if (type == "interactive")
        return slack_interaction_from(payload);
    if (type == "slash_commands")
        return slack_command_from(payload);
    return Inbound {}; // what this version does not know is acknowledged and ignored
}

} // namespace

Result<SlackEnvelope> parse_slack_envelope(std::string_view text) {
    auto const json = TRY(parse_json(text, limits));
    SlackEnvelope envelope;
    auto const type = text_at(json, "type");
    // "disconnect" comes some seconds before the connection ends, with a reason: warning, refresh_requested or
    // link_disabled.
    envelope.hello = type == "hello";
    envelope.disconnect = type == "disconnect";
    envelope.disconnect_reason = shorten(clean_utf8(text_at(json, "reason")), 60);
    envelope.id = text_at(json, "envelope_id");
    if (envelope.id.empty())
        return envelope;
    if (envelope.id.size() > most_id_bytes)
        return Error { ErrorKind::invalid_input, "a Socket Mode envelope with an endless id" };
    auto const* payload = find(json, "payload");
    auto inbound = payload == nullptr ? Result<Inbound>(Inbound {}) : inbound_of(type, *payload);
    // Unreadable is acknowledged, too: sent again it would be no better.
    if (inbound)
        envelope.inbound = std::move(*inbound);
    return envelope;
}

std::string acknowledgement_of(SlackEnvelope const& envelope) {
    return to_text(JsonObject { { "envelope_id", envelope.id } });
}

} // namespace convops
