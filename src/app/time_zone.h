// The reader's time zone: its offset and its short name at a given time, from the system's zone files.
#pragma once

#include "message/compose.h"

namespace convops {

// Fills utc_offset and zone_label of the reader for `at`. An unknown zone reads as UTC. One zone per process: the C
// library keeps it in the environment, so the first call decides.
Reader reader_at(Reader reader, Time at);

} // namespace convops
