// When an EventBridge schedule runs:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
#pragma once

#include "base/time.h"

namespace convops {

// The newest run at or before `before`, looking back at most `most`; nullopt when there is none in that time, when
// the expression is a rate (its phase is not known) or when it can not be read. Times are UTC, as EventBridge rules
// are.
std::optional<Time> last_run(std::string_view expression, Time before, Hours most);

// How often a rate(...) runs; nullopt for everything else.
std::optional<Minutes> rate_of(std::string_view expression);

} // namespace convops
