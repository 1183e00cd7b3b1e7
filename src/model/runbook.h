// Runbooks that people wrote, and why one fits. The text is theirs: hostile wherever it is shown.
#pragma once

#include "model/cause_kind.h"

#include <string>
#include <vector>

namespace convops {

struct Runbook {
    std::string file; // relative to the folder: "checkout/pool.md"
    std::string title; // of the front matter, else the first heading, else the file
    std::string link; // of the front matter, or what the configured address and the file make; may be empty
    std::vector<std::string> alarms; // patterns with * and ?
    std::vector<std::string> resources; // the same, against a resource's key, name and what a person calls it
    std::vector<CauseKind> kinds;
    std::vector<std::string> steps; // the first of them, one line each
};

// One that fits the incident.
struct CitedRunbook {
    std::string title;
    std::string place; // its link, or its path where it has none
    bool has_link = false;
    std::vector<std::string> steps;
    std::vector<std::string> fits; // why: "alarm", "resource", "kind"
};
inline constexpr std::size_t most_cited_runbooks = 2;

} // namespace convops
