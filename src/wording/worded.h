// From a draft to words that may be shown. Pure: the same draft about the same investigation gives the same words.
#pragma once

#include "model/wording.h"
#include "wording/prompt.h"

namespace convops {

// Drops what does not hold. When the headline fails, does not name the cause, or less than half of the draft
// survives, `why_template` says so and the template's words stand.
WordedDiagnosis checked(Investigation const& investigation, Readership const& reader, ModelDraft const& draft);

} // namespace convops
