// Verification checks: one file each in checks/. A check is a question, judged from the evidence alone.
#pragma once

#include "model/diagnosis.h"

namespace convops {

struct Check {
    std::string_view name; // file name, a question: "change_precedes_onset"
    std::string_view asks; // "Did a change precede it?"
    CheckEffect effect = CheckEffect::context;
    Finding (*judge)(Alarm const& alarm, Evidence const& evidence, Time now) = nullptr; // fills verdict, why, facts
};

namespace checks {
using Registered = Check;
std::vector<Registered> all();
} // namespace checks

// Every check over the evidence, in the order of their names.
std::vector<Finding> verify(Alarm const& alarm, Evidence const& evidence, Time now);

} // namespace convops
