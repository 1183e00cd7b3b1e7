// An entry of DescribeAlarms (MetricAlarms or CompositeAlarms) as an Alarm.
#pragma once

#include "base/json.h"
#include "model/alarm.h"

namespace convops {

// invalid_input when the entry has no name or no state.
Result<Alarm> alarm_from_description(Json const& entry, std::string const& account, std::string const& region);

} // namespace convops
