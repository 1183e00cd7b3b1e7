#include "audit/alarm_log.h"

#include <algorithm>

namespace convops {

namespace {

// HistoryData is JSON in a text; the summary says it in words: "Alarm updated from OK to ALARM".
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
std::optional<AlarmState> new_state_of(Json const& item) {
    if (auto const data = parse_json(text_at(item, "HistoryData")))
        if (auto const state = alarm_state_from(text_at(*data, "newState.stateValue")))
            return state;
    auto const summary = text_at(item, "HistorySummary");
    auto const to = summary.rfind(" to ");
    return to == std::string::npos ? std::nullopt : alarm_state_from(std::string_view(summary).substr(to + 4));
}

} // namespace

std::optional<bool> AlarmLog::fired(std::string_view alarm, Window window) const {
    if (!known)
        return std::nullopt;
    auto const found = stays.find(alarm);
    return found != stays.end()
        && std::any_of(found->second.begin(), found->second.end(),
            [&](AlarmStay const& stay) { return stay.from < window.to && window.from < stay.until; });
}

AlarmLog alarm_log_of(Estate const& estate, std::string const& region) {
    AlarmLog log;
    log.known = estate.account->listing("cloudwatch_alarm_history", region).whole();
    std::map<std::string, std::map<Time, AlarmState>> changes;
    for (auto const& item : estate.items("cloudwatch_alarm_history", region))
        if (auto const kind = text_at(item, "HistoryItemType"); kind.empty() || kind == "StateUpdate")
            if (auto const at = time_at(item, "Timestamp"))
                if (auto const state = new_state_of(item))
                    changes[text_at(item, "AlarmName")][*at] = *state;
    for (auto const& [name, states] : changes)
        for (auto one = states.begin(); one != states.end(); ++one)
            if (one->second == AlarmState::alarm) {
                auto const next = std::next(one);
                log.stays[name].push_back({ one->first, next == states.end() ? estate.now() : next->first });
            }
    return log;
}

} // namespace convops
