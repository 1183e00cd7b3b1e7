// From evidence to a ranked diagnosis. Deterministic: statistics first, words last.
#pragma once

#include "model/diagnosis.h"

namespace convops {

Diagnosis diagnose(Alarm const& alarm, Evidence const& evidence, std::vector<Finding> const& findings, Time now);

// The fix that a person would try first for each cause; worded, not executed.
std::vector<SuggestedAction> suggest_actions(Diagnosis const& diagnosis, Evidence const& evidence);

} // namespace convops
