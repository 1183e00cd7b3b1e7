// EventBridge schedule expressions: when did one fire?
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
#pragma once

#include "base/time.h"

#include <optional>

namespace convops {

struct ScheduledRun {
    Time at {};
    double runs_per_day = 0;
};

// The last time within the window at which the expression fires; nothing for a rate(...), whose phase is not known,
// unless it fires at least once in every window of that length. Days of the week and month are read as "every day"
// when they are anything but plain numbers.
std::optional<ScheduledRun> last_run(std::string_view expression, Window window);

} // namespace convops
