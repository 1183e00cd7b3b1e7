// What the detector found, in words for a person. Pure.
#pragma once

#include "watch/detector.h"

namespace convops {

// "412: 7.4 σ above the usual for Monday 14:00 UTC (about 120); no such value in 30 days". What is not known is not
// said; that the history is short is.
std::string explain(DetectorReading const& reading);

// "Monday 14:00 UTC", "14:00 UTC on any day", "the last 6 h"
std::string words_of(Usual const& usual, Time at);

} // namespace convops
