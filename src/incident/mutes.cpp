#include "incident/mutes.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::size_t most_windows = 64; // of one rule in one span
constexpr Minutes day { 24 * 60 };

bool fits_resource(std::string const& pattern, Alarm const& alarm) {
    auto const resources = alarm.resources();
    return std::any_of(resources.begin(), resources.end(), [&](Resource const& resource) {
        return glob_matches(pattern, resource.key()) || glob_matches(pattern, resource.name)
            || glob_matches(pattern, resource.short_name());
    });
}

bool fits_tag(MuteWindow const& window, Alarm const& alarm) {
    auto const resources = alarm.resources();
    return std::any_of(resources.begin(), resources.end(),
        [&](Resource const& resource) { return window.tagged.contains(resource.key()); });
}

bool fits(MuteWindow const& window, Alarm const& alarm) {
    return (window.alarm.empty() || glob_matches(window.alarm, alarm.name))
        && (window.resource.empty() || fits_resource(window.resource, alarm))
        && (window.tag.empty() || fits_tag(window, alarm));
}

// A local time as UTC. Across a change of the clock the offset after it counts.
Time to_utc(Time local, std::function<Seconds(Time)> const& offset_at) {
    auto const first = local - offset_at(local);
    return local - offset_at(first);
}

} // namespace

std::string problem_of(MuteRule const& rule, Time now) {
    if (rule.alarm.empty() && rule.resource.empty() && rule.tag.empty())
        return "names no alarm, resource or tag: it would mute everything";
    if (!rule.tag.empty() && rule.tag.find('=') == std::string::npos)
        return "a tag is written key=value";
    if (!rule.recurs()) {
        if (rule.once.length() <= Milliseconds { 0 })
            return "has no end: every mute ends";
        if (rule.once.length() > longest_mute)
            return "lasts longer than " + format_duration(longest_mute);
        return rule.once.to <= now ? "is over already" : "";
    }
    if (rule.length <= Minutes { 0 } || rule.length > day)
        return "each window lasts from one minute to a day";
    if (rule.until == Time {})
        return "recurs without an end: give the day until which it does";
    if (rule.until > now + longest_recurring)
        return "recurs for longer than " + format_duration(longest_recurring) + " from now";
    return rule.until <= now ? "is over already" : "";
}

std::vector<MuteWindow> windows_of(MuteRule const& rule, Window span, std::function<Seconds(Time)> const& offset_at) {
    std::vector<MuteWindow> windows;
    auto const add = [&](Window when) {
        if (when.from < span.to && span.from < when.to && windows.size() < most_windows)
            windows.push_back({ rule.id, when, rule.alarm, rule.resource, rule.tag, {}, rule.also_p1, rule.why });
    };
    if (!rule.recurs()) {
        add(rule.once);
        return windows;
    }
    auto const local_from = std::chrono::floor<Days>(span.from + offset_at(span.from)) - Days { 1 };
    for (auto date = local_from; Time { date } < span.to + Days { 2 } && windows.size() < most_windows;
        date += Days { 1 }) {
        auto const weekday = std::chrono::weekday(date).iso_encoding() - 1; // Monday: 0
        if ((rule.weekdays >> weekday & 1U) == 0)
            continue;
        auto const from = to_utc(Time { date } + rule.start, offset_at);
        if (from < rule.until)
            add({ from, from + rule.length });
    }
    return windows;
}

MuteWindow const* muting(std::span<MuteWindow const> windows, Alarm const& alarm, Time now) {
    MuteWindow const* longest = nullptr;
    for (auto const& window : windows)
        if (window.when.contains(now) && fits(window, alarm)
            && (longest == nullptr || window.when.to > longest->when.to))
            longest = &window;
    return longest;
}

} // namespace convops
