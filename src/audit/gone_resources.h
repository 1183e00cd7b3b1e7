// Alarms on resources that were deleted: they stay, and can never fire again.
#pragma once

#include "audit/estate.h"

namespace convops {

// Which readings list a kind of resource whole; empty: none does, and nothing can be said.
std::span<std::string_view const> readings_of_kind(std::string_view resource_type);

// The resource that the alarm's metric names in a namespace of AWS, with the dimension that names it.
struct WatchedResource {
    Resource resource;
    std::string dimension;
    std::string value; // of the dimension: of an ECS service its own name, without the cluster
};
std::optional<WatchedResource> resource_named_by(MetricId const& metric);

// Fills EstateAlarm::gone.
void mark_gone_resources(Estate& estate);

} // namespace convops
