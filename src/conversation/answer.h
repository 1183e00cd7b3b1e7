// Answers a question about an incident from its investigation, and from nothing else: deterministic, each line with
// the facts that it cites, or "not in the evidence" with the call that would tell. The question is hostile text: it
// is compared with the evidence word by word and never obeyed.
//
// How: every reading of the question that its words allow (a topic, a resource, a metric, a search over all
// statements) makes a candidate answer; the candidate that explains most of the question's words wins, and one that
// leaves more than half of them unexplained is no answer.
#pragma once

#include "model/answer.h"

namespace convops {

ChatAnswer answer(std::string_view question, Investigation const& investigation);

} // namespace convops
