// How AWS Health spells the services behind our types of resources: one table for everybody who compares the two.
#pragma once

#include "model/resource.h"

namespace convops {

// "ELASTICLOADBALANCING" concerns an "elb:load_balancer"; whichever case the event writes it in.
bool health_service_concerns(std::string_view service, Resource const& resource);

} // namespace convops
