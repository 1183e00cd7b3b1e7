// One metric read as a whole: its normal level, its onset, whether the same hours yesterday and last week looked
// alike, and whether it is back to normal.
#pragma once

#include "stats/onset.h"

#include <string_view>

namespace convops {

struct SeriesQuestion {
    Points series;
    std::vector<Points> history; // already shifted to the time of the series
    std::string_view statistic; // "Sum": a missing point is a zero
    std::string_view unit;
    Window frame; // where every metric of this evidence has been asked; {} when not known
    Time alarm_at {};
    double least_change_share = 0.15; // a smaller change than this share of the level is of no interest
};

struct SeriesReading {
    std::size_t points = 0;
    Level normal; // before the onset; over everything when there is none
    std::optional<Onset> onset;
    bool usual = false; // there is an excursion, and the same hours of the other days look alike
    bool has_history = false;
    bool recovered = false; // there was an excursion, and the last points are within 1.5 spreads of normal
    double last = 0; // middle of the last three points
    double highest = 0;
    double lowest = 0;
};

SeriesReading read_series(SeriesQuestion const& question);

// The smallest spread worth the name for a unit: a point of percentage, the square root of a count.
double least_spread_for(std::string_view unit, std::string_view statistic, double level);

} // namespace convops
