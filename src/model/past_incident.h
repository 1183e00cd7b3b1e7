// What is remembered of an incident, so that a later one can be compared with it. Small: a workspace has many.
#pragma once

#include "base/json.h"
#include "model/assessment.h"
#include "model/investigation.h"
#include "model/recovery.h"

namespace convops {

// What an investigation found, in a few words that can be compared.
struct Gist {
    CauseKind kind = CauseKind::unknown; // of the first cause; unknown: no cause was named
    Resource resource; // of the first cause
    std::vector<std::string> patterns; // log patterns that were new or surged, most lines first; hostile text
    std::vector<std::string> actors; // who changed something before the onset; hostile text
    bool operator==(Gist const&) const = default;

    [[nodiscard]] bool names_cause() const { return kind != CauseKind::unknown; }
};
inline constexpr std::size_t most_gist_patterns = 5;
inline constexpr std::size_t most_gist_actors = 3;
inline constexpr std::size_t most_gist_text_bytes = 160;

Gist gist_of(Investigation const& investigation);
// Which cause a button or a vote is about: the same for the same kind and resource, and nothing else can be read
// from it.
std::string mark_of_cause(Gist const& gist);

struct PastIncident {
    std::string incident; // id
    Time opened_at {};
    std::optional<Time> resolved_at;
    std::vector<std::string> alarms; // names
    std::vector<std::string> resources; // keys, of the alarms
    Gist gist;
    RecoveryKind recovery = RecoveryKind::not_known;
    FixKind fix = FixKind::none;
    std::optional<CauseVerdict> judgement;
};
inline constexpr std::size_t most_past_alarms = 8;
inline constexpr std::size_t most_past_resources = 12;

// How often incidents like this one were seen, and the newest of them.
struct SeenBefore {
    int times = 0; // 0: never, as far as is remembered
    int days = 0; // within so many
    Fact const* last = nullptr; // the newest past incident; nullptr: only the alarm's history tells
    PastIncidentFact const* last_incident = nullptr;
    Time last_at {};
    std::vector<FactId> facts;
};
SeenBefore seen_before(Alarm const& alarm, Evidence const& evidence);
// Of a fact of past_incidents: what fixed it, typed.
FixKind fix_of(Fact const& past);
RecoveryKind recovery_of(Fact const& past);

Json to_json(Gist const& gist);
Gist gist_from(Json const& json);
Json to_json(PastIncident const& past);
Result<PastIncident> past_incident_from_json(Json const& json); // corrupt: no id or time

} // namespace convops
