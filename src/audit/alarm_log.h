// What CloudWatch's own history says of each alarm: its stays in ALARM.
#pragma once

#include "audit/backtest.h"
#include "audit/estate.h"

namespace convops {

struct AlarmLog {
    bool known = false; // the history was read to its end
    std::map<std::string, std::vector<AlarmStay>, std::less<>> stays; // by name of the alarm, ascending
    // Did it go into ALARM in the window? nullopt: not known.
    [[nodiscard]] std::optional<bool> fired(std::string_view alarm, Window window) const;
};
AlarmLog alarm_log_of(Estate const& estate, std::string const& region);

} // namespace convops
