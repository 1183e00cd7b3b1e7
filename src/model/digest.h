// What a day of silence was made of: what was held back and why, what fires too often, which mutes end soon, what
// watching cost.
#pragma once

#include "base/time.h"

#include <string>
#include <vector>

namespace convops {

enum class HeldBecause : std::uint8_t { healed, aws_side, chronic, muted, other };

struct HeldBack {
    std::string name; // metric and resource, or the alarm; hostile text
    Time since {};
    HeldBecause because = HeldBecause::other;
};

struct Flapper {
    std::string name; // hostile text
    int times = 0; // within the digest's window
};

struct EndingMute {
    std::string name; // what is muted; hostile text
    Time at {};
};

struct Digest {
    Window of;
    std::vector<HeldBack> held; // bounded; oldest first
    std::size_t held_in_all = 0;
    std::size_t told = 0; // incidents that somebody was told of
    std::vector<Flapper> flappers; // most often first
    std::vector<EndingMute> mutes; // that end within a day
    std::size_t metrics = 0; // that are watched
    std::size_t requested = 0; // of GetMetricData, in the window
    double usd = 0; // of those
};

} // namespace convops
