// Everything ConvOps remembers about one incident: the incident itself, how far its investigation got, and what each
// route was told. It is stored as one item; step() is the only code that changes it.
#pragma once

#include "model/anomaly.h"
#include "model/depth.h"
#include "model/message.h"
#include "model/past_incident.h"

#include <deque>

namespace convops {

// One state change of one alarm, for the timeline and for putting late arrivals where they belong.
struct AlarmChange {
    Time at {};
    AlarmState state = AlarmState::alarm;
    auto operator<=>(AlarmChange const&) const = default;
};

// What a channel calls the message that we sent, so that it can be edited or answered.
struct SentMessage {
    std::string channel_id;
    std::string message_id;
    bool operator==(SentMessage const&) const = default;
};

// What the answer to a vote says: how the votes stand, or why it does not count.
enum class VoteAnswer : std::uint8_t { none, taken, no_cause, other_cause };
std::string_view to_string(VoteAnswer answer);
VoteAnswer vote_answer_from(std::string_view name);

// What one person said of the cause that is shown.
struct Vote {
    std::string lane; // where it was said
    std::string person; // the channel's id: never logged
    Opinion opinion = Opinion::right;
    Time at {};
    bool operator==(Vote const&) const = default;
};

// A message somebody should get. Only its kind: the words are composed when it is sent, from what is known by then.
struct WantedMessage {
    MessageKind kind = MessageKind::first_facts;
    std::string note; // a sentence that the message must carry; may be empty
    int times = 0; // flapping: how often it fired within the window
    bool anew = false; // post a new message, because an edit of the old one would reach nobody
    std::string question; // answer: what was asked, as hostile as it came; empty: what the deeper look added
    std::optional<SentMessage> reply_to; // answer: what it answers; none: the lane's own message
    bool update = false; // more of what is shown already: a channel that cannot edit leaves it out
    std::string key; // idempotency key of the tries before an operator asked again; empty: the effect's own id
    VoteAnswer vote = VoteAnswer::none; // answer: what became of a vote
    bool operator==(WantedMessage const&) const = default;
};

// What one route was told, and what it is still to be told, in order. At most one message per route is under way: the
// next one may have to edit it, and people read top to bottom.
struct RouteLane {
    Route route;
    std::optional<SentMessage> sent; // the message to edit
    std::optional<WantedMessage> under_way;
    std::string under_way_key; // idempotency key of the message under way
    std::deque<WantedMessage> waiting;
    int delivered = 0;
    int failed = 0; // given up after every retry; also in the list of dead letters

    [[nodiscard]] bool was_told_something() const { return delivered > 0 || under_way || !waiting.empty(); }
};

// Two waiting messages of one kind say the same by the time they are composed, and a diagnosis says what first facts
// would have said: nobody needs the older one any more. An answer is always needed.
bool makes_needless(WantedMessage const& newer, WantedMessage const& older);
// The older one becomes the newer one; what each must say is said.
void join_into(WantedMessage& older, WantedMessage const& newer);

// Who waits to hear what a deeper look adds.
struct Digger {
    std::string lane;
    std::optional<SentMessage> reply_to;
    bool operator==(Digger const&) const = default;
};

// Why nobody hears of an incident, for now or for good.
enum class HoldKind : std::uint8_t {
    checks, // only the watch found it, and its checks are not done
    decided, // they decided against telling
    mute, // a maintenance or mute window
};
std::string_view to_string(HoldKind kind);
struct Hold {
    HoldKind kind = HoldKind::checks;
    std::string by; // the check, or the id of the window
    std::string reason; // one sentence; hostile text inside
    std::optional<Time> until; // mute: the end of the window
    bool operator==(Hold const&) const = default;
};

enum class WakeReason : std::uint8_t {
    first_facts_due,
    resolve_hold_over,
    batch_due,
    close_due,
    resolved_notice_due,
    outcome_due,
    hold_over,
};
std::string_view to_string(WakeReason reason);
std::optional<WakeReason> wake_reason_from(std::string_view name);

// One message that somebody got, for the timeline of the report.
struct ToldMessage {
    Time at {};
    MessageKind kind = MessageKind::first_facts;
    std::string lane;
    bool operator==(ToldMessage const&) const = default;
};

enum class InvestigationState : std::uint8_t { none, running, ended, failed };
std::string_view to_string(InvestigationState state);

struct IncidentRecord {
    Incident incident;
    // By alarm key, ascending and bounded. INSUFFICIENT_DATA stands only here, never in incident.alarms.
    std::map<std::string, std::vector<AlarmChange>> changes;
    std::map<std::string, RouteLane> lanes; // by lane_key

    InvestigationState investigation = InvestigationState::none;
    int investigations = 0; // started so far
    bool investigate_again = false; // an alarm joined while one was running
    std::string summary; // reference to the stored first facts; may be empty
    std::string report; // reference to the stored investigation; may be empty
    std::optional<IncidentVerdict> verdict;
    std::optional<Severity> judged_severity; // by the investigation; outranks the severity from the alarms
    std::string trouble; // why there is no diagnosis; may be empty

    int aftermaths = 0; // looks at what brought the metric back, started so far
    int aftermaths_ended = 0; // the last of them whose outcome is recorded
    std::string aftermath; // reference to the stored look since the last end; may be empty
    std::optional<Hold> hold; // its messages are held back
    int held_messages = 0; // that would have been sent otherwise
    std::optional<AnomalyDecision> decision; // of the checks, about what only the watch found

    std::vector<ToldMessage> told; // oldest first, bounded

    std::optional<Gist> gist; // of the investigation that is shown; absent: none has ended
    std::vector<Vote> votes; // about its first cause; one a person, bounded
    RecoveryKind recovery = RecoveryKind::not_known; // of the last end
    FixKind fix = FixKind::none;
    std::optional<Opinion> outcome; // what followed says of the cause
    std::optional<Time> outcome_due; // it is said then, when the alarm has stayed quiet until then
    int deeper_looks = 0; // started so far
    Depth running = Depth::usual; // of the investigation that runs
    std::vector<Digger> diggers; // told when the deeper look ends; it starts when nothing else runs
    std::string report_before; // what the last deeper look is compared with; may be empty
    int questions = 0; // asked so far
    std::deque<std::string> requests; // newest last: the same request again changes nothing

    std::optional<Time> first_facts_due; // plain facts are sent then, when the investigation has brought none
    std::optional<Time> resolve_due; // all alarms are OK; resolved when they still are by then
    std::optional<Time> close_due; // closed then, OK or not
    std::optional<Time> resolved_notice_due; // the resolved notice is sent then, with or without what fixed it
    bool first_facts_wanted = false; // since the last opening
    bool flapping = false;
    std::optional<Time> batch_due; // the next flapping update, when there is something new
    int firings_untold = 0; // since the last flapping notice
    bool post_anew = false; // the next message about the incident must be a new one: it opened again
    std::map<WakeReason, Time> wakes; // the one wake-up that is awaited, by reason; others are stale
    std::string ended_why; // "all alarms are OK", "no OK within 7 days", "joined with ..."
    std::optional<IncidentId> merged_into;
    int next_effect = 1;
};

std::string lane_key(Route const& route); // "slack/C123"
// The identity of an alarm within a connection: its ARN, or the name where no ARN is known.
std::string alarm_key(Alarm const& alarm);
// ALARM or OK, whichever came last by the alarm's own time; INSUFFICIENT_DATA says nothing about it.
bool still_fires(std::vector<AlarmChange> const& changes);
std::optional<Time> last_firing(IncidentRecord const& record);

} // namespace convops
