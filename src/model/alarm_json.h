// An Alarm as stored JSON, version 1. Keys that this version does not know are ignored when read and never written,
// so nothing that a stranger put into a document is carried along.
#pragma once

#include "base/json.h"
#include "model/alarm.h"

namespace convops {

Json to_json(Alarm const& alarm);
// corrupt: not an alarm, or written by a newer version.
Result<Alarm> alarm_from_json(Json const& json);

// Shared by stored documents. Times keep their milliseconds.
Json time_to_json(Time time);
// Reads the "v" of a stored document; corrupt when it is absent or above `newest`.
Result<> check_version(Json const& json, int newest, std::string_view what);

} // namespace convops
