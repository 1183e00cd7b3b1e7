// Maintenance and mute windows: for so long, messages about these resources or alarms are held back. What is muted is
// still an incident, still investigated, and told in the digest. Pure; who knows time zones hands in their offsets.
#pragma once

#include "model/alarm.h"

#include <functional>
#include <set>
#include <span>

namespace convops {

// A window has an end, always: a mute that somebody forgot is how outages go unseen.
inline constexpr Days longest_mute { 31 }; // one window
inline constexpr Days longest_recurring { 366 }; // from its first day to `until`
inline constexpr std::size_t most_mutes = 200; // of a workspace; the configuration and the chat together

enum class MuteSource : std::uint8_t { configuration, chat };

// As somebody wrote it down. Patterns: '*' stands for anything; empty: not asked for. All that are given must fit.
struct MuteRule {
    std::string id; // "m1" in chat; the name in the configuration
    MuteSource source = MuteSource::configuration;
    std::string alarm; // "staging-*"
    std::string resource; // "orders-db", "ecs:service/shop/*"
    std::string tag; // "Environment=staging"
    std::string why; // hostile text when it comes from a chat
    bool also_p1 = false; // without it, a P1 is told in spite of the window

    Window once; // one-off; {}: recurring
    std::uint8_t weekdays = 0; // recurring: bit 0 is Monday
    Minutes start { 0 }; // local time of the day
    Minutes length { 0 };
    std::string time_zone; // IANA name
    Time until {}; // no window starts at or after it

    [[nodiscard]] bool recurs() const { return weekdays != 0; }
};

// "" or what is wrong with it, one sentence.
std::string problem_of(MuteRule const& rule, Time now);

// A rule at one time.
struct MuteWindow {
    std::string id;
    Window when;
    std::string alarm;
    std::string resource;
    std::string tag;
    std::set<std::string> tagged; // keys of the resources that bear `tag`
    bool also_p1 = false;
    std::string why;
};

// The windows of a rule that overlap `span`, at most some dozen. `offset_at`: of the rule's time zone from UTC.
std::vector<MuteWindow> windows_of(MuteRule const& rule, Window span, std::function<Seconds(Time)> const& offset_at);

// The window that mutes this alarm at `now`: the one that lasts longest. nullptr: none.
MuteWindow const* muting(std::span<MuteWindow const> windows, Alarm const& alarm, Time now);

} // namespace convops
