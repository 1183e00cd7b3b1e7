// What is sent, before any channel has shaped it. Text in here is plain; each channel escapes it in its own way.
#pragma once

#include "model/assessment.h"
#include "model/investigation.h"

namespace convops {

enum class MessageKind : std::uint8_t {
    first_facts, // within seconds: what fired, still happening, since when
    diagnosis, // the same message edited: cause, evidence, gaps, fix
    resolved,
    flapping, // "7th time in 2 h, batched"
    answer, // to what somebody wrote: a question, "dig deeper", or a word such as HELP
};
std::string_view to_string(MessageKind kind);

struct CitedLine {
    std::string text;
    std::vector<FactId> facts;
    std::string link; // console URL of the first fact; may be empty
};

// The action of the button that digs deeper, as it comes back from the channel.
inline constexpr std::string_view dig_deeper_action = "convops_dig_deeper";
// Those that say whether the first cause is right. The mark of the cause that was shown follows:
// "convops_right:4f..".
inline constexpr std::string_view right_action = "convops_right";
inline constexpr std::string_view not_it_action = "convops_not_it";

// Whether the first cause is right, as people and what followed tell it, and the buttons that ask.
struct MessageVote {
    std::string label_right; // of the buttons; empty: nobody could press one
    std::string label_not_it;
    std::string mark; // of the cause that is asked about
    std::string said_right; // "Right: {0}", for the channel to fill with those who said it; empty: nobody did
    std::string said_not_it;
    std::vector<Voter> voters;
    std::string outcome; // what followed speaks for it or against it; may be empty
    std::string track_record; // "This kind: right 11 of 13 times here."; may be empty
};

struct Message {
    MessageKind kind = MessageKind::first_facts;
    IncidentId incident;
    std::string language = "en"; // the reader's; what a channel adds (headings, buttons) is in it too
    Severity severity = Severity::p3;
    std::string title; // "P2 · checkout-5xx: 5XX errors at load balancer shop"
    std::string headline; // the one sentence to read at 3 a.m.
    std::vector<FactId> headline_facts;
    std::vector<CitedLine> explained; // a model's sentences, each checked; empty when the template speaks
    std::string worded_by; // the model whose words the headline and `explained` are; empty: the template
    MessageVote vote;
    bool over = false; // the incident is over although this shows it as it was: a channel marks it so
    CitedLine seen_before; // "Seen 3 times in 30 days; last time: ..."; empty text: not seen, or not known
    std::string spend; // "Costs about $4.20 more than usual: ..."; may be empty
    std::vector<CitedRunbook> runbooks; // hostile text, as all of it
    std::string severity_why; // "P1: 12 × the threshold, users get errors at ..."; may be empty
    std::vector<CitedLine> what_happened;
    std::vector<CitedLine> causes; // ranked, "1. ..." is added by the channel
    std::vector<CitedLine> ruled_out;
    std::vector<std::string> not_seen; // gaps: what could not be read and the IAM action that would have helped
    std::vector<SuggestedAction> actions;
    std::string link; // the incident's page in the portal; may be empty
    std::string deeper; // label of a button that digs deeper; empty where nobody could press it
    std::string deeper_hint; // the same for a channel without buttons: "Reply 4 ..."
    std::string footer; // price line: calls, tokens, cents, seconds
    std::string chart_png; // bytes; empty when there is none
    std::string chart_alt; // the chart in words
};

// Where a message goes.
struct Route {
    std::string channel; // file name of the channel: "slack", "slack_webhook", "whatsapp"
    std::string address; // Slack channel id, WhatsApp number; a secret webhook URL lives in the settings, not here
    std::string name; // for people: "#ops"
    auto operator<=>(Route const&) const = default;
};

} // namespace convops
