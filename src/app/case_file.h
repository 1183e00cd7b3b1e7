// Everything that is kept of one incident, put together again: its investigation from the capsule, the short re-read
// after its end, and what they say about what fixed it. The resolved notice and the report are written from it.
#pragma once

#include "app/capsule.h"
#include "incident/event.h"
#include "model/recovery.h"

namespace convops {

struct CaseFile {
    Investigation investigation; // with the incident as it is now; no evidence when none was kept
    bool investigated = false;
    std::optional<Evidence> aftermath; // facts R1, R2, ...
    Time aftermath_at {}; // the clock of the re-read
    Recovery recovery;
};

// The capsule of an incident, within a folder. Ids hold colons; file names do not.
// A deeper look has a file of its own, so that what it added can be told.
std::filesystem::path capsule_file(
    std::filesystem::path const& folder, IncidentId const& incident, Investigate const& look = {});
std::filesystem::path aftermath_file(std::filesystem::path const& folder, IncidentId const& incident);

// The sources of the re-read: the alarm's metric, the trail, AWS Health, and the state of what is involved. Each has
// ten seconds, so that the resolved notice need not wait long.
std::vector<EvidenceSource> aftermath_sources(Investigation const& investigation);

// A capsule that is gone or past its retention is no error: the case has less to say. Errors: corrupt, unavailable.
Result<CaseFile> case_file_of(IncidentRecord const& record, std::filesystem::path const& capsules, Time now);

} // namespace convops
