// Log events as facts: the pure part of sources/log_patterns.
#pragma once

#include "model/evidence.h"

namespace convops {

struct LogEvents {
    Window window; // what was asked for
    JsonArray events; // of FilterLogEvents: { "timestamp": ms, "message": "..." }, ascending
    bool cut = false; // there was more than could be read: only the start of the window is covered
    bool failed = false; // could not be read: says nothing, neither "new" nor "as usual"
};

struct LogGroup {
    std::string name;
    Resource resource; // whose log it is
};

// The patterns of one group within the incident, compared with the reference window; most surprising first.
std::vector<Fact> log_pattern_facts(LogGroup const& group, LogEvents const& incident, LogEvents const& reference);

// How unexpected a pattern is: 0 for one that is as frequent as usual. New and severe patterns score highest.
double surprise_of(LogPatternFact const& pattern);

} // namespace convops
