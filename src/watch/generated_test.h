// Points for the tests of the watch: one fixed generator, no libraries.
#pragma once

#include "base/time.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

namespace convops {

struct GeneratedPoint {
    Time at;
    double value = 0;
};

class Noise {
public:
    explicit Noise(std::uint64_t seed = 7)
        : state_(seed) { }
    double uniform() {
        state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        return static_cast<double>(state_ >> 40U) / static_cast<double>(1U << 24U);
    }
    double normal() { // of variance one, near enough
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += uniform();
        return sum;
    }

private:
    std::uint64_t state_;
};

inline Time const a_monday = *parse_time("2026-03-02T00:00:00Z");

inline double hours_since_monday(Time at) {
    return std::chrono::duration<double, std::ratio<3'600>>(at - a_monday).count();
}

// Quiet nights, busy days, quieter weekends: 100 at night, about 300 at 14:00 on weekdays.
inline double office_traffic(Time at) {
    auto const hour = hours_since_monday(at);
    auto const day = static_cast<int>(std::floor(hour / 24)) % 7;
    auto const swing = std::max(0.0, std::sin((hour - 8) / 24 * 2 * std::numbers::pi));
    return 100 + (day >= 5 ? 40 : 200) * swing;
}

// One point a `period` from a Monday on.
inline std::vector<GeneratedPoint> generated(
    Days days, Seconds period, std::function<double(Time, Noise&)> const& value, std::uint64_t seed = 7) {
    std::vector<GeneratedPoint> points;
    Noise noise { seed };
    for (auto at = a_monday; at < a_monday + days; at += period)
        points.push_back({ at, value(at, noise) });
    return points;
}

} // namespace convops
