#include "incident/home_index.h"

namespace convops {

namespace {

// A home stands under its alarms' keys, names, children and resources. The letter keeps the kinds apart.
std::set<std::string> terms_of(Home const& home) {
    std::set<std::string> terms;
    for (auto const& [key, alarm] : home.alarms) {
        terms.insert("k" + key);
        terms.insert("n" + alarm.name);
        for (auto const& child : alarm.children)
            terms.insert("c" + child);
        for (auto const& resource : alarm.resources)
            terms.insert("r" + resource);
    }
    return terms;
}

std::set<std::string> terms_for(Alarm const& alarm, std::vector<Dependency> const& dependencies) {
    std::set<std::string> terms { "k" + alarm_key(alarm), "c" + alarm.name };
    for (auto const& child : alarm.children)
        terms.insert("n" + child);
    for (auto const& resource : alarm.resources()) {
        auto const key = resource.key();
        terms.insert("r" + key);
        for (auto const& [a, b] : dependencies)
            if (a == key || b == key)
                terms.insert("r" + (a == key ? b : a));
    }
    return terms;
}

} // namespace

void HomeIndex::put(Home home, Time touched_at) {
    remove(home.id);
    for (auto const& term : terms_of(home))
        by_term_[term].insert(home.id);
    auto const id = home.id;
    homes_[id] = { std::move(home), touched_at };
}

void HomeIndex::remove(IncidentId const& id) {
    auto const at = homes_.find(id);
    if (at == homes_.end())
        return;
    for (auto const& term : terms_of(at->second.home)) {
        auto const row = by_term_.find(term);
        if (row == by_term_.end())
            continue;
        row->second.erase(id);
        if (row->second.empty())
            by_term_.erase(row);
    }
    homes_.erase(at);
}

std::vector<Home> HomeIndex::candidates(Alarm const& alarm, std::vector<Dependency> const& dependencies) const {
    std::set<IncidentId> ids;
    for (auto const& term : terms_for(alarm, dependencies))
        if (auto const row = by_term_.find(term); row != by_term_.end())
            ids.insert(row->second.begin(), row->second.end());
    std::vector<Home> found;
    for (auto const& id : ids)
        found.push_back(homes_.at(id).home);
    return found;
}

std::vector<IncidentId> HomeIndex::untouched_since(Time before, std::size_t most) const {
    std::vector<IncidentId> found;
    for (auto const& [id, entry] : homes_) {
        if (found.size() == most)
            break;
        if (entry.home.state == IncidentState::resolved && entry.touched_at < before)
            found.push_back(id);
    }
    return found;
}

} // namespace convops
