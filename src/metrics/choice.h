// Which of the metrics that CloudWatch lists are worth reading, and by which statistic. Pure.
#pragma once

#include "model/resource.h"

#include <span>

namespace convops {

// Of the metrics listed for a resource: those that speak of it as a whole. A metric that exists for the resource
// alone is not read again for each availability zone; one that exists only by operation or by disk is read for a few
// of them.
std::vector<MetricId> telling_metrics(Resource const& resource,
    std::map<std::string, std::string> const& asked_dimensions, std::vector<MetricId> const& listed);

// "Sum" for counters, "Average" and "Maximum" for utilisation, "p99" and "Average" for response times, "Minimum" for
// what runs out. The first is the one to judge by.
std::span<std::string_view const> statistics_for(MetricId const& metric);

// The value at which the metric's very meaning says that nothing is left (100 %, no free bytes), and why.
std::optional<std::pair<double, std::string_view>> limit_by_meaning(Series const& series);

} // namespace convops
