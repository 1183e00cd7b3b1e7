// What became of a message that was under way. Only step.cpp uses it.
#pragma once

#include "incident/next_step.h"

namespace convops {

Step when(MessageDelivered const& event, IncidentRecord const& before, Time now, Policy const& policy);
Step when(DeliveryFailed const& event, IncidentRecord const& before, Time now, Policy const& policy);
Step when(DeliveryCatchesUp const& event, IncidentRecord const& before, Time now, Policy const& policy);
Step when(ResendAsked const& event, IncidentRecord const& before, Time now, Policy const& policy);

} // namespace convops
