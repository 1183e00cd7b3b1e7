// Where the ticks of a chart stand. Pure.
#pragma once

#include "message/chart.h"

namespace convops {

struct ValueAxis {
    double low = 0;
    double high = 1;
    std::vector<double> ticks; // between low and high, round numbers, three to seven
};

struct TimeTick {
    Time at {};
    std::string label; // "19:55"; at midnight and for steps of days "Nov 23"
};

// Covers every point, the usual band and the threshold, from zero unless the values are far from it.
ValueAxis value_axis_of(ChartSpec const& spec);
std::vector<TimeTick> time_ticks_of(ChartSpec const& spec, std::size_t most = 7);

} // namespace convops
