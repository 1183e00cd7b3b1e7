#include "stats/robust.h"

#include <algorithm>
#include <cmath>

namespace convops {

double median_of(std::span<double> values) {
    if (values.empty())
        return 0;
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double median_of_copy(std::span<double const> values) {
    std::vector<double> copy(values.begin(), values.end());
    return median_of(copy);
}

Level robust_level(std::span<double const> values, double least_spread) {
    Level level;
    level.count = values.size();
    level.spread = least_spread;
    if (values.empty())
        return level;
    std::vector<double> scratch(values.begin(), values.end());
    level.centre = median_of(scratch);
    double sum = 0;
    std::size_t equal = 0;
    for (auto& value : scratch) {
        value = std::abs(value - level.centre);
        sum += value;
        equal += value == 0 ? 1 : 0;
    }
    auto const count = static_cast<double>(scratch.size());
    // 1.4826 and 1.2533 make both deviations estimate the standard deviation of normal noise.
    double const spread
        = 2 * equal > scratch.size() ? std::min(1.2533 * sum / count, 1e300) : 1.4826 * median_of(scratch);
    level.spread = std::max(spread * (1 + 2 / count), least_spread);
    return level;
}

double correlation(std::span<double const> a, std::span<double const> b, int lag) {
    auto const offset_a = static_cast<std::size_t>(std::max(0, -lag));
    auto const offset_b = static_cast<std::size_t>(std::max(0, lag));
    if (offset_a >= a.size() || offset_b >= b.size())
        return 0;
    auto const count = std::min(a.size() - offset_a, b.size() - offset_b);
    if (count < 3)
        return 0;
    double sum_a = 0;
    double sum_b = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum_a += a[i + offset_a];
        sum_b += b[i + offset_b];
    }
    double const mean_a = sum_a / static_cast<double>(count);
    double const mean_b = sum_b / static_cast<double>(count);
    double both = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t i = 0; i < count; ++i) {
        double const from_a = a[i + offset_a] - mean_a;
        double const from_b = b[i + offset_b] - mean_b;
        both += from_a * from_b;
        square_a += from_a * from_a;
        square_b += from_b * from_b;
    }
    double const scale = std::sqrt(square_a) * std::sqrt(square_b);
    return scale > 0 && std::isfinite(scale) ? both / scale : 0;
}

LaggedCorrelation best_lag(std::span<double const> a, std::span<double const> b, int most) {
    LaggedCorrelation best { 0, correlation(a, b, 0) };
    for (int distance = 1; distance <= most; ++distance)
        for (int const lag : { distance, -distance })
            if (double const value = correlation(a, b, lag); std::abs(value) > std::abs(best.value) + 1e-12)
                best = { lag, value };
    return best;
}

Saturation saturation_of(std::span<double const> values, double limit) {
    Saturation found;
    if (values.empty() || limit <= 0)
        return found;
    std::size_t near = 0;
    std::size_t run = 0;
    std::size_t longest = 0;
    for (double const value : values) {
        found.highest_share = std::max(found.highest_share, value / limit);
        bool const is_near = value >= 0.95 * limit;
        near += is_near ? 1 : 0;
        run = is_near ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    found.reached = near >= 2 || values.back() >= 0.95 * limit;
    found.plateau = longest >= 3;
    return found;
}

} // namespace convops
