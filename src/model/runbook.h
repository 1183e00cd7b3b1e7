// Runbooks that people wrote, and why one fits. The text is theirs: hostile wherever it is shown.
#pragma once

#include "model/cause_kind.h"

#include <string>
#include <vector>

namespace convops {

struct Runbook {
    std::string file; // relative to the folder: "checkout/pool.md"
    std::string title; // of the front matter, else the first heading, else the file
    std::vector<std::string> alarms; // patterns with * and ?
    std::vector<std::string> resources; // the same, against a resource's key, name and what a person calls it
    std::vector<CauseKind> kinds;
    std::vector<std::string> steps; // the first of them, one line each
};

// One that fits the incident.
struct CitedRunbook {
    std::string title;
    std::string place; // where it is read: the configured address and its path; without an address its path
    std::string address; // the configured one; empty: the place is a path
    std::vector<std::string> steps;
    std::vector<std::string> fits; // why: "alarm", "resource", "kind"
};
inline constexpr std::size_t most_cited_runbooks = 2;

} // namespace convops
