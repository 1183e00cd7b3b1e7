// From what was read to the report: runs every check, scores, and picks the three fixes that raise the score most.
#pragma once

#include "audit/score.h"

namespace convops {

// Runs one check in every Region that it is about. What it needs and was not read becomes one `unknown` judgement
// with the IAM action: never a pass, never a fail.
std::vector<AuditJudgement> judgements_of(AuditCheck const& check, Estate const& estate);

AuditReport audit(Estate const& estate, std::span<AuditCheck const> checks);

} // namespace convops
