// What people in a conversation ask of an incident: a deeper look, or a question. Only step.cpp uses it.
#pragma once

#include "incident/next_step.h"

namespace convops {

Step dig_deeper(DigDeeperAsked const& event, IncidentRecord const& before, Time now, Policy const& policy);
Step take_question(QuestionAsked const& event, IncidentRecord const& before, Time now, Policy const& policy);

// Starts the deeper look that somebody waits for. False: nobody does.
bool dig_if_asked(Next& next);
// The deeper look is over, for better or worse: whoever asked is told, each in their own conversation. Without a note
// the answer says what the look added.
void answer_diggers(Next& next, std::string const& note);

} // namespace convops
