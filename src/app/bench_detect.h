// The streaming detector measured: its scores on files of the Numenta Anomaly Benchmark, and its speed.
#pragma once

#include "base/json.h"
#include "base/time.h"

#include <string>
#include <vector>

namespace convops {

// Writes OUT/<category>/<file>.csv (timestamp, value, anomaly_score) for each DATA/data/<category>/<file>.csv. The
// number of files written.
Result<std::size_t> score_nab(std::string const& data, std::string const& out);

struct DetectorSpeed {
    double points_per_second = 0; // of processor time
    double points_per_wall_second = 0;
    std::size_t points = 0;
    std::size_t opened = 0;
};

// Daily curves with noise and a spike now and then.
std::vector<std::vector<double>> curves(std::size_t series, std::size_t points_each);

// One core, one detector a series, fed in turn.
Result<DetectorSpeed> time_detector(std::vector<std::vector<double>> const& series);

// Runs another detector on the same series: `program` FILE, where the file holds the count of series and of the
// points of each (32 bits), then the values (64 bits), little endian. What it prints on its one line; not_found where
// it is not installed.
Result<Json> time_peer(std::string const& program, std::vector<std::vector<double>> const& series);

// False alarms of ordinary series and planted incidents found, at the fixed threshold: `each` series of every kind.
Result<Json> judge_generated(std::size_t each, Seconds period);

} // namespace convops
