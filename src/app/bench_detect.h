// The streaming detector measured: its scores on files of the Numenta Anomaly Benchmark, and its speed.
#pragma once

#include "base/result.h"

#include <string>

namespace convops {

// Writes OUT/<category>/<file>.csv (timestamp, value, anomaly_score) for each DATA/data/<category>/<file>.csv. The
// number of files written.
Result<std::size_t> score_nab(std::string const& data, std::string const& out);

struct DetectorSpeed {
    double points_per_second = 0;
    std::size_t points = 0;
    std::size_t opened = 0;
};

// One core, `series` detectors fed in turn with generated daily curves.
Result<DetectorSpeed> time_detector(std::size_t series, std::size_t points_each);

} // namespace convops
