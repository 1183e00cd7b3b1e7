// Points in time with millisecond resolution, and half-open windows. Nothing here reads a clock.
#pragma once

#include "base/result.h"

#include <chrono>

namespace convops {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Minutes = std::chrono::minutes;
using Hours = std::chrono::hours;
using Days = std::chrono::days;
using Time = std::chrono::sys_time<Milliseconds>;

// [from, to)
struct Window {
    Time from;
    Time to;

    [[nodiscard]] bool contains(Time time) const { return from <= time && time < to; }
    [[nodiscard]] Milliseconds length() const { return to - from; }
    bool operator==(Window const&) const = default;
};

// RFC 3339 and the near forms AWS writes: "2026-03-06T19:55:38.903Z", "...+0000", "...+00:00", "2026-03-06 19:55:38",
// and epoch seconds ("1795464000", "1795464000.5"). invalid_input otherwise.
Result<Time> parse_time(std::string_view text);

// "2026-03-06T19:55:38.903Z"; the milliseconds only when they are not zero.
std::string format_time(Time time);

// "19:55:38", "19:55": UTC plus a fixed offset. For people.
std::string format_clock(Time time, Minutes utc_offset = Minutes { 0 });

// "45 s", "12 min", "3 h 20 min", "2 d 4 h".
std::string format_duration(Milliseconds duration);

Time floor_to(Time time, Seconds step);
double seconds_since_epoch(Time time);
Time time_from_seconds(double seconds);

} // namespace convops
