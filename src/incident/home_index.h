// The homes of one connection, found by what an alarm could have in common with them, so that a storm of unrelated
// alarms does not compare each with all.
#pragma once

#include "incident/grouping.h"

#include <unordered_map>

namespace convops {

class HomeIndex {
public:
    void put(Home home, Time touched_at);
    void remove(IncidentId const& id);
    [[nodiscard]] std::size_t size() const { return homes_.size(); }

    // Every home that find_homes() and recent_firings() could choose for this alarm; some may turn out not to match.
    [[nodiscard]] std::vector<Home> candidates(Alarm const& alarm, std::vector<Dependency> const& dependencies) const;
    // Resolved and not touched since `before`, at most `most`.
    [[nodiscard]] std::vector<IncidentId> untouched_since(Time before, std::size_t most) const;

private:
    struct Entry {
        Home home;
        Time touched_at {};
    };
    std::map<IncidentId, Entry> homes_;
    std::unordered_map<std::string, std::set<IncidentId>> by_term_;
};

} // namespace convops
