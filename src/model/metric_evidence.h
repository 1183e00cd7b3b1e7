// What the checks and the diagnosis both ask of metric facts.
#pragma once

#include "model/evidence.h"

namespace convops {

// Where the source of a fact has asked: all its metrics over one window. A source with hardly any metrics says too
// little about that, so everybody's window stands in.
Window frame_of(Evidence const& evidence, std::string_view source);

// Whether a value is beyond an alarm's threshold, in CloudWatch's words ("GreaterThanThreshold", ...).
bool exceeds(double value, double threshold, std::string_view comparison);

// How a metric stood in the half hour before the onset, and since: the middle of each. nullopt when one is missing.
struct Levels {
    double before = 0;
    double since = 0;

    // Whether it moved by at least a tenth of the larger: less is evidence, but no movement to speak of.
    [[nodiscard]] bool moved() const;
};
std::optional<Levels> levels_around(MetricFact const& metric, Time onset);

// The fact about the alarm's own metric: the same identity, or else the nearest that a source marked as the alarm's;
// both nullptr when it has not been read.
std::pair<Fact const*, MetricFact const*> fact_of_alarm(Alarm const& alarm, Evidence const& evidence);

} // namespace convops
