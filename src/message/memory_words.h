// What is told from memory: whether the cause was right, incidents like this one, and what it adds to the bill.
#pragma once

#include "message/fact_words.h"
#include "model/past_incident.h"

namespace convops {

// "Seen 3 times in 30 days; last time (12 November): fixed by rolling back ECS service checkout."; empty text: never,
// as far as is remembered.
CitedLine seen_before_line(Investigation const& investigation, Telling const& telling);
// What ended a past incident; empty: not known.
std::string ending_words(RecoveryKind recovery, FixKind fix, Resource const& resource, std::string_view language);

// "Estimated extra AWS cost: about $4.20 ($3.10 to $5.90), for Lambda requests, NAT traffic."; empty when it is too
// small for a line.
std::string spend_line(ExtraSpend const& spend, std::string_view language);
// One line for each usage, with its basis.
std::vector<CitedLine> spend_basis(ExtraSpend const& spend, std::string_view language);

// How the votes and what followed stand, for the report.
std::string assessment_words(Assessment const& assessment, std::string_view language);
std::string track_record_words(Assessment const& assessment, std::string_view language); // empty: too few

// "fits the alarm, resource"
std::string fits_words(CitedRunbook const& runbook, std::string_view language);

} // namespace convops
