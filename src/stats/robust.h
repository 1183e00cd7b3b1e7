// Level and spread of a sample that a few wild values can not move: median and median absolute deviation.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace convops {

struct Level {
    double centre = 0;
    double spread = 0; // like a standard deviation; never below what robust_level() was told
    std::size_t count = 0;
};

// Reorders the values. 0 for none.
double median_of(std::span<double> values);
double median_of_copy(std::span<double const> values);

// `least_spread` keeps a constant series from turning every wobble into an anomaly. A small sample gives a wider
// spread, for it has not yet shown what is normal. When more than half of the values are equal (a counter that is
// mostly zero), the mean absolute deviation stands in for the median one, which would be zero.
Level robust_level(std::span<double const> values, double least_spread);

// Pearson's correlation of b shifted by `lag` samples against a: positive lag, b follows a. 0 when either is
// constant.
double correlation(std::span<double const> a, std::span<double const> b, int lag);

struct LaggedCorrelation {
    int lag = 0;
    double value = 0;
};
// The lag within [-most, most] with the strongest correlation; the smallest lag of equals.
LaggedCorrelation best_lag(std::span<double const> a, std::span<double const> b, int most);

struct Saturation {
    bool reached = false; // at least two values (or the last one) came within 5 % of the limit
    bool plateau = false; // they stay there: the top is flat
    double highest_share = 0; // of the limit
};
Saturation saturation_of(std::span<double const> values, double limit);

} // namespace convops
