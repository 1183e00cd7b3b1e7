// The reader's time zone: its offset and its short name at a given time, from the system's zone files (TZif). Not by
// the C library, which knows one zone per process: each route may have its own.
#pragma once

#include "message/compose.h"

namespace convops {

struct ZoneOffset {
    Seconds utc_offset { 0 };
    std::string label; // "CET"
    bool operator==(ZoneOffset const&) const = default;
};

// Pure: the bytes of a zone file and a time. corrupt when they are no TZif. https://www.rfc-editor.org/rfc/rfc9636
Result<ZoneOffset> zone_offset_in(std::string_view tzif, Time at);

// Fills utc_offset and zone_label of the reader for `at`. An unknown zone reads as UTC.
Reader reader_at(Reader reader, Time at);
bool is_known_time_zone(std::string const& name); // the system has a file of that name

} // namespace convops
