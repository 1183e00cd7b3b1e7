// How severe an incident is. Before anybody has looked: what the owner wrote into the alarm's name wins, then how
// close the resource is to the customer, then how much fires at once. After an investigation: what users meet, how
// far the metric is beyond its threshold, who depends on what is broken, whether it still happens, and where.
#pragma once

#include "model/investigation.h"

namespace convops {

Severity severity_from_alarms(Incident const& incident);
SeverityJudgement judge_severity(Investigation const& investigation);

} // namespace convops
