// What a workspace remembers of its incidents: each in short, for being compared with later ones, and which causes
// were judged, by kind, for the figure "right 11 of 13 times here". Written in the transaction that changes the
// incident; kept as long as diagnoses are; the workspace is in every key.
#pragma once

#include "model/past_incident.h"
#include "ports/store.h"

namespace convops {

// What must be written when the memory of one incident has changed; nothing when it has not.
std::vector<Write> memory_writes(WorkspaceId const& workspace, std::optional<PastIncident> const& before,
    std::optional<PastIncident> const& after, Time now);

inline constexpr std::size_t most_past_incidents = 500; // read at once, the newest
inline constexpr std::size_t most_judged = 200; // of one kind, the newest

// Newest first, the one that is asked about left out.
Result<std::vector<PastIncident>> past_incidents(
    Store& store, WorkspaceId const& workspace, IncidentId const& except, Time now);

// How often causes of this kind were right, `except` not counted.
Result<TrackRecord> track_record(
    Store& store, WorkspaceId const& workspace, CauseKind kind, IncidentId const& except, Time now);

} // namespace convops
