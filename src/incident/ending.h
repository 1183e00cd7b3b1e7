// How an incident ends and what its readers are told then:
//
//     all OK, held --> resolved, "what brought it back?" is asked --> the answer, or 15 s --> the resolved notice
//                                                                     a later answer that knows --> told once more
//
// Closed without OK and joined with another incident are told at once: nothing has come back. Only step.cpp uses it.
#pragma once

#include "incident/next_step.h"

namespace convops {

// At once, with the reason as a note.
void end(Next& next, Time at, std::string why);

// Every alarm is OK again.
void recover(Next& next);

void tell_resolved(Next& next);

Step aftermath_ended(AftermathEnded const& event, IncidentRecord const& before, Time now, Policy const& policy);

// For the timeline, bounded: the first messages say how fast we were, the newest how it went on.
void remember_told(IncidentRecord& record, ToldMessage message);

} // namespace convops
