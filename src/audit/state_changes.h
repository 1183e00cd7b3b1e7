// What the history of alarms tells: when each changed its state, and what its actions came to.
#pragma once

#include "audit/estate.h"

#include <set>

namespace convops {

struct StateChange {
    Time at {};
    AlarmState from = AlarmState::ok;
    AlarmState to = AlarmState::alarm;
};

// By the alarm's name, in ascending time. Only whole alarms: a contributor of a Metrics Insights alarm is left out.
std::map<std::string, std::vector<StateChange>, std::less<>> state_changes(
    Estate const& estate, std::string const& region);

// Most changes within any `length`, over those that `counts` lets through.
std::size_t most_within(
    std::span<StateChange const> changes, Milliseconds length, bool (*counts)(StateChange const& change));

// ARNs of the topics to which an alarm was delivered within the history.
std::set<std::string> delivered_to(Estate const& estate, std::string const& region);

} // namespace convops
