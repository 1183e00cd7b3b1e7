// From an investigation to a message: template words, each line with the facts it cites. Pure.
#pragma once

#include "model/answer.h"
#include "model/digest.h"
#include "model/recovery.h"

namespace convops {

struct Reader {
    std::string language = "en";
    std::string time_zone = "UTC"; // IANA name
    Minutes utc_offset { 0 }; // of that zone around the incident; the app resolves it, since pure code reads no files
    std::string zone_label; // "CET"; empty: derived from the offset ("UTC", "UTC+01:00")
    std::string portal_url; // base for links to the incident; may be empty
    // What opens the page of this incident, as the server knows it; empty: the link carries none.
    std::function<std::string(IncidentId const&)> page_key;
};

Message compose_first_facts(Incident const& incident, Evidence const& so_far, Reader const& reader);
Message compose_diagnosis(Investigation const& investigation, Reader const& reader);
// Of the investigation only the incident and the diagnosis are read. `recovery`: what fixed it, as far as is known.
Message compose_resolved(Investigation const& investigation, Recovery const& recovery, Reader const& reader);
Message compose_flapping(Incident const& incident, int times, Milliseconds within, Reader const& reader);
// `investigation`: what the answer cites; may be nullptr when it cites nothing.
Message compose_answer(
    Incident const& incident, ChatAnswer const& answer, Investigation const* investigation, Reader const& reader);

// "Same incident: a, b." when further alarms fire.
std::optional<CitedLine> also_firing_line(Incident const& incident, Reader const& reader);

// Whether the cause was right: who says so, how often causes of its kind were right here, and, where what people
// press and write there reaches us, the buttons that ask.
enum class MayVote : std::uint8_t { no, yes };
void add_assessment(Message& message, Assessment const& assessment, std::string_view mark_of_cause, MayVote may_vote,
    Reader const& reader);

// What an answer to a word (HELP, STATUS, USAGE, STOP, Hi, YES, NO) tells.
struct ReplyMaterial {
    std::vector<Incident> open;
    Time now {};
    bool of_a_number = false; // a conversation of one person, who may silence it
    int incidents = 0; // of this month
    int investigations = 0;
    int questions = 0;
    std::optional<Digest> digest; // of the word "digest"
    std::string muted; // of the word "muted ID": what, and until when
    std::optional<Time> muted_until;
};
// Tells the reader that a deeper look can be asked for here.
void offer_deeper_look(Message& message, Reader const& reader);
// One short message a day.
Message compose_digest(Digest const& digest, Reader const& reader);
Message compose_reply(std::string_view word, ReplyMaterial const& material, Reader const& reader);

// The incident's page at our server, with the key that opens it; empty when the outside does not reach us.
std::string incident_link(IncidentId const& incident, Reader const& reader);

// The message as plain text of at most 80 columns, for terminals and the "text" of --format json. Hostile text is
// cleaned, never interpreted.
std::string to_plain_text(Message const& message);

} // namespace convops
