// Bytes that claim to be Slack's -> utterances: an event, a pressed button, a slash command. Whatever passes is
// bounded and has the parts that the intake keys on.
#include "target.h"

#include "base/check.h"
#include "conversation/formats.h"

namespace convops::fuzz {

namespace {

void check(Result<Inbound> const& inbound) {
    if (!inbound)
        return;
    CHECK(inbound->utterances.size() <= most_utterances);
    for (auto const& utterance : inbound->utterances) {
        CHECK(utterance.channel == "slack");
        CHECK(!utterance.address.empty() && utterance.address.find('/') == std::string::npos);
        CHECK(!utterance.event_id.empty() && !utterance.author.empty());
        if (auto const* text = std::get_if<AskedText>(&utterance.said)) {
            CHECK(!text->text.empty() && text->text.size() <= most_said_bytes + 3);
            CHECK(text->text.find('\x1b') == std::string::npos);
        }
    }
}

} // namespace

void one(std::string_view bytes) {
    check(parse_slack_event(bytes));
    check(parse_slack_interaction(bytes));
    check(parse_slack_command(bytes));
    if (auto const envelope = parse_slack_envelope(bytes)) {
        check(envelope->inbound);
        CHECK(acknowledgement_of(*envelope).find('\n') == std::string::npos);
    }
    static_cast<void>(understand(bytes, Address::overheard));
}

} // namespace convops::fuzz
