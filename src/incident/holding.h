// When the messages of an incident are held back, and when they are let go:
//
//     only the watch found it --> held until the nine checks decide --> told, or held for good with the reason
//     it opens while muted    --> held until the window ends, or it turns out to be a P1
//
// What is held back is an incident like any other: recorded, investigated, resolved, and in the digest. Only step.cpp
// uses it.
#pragma once

#include "incident/next_step.h"

namespace convops {

// Whether somebody was told of this incident before: then a mute does not silence how it goes on.
enum class Opens : std::uint8_t { no, yes }; // it opens, or opens again, with this event

// Decides anew whether messages are held. To be called when alarms or their severity changed, before anything is
// told.
void judge_hold(Next& next, Opens opens);

// An investigation ended, for better or worse, and says what becomes of what the watch found.
void note_decision(Next& next, AnomalyDecision decision);

// It opens again and is looked at again: what was decided before says nothing of this time.
void forget_decision(Next& next);

// Tells what was held back, as far as nobody is being told it anyway. `held_before`: as it was before the event.
void let_go(Next& next, bool held_before);

// Nothing but the watch has found it.
bool only_watched(IncidentRecord const& record);

} // namespace convops
