// Would you have been told? Moments of the last 14 days when a metric was plainly wrong and nobody would have been
// notified, each with the alarm that would have caught it and how often that alarm had fired in vain.
#pragma once

#include "audit/alarm_log.h"
#include "audit/wrong_moments.h"
#include "model/audit.h"

namespace convops {

inline constexpr std::size_t most_untold_moments = 10;

// Worst first. Moments that began together are one incident; it counts as told as soon as one of its alarms would
// have told somebody.
std::vector<UntoldMoment> untold_moments(Estate const& estate, WrongMoments const& all);

} // namespace convops
