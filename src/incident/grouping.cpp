#include "incident/grouping.h"

#include <algorithm>

namespace convops {

namespace {

bool fired_within(HomeAlarm const& member, Time at, Minutes distance) {
    return std::any_of(member.changes.begin(), member.changes.end(), [&](AlarmChange const& change) {
        return change.state == AlarmState::alarm && change.at <= at + distance && at <= change.at + distance;
    });
}

bool names(std::vector<std::string> const& children, std::string const& name) {
    return std::find(children.begin(), children.end(), name) != children.end();
}

// The same alarm fires again: one episode while no OK lies between, and still one when the OK was short.
bool continues(HomeAlarm const& member, Time at, Minutes reopen_within) {
    AlarmChange const* before = nullptr;
    for (auto const& change : member.changes)
        if (change.state != AlarmState::insufficient_data && change.at <= at)
            before = &change;
    return before != nullptr && (before->state == AlarmState::alarm || at - before->at <= reopen_within);
}

bool share_resource(std::vector<std::string> const& mine, std::vector<std::string> const& theirs,
    std::vector<Dependency> const& dependencies) {
    for (auto const& a : mine)
        for (auto const& b : theirs)
            if (a == b || std::any_of(dependencies.begin(), dependencies.end(), [&](Dependency const& pair) {
                    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
                }))
                return true;
    return false;
}

std::vector<std::string> keys_of(Alarm const& alarm) {
    std::vector<std::string> keys;
    for (auto const& resource : alarm.resources())
        keys.push_back(resource.key());
    return keys;
}

// The incident with this alarm's last firing at or before `at`, and the one with its next firing after.
struct Neighbours {
    Home const* before = nullptr;
    Time before_at {};
    Home const* after = nullptr;
    Time after_at {};
};

Neighbours neighbours_of(std::vector<Home> const& homes, std::string const& key, Time at) {
    Neighbours found;
    for (auto const& home : homes) {
        auto const member = home.alarms.find(key);
        if (member == home.alarms.end())
            continue;
        for (auto const& change : member->second.changes) {
            if (change.state != AlarmState::alarm)
                continue;
            if (change.at <= at && (found.before == nullptr || change.at >= found.before_at)) {
                found.before = &home;
                found.before_at = change.at;
            }
            if (change.at > at && (found.after == nullptr || change.at < found.after_at)) {
                found.after = &home;
                found.after_at = change.at;
            }
        }
    }
    return found;
}

bool links_by_relation(Home const& home, Alarm const& alarm, std::vector<std::string> const& resources,
    std::vector<Dependency> const& dependencies, Policy const& policy) {
    auto const own_key = alarm_key(alarm);
    for (auto const& [key, member] : home.alarms) {
        if (key == own_key)
            continue;
        auto const close = fired_within(member, alarm.changed_at, policy.group_within);
        if (close && share_resource(resources, member.resources, dependencies))
            return true;
        // A composite fires when its last child does, however long the first child has been firing.
        auto const family = names(alarm.children, member.name) || names(member.children, alarm.name);
        if (family && (close || (home.state == IncidentState::open && still_fires(member.changes))))
            return true;
    }
    return false;
}

// The incident, if any, of which this firing is another episode of the same alarm.
Home const* home_of_same_alarm(std::vector<Home> const& homes, std::string const& key, Time at,
    Neighbours const& neighbours, Policy const& policy) {
    if (neighbours.before != nullptr) {
        auto const firings = recent_firings(homes, key, at, policy).size();
        if (firings + 1 >= static_cast<std::size_t>(policy.flapping_firings)
            || continues(neighbours.before->alarms.at(key), at, policy.reopen_within))
            return neighbours.before;
    }
    // It arrives late, and its own OK, if there was one, has not arrived: better one incident than one that waits for
    // an OK that never comes.
    if (neighbours.after != nullptr && neighbours.after_at - at <= policy.flapping_window)
        return neighbours.after;
    return nullptr;
}

} // namespace

Home home_of(IncidentRecord const& record) {
    Home home { record.incident.id, record.incident.state, record.incident.opened_at, record.incident.resolved_at,
        {} };
    for (auto const& [key, alarm] : record.incident.alarms) {
        auto const changes = record.changes.find(key);
        home.alarms[key] = { alarm.latest.name, alarm.latest.children, keys_of(alarm.latest),
            changes == record.changes.end() ? std::vector<AlarmChange> {} : changes->second };
    }
    return home;
}

std::vector<IncidentId> find_homes(std::vector<Home> const& homes, Alarm const& alarm,
    std::vector<Dependency> const& dependencies, Policy const& policy) {
    auto const key = alarm_key(alarm);
    auto const neighbours = neighbours_of(homes, key, alarm.changed_at);
    std::vector<Home const*> found;
    if (alarm.state == AlarmState::alarm) {
        auto const* same = home_of_same_alarm(homes, key, alarm.changed_at, neighbours, policy);
        auto const resources = keys_of(alarm);
        for (auto const& home : homes)
            if (&home == same || (!home.full() && links_by_relation(home, alarm, resources, dependencies, policy)))
                found.push_back(&home);
    } else if (neighbours.before != nullptr) {
        found.push_back(neighbours.before);
        // An OK that arrives late may show that two episodes are one: the next ALARM came soon after it.
        if (alarm.state == AlarmState::ok && neighbours.after != nullptr && neighbours.after != neighbours.before
            && neighbours.after_at - alarm.changed_at <= policy.reopen_within)
            found.push_back(neighbours.after);
    }
    std::sort(found.begin(), found.end(),
        [](Home const* a, Home const* b) { return std::tie(a->opened_at, a->id) < std::tie(b->opened_at, b->id); });
    std::vector<IncidentId> ids;
    for (auto const* home : found)
        ids.push_back(home->id);
    return ids;
}

std::optional<IncidentId> find_home(std::vector<Home> const& homes, Alarm const& alarm,
    std::vector<Dependency> const& dependencies, Policy const& policy) {
    auto const ids = find_homes(homes, alarm, dependencies, policy);
    return ids.empty() ? std::nullopt : std::optional(ids.front());
}

std::vector<Time> recent_firings(
    std::vector<Home> const& homes, std::string const& key, Time at, Policy const& policy) {
    std::vector<Time> times;
    for (auto const& home : homes)
        if (auto const member = home.alarms.find(key); member != home.alarms.end())
            for (auto const& change : member->second.changes)
                if (change.state == AlarmState::alarm && change.at < at && at - change.at < policy.flapping_window)
                    times.push_back(change.at);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

} // namespace convops
