#include "audit/state_changes.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

// "Alarm updated from OK to ALARM"
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
std::optional<std::pair<AlarmState, AlarmState>> states_in(Json const& item) {
    auto const words = split(text_at(item, "HistorySummary"), ' ');
    if (words.size() < 4 || words[words.size() - 2] != "to")
        return std::nullopt;
    auto const from = alarm_state_from(words[words.size() - 3]);
    auto const to = alarm_state_from(words.back());
    if (!from || !to)
        return std::nullopt;
    return std::pair { *from, *to };
}

} // namespace

std::map<std::string, std::vector<StateChange>, std::less<>> state_changes(
    Estate const& estate, std::string const& region) {
    std::map<std::string, std::vector<StateChange>, std::less<>> all;
    for (auto const& item : estate.items("cloudwatch_alarm_history", region)) {
        if (text_at(item, "HistoryItemType") != "StateUpdate" || !text_at(item, "AlarmContributorId").empty())
            continue;
        auto const at = time_at(item, "Timestamp");
        auto const states = states_in(item);
        if (at && states && states->first != states->second)
            all[text_at(item, "AlarmName")].push_back({ *at, states->first, states->second });
    }
    for (auto& [name, changes] : all)
        std::sort(changes.begin(), changes.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
    return all;
}

std::size_t most_within(
    std::span<StateChange const> changes, Milliseconds length, bool (*counts)(StateChange const& change)) {
    std::vector<Time> times;
    for (auto const& change : changes)
        if (counts(change))
            times.push_back(change.at);
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < times.size(); ++last) {
        while (times[last] - times[first] >= length)
            ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}

std::set<std::string> delivered_to(Estate const& estate, std::string const& region) {
    // "Successfully executed action arn:aws:sns:eu-west-1:111122223333:on-call"
    constexpr std::string_view done = "Successfully executed action ";
    std::set<std::string> topics;
    for (auto const& item : estate.items("cloudwatch_alarm_history", region)) {
        auto const summary = text_at(item, "HistorySummary");
        if (text_at(item, "HistoryItemType") == "Action" && summary.starts_with(done))
            topics.insert(summary.substr(done.size()));
    }
    return topics;
}

} // namespace convops
