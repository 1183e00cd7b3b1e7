// Causes, what was ruled out, what could not be read and what to do, in the reader's language. English shows the
// sentences of the code that found them; every other language composes its own from the types.
#pragma once

#include "message/fact_words.h"

namespace convops {

std::string cause_words(Cause const& cause, Evidence const& evidence, Telling const& telling);
std::string ruled_out_words(RuledOut const& ruled_out, Evidence const& evidence, Telling const& telling);
// What to look at first when the cause is not known; may be empty.
std::string lead_words(Diagnosis const& diagnosis, Evidence const& evidence, Telling const& telling);
// Why a check suppressed: it healed itself, it is AWS's side.
std::string finding_words(Finding const& finding, Evidence const& evidence, Telling const& telling);
// `causes`: of the diagnosis that suggested it.
std::string action_words(SuggestedAction const& action, std::vector<Cause> const& causes, std::string_view language);

std::string source_words(std::string_view source, std::string_view language); // "Log patterns"
std::string gap_why_words(Gap const& gap, std::string_view language); // "access denied"
std::string gap_tells_words(Gap const& gap, std::string_view language); // "which errors the services logged"

} // namespace convops
