// Whether there is an incident at all, what was ruled out, and what to say when nothing clears the bar.
#pragma once

#include "diagnosis/ranking.h"

namespace convops {

IncidentVerdict judge_verdict(
    Context const& context, std::vector<Finding> const& findings, std::vector<Cause> const& causes);

// Only from what was really read: a source with a gap rules nothing out.
std::vector<RuledOut> rule_out(Context const& context, std::vector<Cause> const& causes);

struct Lead {
    std::string text;
    std::vector<FactId> facts;
};
Lead best_lead(Context const& context, std::vector<Ranked> const& ranked);

} // namespace convops
