// Moments of the last 14 days when a metric was plainly wrong. Two ways, both on the side where the metric hurts:
// by a rule that needs no history (answers with errors, unhealthy hosts, refused calls, dead letters, a disk nearly
// full), or because a detector says that the metric never looked like this and it is far from its own usual.
#pragma once

#include "audit/coverage.h"

#include <functional>

namespace convops {

// The starts of what is new in a series; given from outside, for the detector lives in another folder.
using UnusualFinder = std::function<std::vector<Time>(Series const&)>;

struct WrongMoment {
    Time from {}, until {};
    CoverQuestion question; // the metric and the alarm that is advised for it
    Series const* series = nullptr;
    double worst = 0;
    double usual = 0; // the middle of the 14 days
    bool by_rule = false;
    double gravity = 0;

    [[nodiscard]] Window window() const { return { from, until }; }
};

using WrongMoments = std::map<std::string, std::vector<WrongMoment>>; // by Region
WrongMoments wrong_moments(Estate const& estate, UnusualFinder const& unusual);

// Every period of the window; a counter that said nothing was zero.
Series with_zeros(Series const& series, Window window);
Window history_span(Estate const& estate); // the window that read_history asked for

} // namespace convops
