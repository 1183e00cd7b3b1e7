// Short ways to say what a check found.
#pragma once

#include "audit/checks.h"

namespace convops {

AuditJudgement passes(std::string region, std::string resource);
AuditJudgement fails(std::string region, std::string resource, std::string why, std::vector<AuditEvidence> evidence,
    AuditFix fix = {});
// One thing could not be judged, though the list was read: `shortfall` of its own call, or no datapoints.
AuditJudgement not_known(std::string region, std::string resource, std::string why, std::string iam_action = "");

// The alarm's ARN, or its name.
std::string name_of(EstateAlarm const& alarm);

// The field of an item as evidence: null when absent.
AuditEvidence field_of(std::string_view api, Json const& item, std::string_view field);

} // namespace convops
