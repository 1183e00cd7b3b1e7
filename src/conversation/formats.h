// What each chat sends us, from bytes to utterances; one file a format in formats/. Pure: the signature was checked
// before (adapters/chat). Errors are invalid_input; what is genuine but says nothing to us is an empty Inbound.
#pragma once

#include "conversation/utterance.h"
#include "model/message.h"

namespace convops {

inline constexpr std::size_t most_inbound_bytes = 256 * 1024;

// The mark of a cause, as our own button carries it: hexadecimal digits.
inline bool is_mark(std::string_view text) {
    return !text.empty() && text.size() <= 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// https://docs.slack.dev/apis/events-api/: url_verification, event_callback with message and app_mention.
Result<Inbound> parse_slack_event(std::string_view body);
// The same event when it came over Socket Mode: the payload of its envelope.
Result<Inbound> slack_event_from(Json const& event);

// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: payload=<JSON>, a pressed button.
Result<Inbound> parse_slack_interaction(std::string_view body);
Result<Inbound> slack_interaction_from(Json const& payload);

// https://docs.slack.dev/interactivity/implementing-slash-commands: a form; "/convops status".
Result<Inbound> parse_slack_command(std::string_view body);
Result<Inbound> slack_command_from(Json const& payload);

// One message of Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode
struct SlackEnvelope {
    std::string id; // empty: nothing to acknowledge
    bool hello = false;
    bool disconnect = false; // the connection ends soon: open another
    std::string disconnect_reason;
    Inbound inbound;
};
Result<SlackEnvelope> parse_slack_envelope(std::string_view text);
std::string acknowledgement_of(SlackEnvelope const& envelope);

// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
Result<Inbound> parse_whatsapp_webhook(std::string_view body);

// application/x-www-form-urlencoded; the first value of each name, at most 64 of them.
std::map<std::string, std::string> form_fields(std::string_view body);

} // namespace convops
