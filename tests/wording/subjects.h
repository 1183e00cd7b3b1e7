// What the liar writes about: the real investigations of every golden scenario and every recording.
#pragma once

#include "model/investigation.h"

namespace convops {

struct Subject {
    std::string name; // "scenario 004-hot-table", "recording a1"
    Investigation investigation;
};

// From the top of the repository. Errors name the scenario or recording that did not load.
Result<std::vector<Subject>> all_subjects();

} // namespace convops
