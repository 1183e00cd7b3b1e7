// What watching many series costs this machine: simulated hours of polls by the minute, answers of AWS included as
// the text that they arrive as; making that text is the bench's own work and is not counted.
#pragma once

#include "base/result.h"

#include <cstddef>

namespace convops {

struct WatchLoad {
    std::size_t series = 0;
    double simulated_hours = 0;
    double cpu_seconds = 0; // of the polls, the datapoints stored; without the first look
    double share_of_core = 0; // of the simulated time
    double first_look_cpu_seconds = 0;
    double rss_mb = 0; // of the whole process, at the end
    double megabytes_of_state = 0; // as stored
    std::size_t points = 0; // new ones
    std::size_t calls = 0;
    std::size_t anomalies = 0;
};

// Errors: unavailable when the series could not be read.
Result<WatchLoad> measure_watch(std::size_t series, double hours);

} // namespace convops
