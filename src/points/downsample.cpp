#include "points/downsample.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>

namespace convops {

std::vector<PointBucket> downsample_points(std::span<Point const> points, Window window, Milliseconds bucket) {
    CHECK(bucket.count() > 0);
    std::vector<PointBucket> buckets;
    for (auto const& point : points) {
        if (!window.contains(point.at) || std::isnan(point.value))
            continue;
        auto const at = window.from + bucket * ((point.at - window.from) / bucket);
        if (buckets.empty() || buckets.back().at != at)
            buckets.push_back({ at, point.value, point.value, 0, 0 });
        auto& one = buckets.back();
        one.least = std::min(one.least, point.value);
        one.most = std::max(one.most, point.value);
        ++one.count;
        // Running, so that large values do not overflow a sum; infinities stay infinite, not NaN.
        if (std::isinf(point.value) || std::isinf(one.mean))
            one.mean = one.count == 1 || std::isfinite(one.mean) ? point.value : one.mean;
        else
            one.mean += point.value / one.count - one.mean / one.count;
    }
    return buckets;
}

} // namespace convops
