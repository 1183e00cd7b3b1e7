// What fixed it? Decided from what the investigation found and from a short re-read after the end. A change counts as
// the fix only when it undid the cause and the metric came back shortly after; a change of the same resource at that
// time is named with its doubt; and silence is an answer only once CloudTrail has had its time to deliver.
#pragma once

#include "model/investigation.h"
#include "model/recovery.h"

namespace convops {

// `after`: the facts of the re-read, renumbered as aftermath; nullptr when there was none. `now`: the clock of the
// re-read.
Recovery explain_recovery(Investigation const& investigation, Evidence const* after, Time now);

} // namespace convops
