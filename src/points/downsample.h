// Datapoints, and what a chart draws of many of them.
#pragma once

#include "base/time.h"

#include <span>
#include <vector>

namespace convops {

struct Point {
    Time at; // start of its period
    double value = 0;
};

struct PointBucket { // of the datapoints in [at, at + bucket)
    Time at;
    double least = 0; // the spike that a mean would hide is here, up or down
    double most = 0;
    double mean = 0;
    std::uint32_t count = 0; // those that are numbers; a bucket with none is absent
};

// Buckets start at window.from. `points` ascending; those outside the window are left out. bucket > 0.
std::vector<PointBucket> downsample_points(std::span<Point const> points, Window window, Milliseconds bucket);

} // namespace convops
