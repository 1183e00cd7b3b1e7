// Was the cause right? People say so in the conversation; what followed says it too:
//
//     the cause was undone and the metric came back --> over for two hours --> it speaks for the cause
//                                                   --> the alarm again    --> it speaks against the cause
//
// Nothing else that follows says anything: a metric that comes back by itself, or after a change that may have had
// nothing to do with it, fits every cause.
#pragma once

#include "incident/next_step.h"

namespace convops {

Step when(VoteCast const& event, IncidentRecord const& before, Time now, Policy const& policy);
Step when(CameBack const& event, IncidentRecord const& before, Time now, Policy const& policy);

// What an investigation found. Votes about another first cause are forgotten with it.
void note_gist(IncidentRecord& record, Gist gist);
// What the re-read after the end says.
void note_recovery(Next& next, RecoveryKind recovery, FixKind fix);
// It ends once more: what brought it back before says nothing of this end.
void forget_recovery(IncidentRecord& record);
// It fires again.
void note_return(IncidentRecord& record);
// It has stayed over for long enough.
void note_quiet(IncidentRecord& record);

// What counts; nullopt: nobody has judged, people disagree evenly, or no cause was named.
std::optional<CauseVerdict> judgement_of(IncidentRecord const& record);

// What later incidents are compared with; nullopt: nothing was found, or another incident has it.
std::optional<PastIncident> remembered(IncidentRecord const& record);

} // namespace convops
