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
    std::optional<Time> created; // unknown: nothing can be said of earlier days
    Days kept { 0 }; // 0: for ever
};

// Whether every line of the window is still there, had it been written.
bool still_has(LogGroup const& group, Window window, Time now);

// The patterns of one group within the incident, compared with the reference window and, where they were read, with
// the same hours of earlier days; most surprising first. What is as frequent in either is usual.
std::vector<Fact> log_pattern_facts(LogGroup const& group, LogEvents const& incident, LogEvents const& reference,
    std::span<LogEvents const> earlier_days = {});

// How unexpected a pattern is: 0 for one that is as frequent as usual. New and severe patterns score highest.
double surprise_of(LogPatternFact const& pattern);

} // namespace convops
