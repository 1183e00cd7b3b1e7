// Findings of GuardDuty, Security Hub and Inspector as facts: which of them belong to an incident, and the one scale
// on which all three are told.
#pragma once

#include "evidence/answering.h"

namespace convops {

// One finding, before it is decided whether it belongs to this incident.
struct SecurityReport {
    SecurityFindingFact finding;
    std::string id; // told in the fact's value, so that a person finds it again
    std::string title; // the service's own sentence; hostile text
    std::string link;
    bool stays = false; // open until somebody mends it (a vulnerability), however long ago it was last looked at
};

// From this severity up a finding counts as severe: GuardDuty's "high".
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
inline constexpr double severe = 7.0;

// "CRITICAL" -> 9.5: the middle of the band that GuardDuty gives the same word. INFORMATIONAL and what nobody rated:
// 0.
double severity_of_label(std::string_view label);

// It touches something near the alarm, or it is severe and was first seen within the window.
bool belongs_to_incident(SecurityReport const& report, Question const& question, Window look);

// The fact is placed when the finding was first seen, or, when that is long ago, when it was last seen.
Fact security_fact(SecurityReport const& report, Window look);

// "GuardDuty is not enabled in this Region.": looked, and nobody was watching. Not a finding, and no gap either: no
// permission would have helped.
Fact not_enabled_fact(std::string_view service, Question const& question);

// How far back findings are looked at, from the alarm on, up to now.
Window findings_window(SourceCard const& card, Question const& question);

// The whole answer when nobody was watching.
Answer answer_not_enabled(Answering& answering, std::string_view service, AwsCall const& read_by);
// The whole answer: the reports that belong, the nearest and the most severe first, at most `most`; it says so when
// some were left out.
Answer answer_with(Answering& answering, std::vector<SecurityReport> reports, Window look, AwsCall const& read_by,
    std::size_t most = 25);

} // namespace convops
