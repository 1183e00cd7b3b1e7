// The story as one function: alarm -> evidence -> verification -> diagnosis, through the port Aws and a clock.
#pragma once

#include "evidence/sources.h"
#include "model/investigation.h"
#include "ports/store.h"

namespace convops {

struct InvestigationOptions {
    ProgressObserver progress;
    // Called as soon as the alarm's own metric was read (or failed): enough for the first message. Once more when the
    // diagnosis takes longer than some seconds and changes or log lines are there.
    std::function<void(Evidence const& so_far)> first_facts;
    std::vector<EvidenceSource> sources = sources::all();
    Depth depth = Depth::usual;
    std::size_t sources_at_once = most_sources_at_once;
    Store* memory = nullptr; // of past incidents, for investigate_and_record(); nullptr: nothing is remembered
    std::vector<Gap> known_gaps; // a replay: what was too late then is missing again
};

// Never fails: what could not be read is a gap, and an alarm that nothing is known about is still a message.
Investigation investigate(Incident incident, Aws& aws, Clock& clock, InvestigationOptions const& options = {});

// The incident that a single alarm opens when no server keeps incidents (the command line).
Incident incident_of(Alarm const& alarm);

// The named alarm as it stood at `now`; not_found when there is none.
Result<Alarm> find_alarm(Aws& aws, std::string const& name, Time now);

} // namespace convops
