// The moments of an incident, as the message and the report tell them: one line each, behind its clock.
#pragma once

#include "message/fact_words.h"

namespace convops {

// One deploy leaves several records: the trail's calls, the deployment, its start and end. The one that tells most
// stands for all that lie within two minutes of it.
bool another_stands_for(Fact const& fact, std::vector<FactId> const& cited, Evidence const& evidence);

// A metric beside the alarm's own: how it stood in the half hour before the onset and since. Empty when it hardly
// moved: then it is evidence, but no moment.
std::string how_it_moved(MetricFact const& metric, Time onset, Reader const& reader);

// What the alarm's metric did at the onset.
std::string onset_words(AlarmReading const& reading, Alarm const& alarm, Telling const& telling);

// A fact behind the clock of `at`, so without that clock inside.
std::string moment_words(Fact const& fact, Time at, Telling const& telling);

} // namespace convops
