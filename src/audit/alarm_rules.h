// Alarms reach people without an action of their own, too: through an EventBridge rule on their state changes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
#pragma once

#include "audit/estate.h"

namespace convops {

// Would an enabled rule of the Region, with a target, take this alarm's change to ALARM? nullopt: the rules or their
// targets could not be read, so nobody can tell.
std::optional<bool> rule_tells(Estate const& estate, std::string const& region, EstateAlarm const& alarm);
// What was refused when rule_tells() does not know; empty: nothing was refused, an answer did not come.
std::string refused_for_rules(Estate const& estate, std::string const& region);

// The part of it that is a matter of the pattern alone. A part of a pattern that is not understood lets nothing
// through: a rule that may not fit is not counted on.
bool pattern_takes(Json const& pattern, EstateAlarm const& alarm);

} // namespace convops
