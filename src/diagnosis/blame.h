// The ranking of suspects asked with the metrics of an investigation: latency and errors of the alarm's resource and
// of those along the map, on one grid of time around the onset.
#pragma once

#include "diagnosis/context.h"

namespace convops {

struct Blame {
    Resource resource;
    double share = 0; // of what was lost by somebody's own doing, 0..1
};

// Best first; empty when fewer than two nodes of the map have such metrics, or nobody moved beyond normal.
std::vector<Blame> blame_along_calls(Context const& context, Signal signal);

} // namespace convops
