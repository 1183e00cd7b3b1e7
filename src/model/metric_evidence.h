// What the checks and the diagnosis both ask of metric facts.
#pragma once

#include "model/evidence.h"

namespace convops {

// Where the source of a fact has asked: all its metrics over one window. A source with hardly any metrics says too
// little about that, so everybody's window stands in.
Window frame_of(Evidence const& evidence, std::string_view source);

// Whether a value is beyond an alarm's threshold, in CloudWatch's words ("GreaterThanThreshold", ...).
bool exceeds(double value, double threshold, std::string_view comparison);

} // namespace convops
