// What happens to an incident (events) and what it asks for (effects). Plain values: the outbox stores the effects.
#pragma once

#include "incident/record.h"

namespace convops {

// --- Events ---

// Sent to the incident that the alarm belongs to; opens it when the record does not exist yet.
struct AlarmArrived {
    Alarm alarm;
    WorkspaceId workspace;
    ConnectionId connection;
    IncidentId incident; // the id to use when this opens the incident
    std::vector<Time> earlier_firings; // of this alarm in earlier incidents, for telling that it flaps
};
struct FirstFactsReady {
    std::string summary; // reference to what was stored
};
struct InvestigationEnded {
    IncidentVerdict verdict = IncidentVerdict::unknown;
    std::optional<Severity> severity;
    std::string report; // reference to the stored investigation
    // Keys of resources that call each other, as the investigation found; remembered for the connection.
    std::vector<std::pair<std::string, std::string>> dependencies;
    Gist gist; // what was found, in short
    AnomalyDecision decision; // what the checks make of it; asked for when only the watch found it
};
struct InvestigationFailed { // for good: retries are over
    std::string why;
};
// The short look at what brought the metric back, after the end. Empty `report`: it could not be made.
struct AftermathEnded {
    int attempt = 1; // of the Investigate effect
    std::string report; // reference to the stored look
    bool fix_known = false;
    RecoveryKind recovery = RecoveryKind::not_known;
    FixKind fix = FixKind::none;
};
struct MessageDelivered {
    std::string effect; // id of the Deliver effect
    std::string lane;
    SentMessage sent;
};
struct DeliveryFailed { // for good: retries are over
    std::string effect;
    std::string lane;
    std::string why;
};
// Nothing of this delivery has gone out yet, and it is about to: what waits behind it and only edits it joins it.
struct DeliveryCatchesUp {
    std::string effect;
    std::string lane;
};
// An operator asks for a message that was given up (a dead letter).
struct ResendAsked {
    Route route;
    WantedMessage message;
};
// An operator asks for an investigation that was given up.
struct InvestigationAskedAgain { };
struct WakeUp {
    WakeReason reason = WakeReason::first_facts_due;
    Time at {}; // as the WakeAt said
};
// Another incident turned out to be the same one: its alarms become part of this one.
struct Absorb {
    IncidentRecord other;
};
// This incident turned out to be part of an older one.
struct Absorbed {
    IncidentId into;
};

// Somebody in a conversation of this incident wants a wider and slower look.
struct DigDeeperAsked {
    std::string request; // the channel's id of what they sent: the same request twice is one
    std::string lane; // the conversation; its route has been told of this incident
    std::optional<SentMessage> reply_to; // what the answer answers; none: the lane's own message
};
// Somebody asked something about this incident. The text is hostile: it is kept and shown, never obeyed.
struct QuestionAsked {
    std::string request;
    std::string lane;
    std::optional<SentMessage> reply_to;
    std::string text;
};

// Somebody in a conversation of this incident says whether its first cause is right.
struct VoteCast {
    std::string request;
    std::string lane;
    std::optional<SentMessage> reply_to;
    std::string person; // the channel's id of who says it
    Opinion opinion = Opinion::right;
    std::string mark; // of the cause that the person saw; empty: said in words, so the one that is shown
    bool answer = true; // false: the channel shows votes in the message itself
};
// An alarm of this incident fired again after its end, and opened another one.
struct CameBack {
    Time at {};
};

using Event = std::variant<AlarmArrived, FirstFactsReady, InvestigationEnded, InvestigationFailed, AftermathEnded,
    MessageDelivered, DeliveryFailed, DeliveryCatchesUp, ResendAsked, InvestigationAskedAgain, WakeUp, Absorb,
    Absorbed, DigDeeperAsked, QuestionAsked, VoteCast, CameBack>;

// --- Effects ---

enum class InvestigationKind : std::uint8_t {
    full,
    aftermath, // a few sources, once the incident is resolved: what brought the metric back?
};
std::string_view to_string(InvestigationKind kind);
std::optional<InvestigationKind> investigation_kind_from(std::string_view name);

struct Investigate {
    int attempt = 1; // the how manyth investigation of this kind of this incident
    Depth depth = Depth::usual;
    InvestigationKind kind = InvestigationKind::full;
};
struct Deliver {
    Route route;
    WantedMessage message;
    // Set: first_facts and diagnosis edit it in place where the channel can; the other kinds answer it.
    std::optional<SentMessage> previous;
};
struct WakeAt {
    Time at {};
    WakeReason reason = WakeReason::first_facts_due;
};

// An answer to a word that is about no incident (HELP, STATUS, ...). Only the word: what is true is looked up when
// the answer is sent.
struct Reply {
    Route route;
    std::optional<SentMessage> reply_to;
    std::string word; // "help", "status", ...
};

struct Effect {
    std::string id; // "<incident>/000007": unique, and the idempotency key towards the outside
    WorkspaceId workspace;
    ConnectionId connection;
    IncidentId incident; // empty for a Reply
    std::variant<Investigate, Deliver, WakeAt, Reply> what;
};

} // namespace convops
