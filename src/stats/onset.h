// When did a series leave its normal level, in which direction and how: a step, a ramp or a spike. Everything is
// linear in the number of points, because an investigation asks it of hundreds of series.
#pragma once

#include "base/time.h"
#include "stats/robust.h"

#include <algorithm>
#include <optional>

namespace convops {

// Datapoints in ascending time; at[i] is the start of its period.
struct Points {
    std::span<Time const> at;
    std::span<double const> values;
    Seconds period { 60 };

    [[nodiscard]] std::size_t size() const { return std::min(at.size(), values.size()); }
};

enum class Direction : std::uint8_t { up, down };
enum class Shape : std::uint8_t { step, ramp, spike };

struct Onset {
    Time at {}; // start of the first period that is off; the moment itself lies within that period
    Time until {}; // end of the last period that is off
    Direction direction = Direction::up;
    Shape shape = Shape::step;
    double before = 0; // level before
    double after = 0; // typical level since
    double extreme = 0; // the furthest value since
    double size = 0; // |after - before| in spreads of the time before
    double confidence = 0; // 0..1
    bool still_on = false; // off up to the last point
    bool since_start = false; // already moving when the record begins, so the true onset may be earlier
};

struct OnsetQuery {
    Time focus_from {}; // only an excursion that overlaps [focus_from, focus_to) counts
    Time focus_to {};
    double least_spread = 0; // absolute
    double least_share = 0.03; // of the level: the spread is at least this share of it
    double least_score = 7; // of the accumulated deviation: about one point at 8 spreads or four at 3
};

std::optional<Onset> find_onset(Points points, OnsetQuery const& query);

} // namespace convops
