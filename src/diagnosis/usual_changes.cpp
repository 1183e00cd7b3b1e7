#include "diagnosis/usual_changes.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

constexpr std::size_t least_normal_changes = 20; // fewer do not tell what is usual
constexpr std::size_t most_normal_changes = 400; // more tell no more: every second or third is taken

// Upper tail of the normal distribution (Abramowitz and Stegun 26.2.23).
double deviation_of_share(double share) {
    if (share > 0.5)
        return -deviation_of_share(1 - std::min(share, 1 - 1e-9));
    double const t = std::sqrt(-2 * std::log(share));
    return t
        - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}

} // namespace

Levels levels_of(std::span<double const> window, Segment segment, double sign, LevelKind level) {
    std::array<double, most_window_points> worse; // only for what lasts
    double in = 0;
    double out = 0;
    std::size_t count_in = 0;
    std::size_t count_out = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
        if (std::isnan(window[i]))
            continue;
        if (i < segment.begin || i >= segment.end) {
            out += sign * window[i];
            ++count_out;
        } else {
            in += sign * window[i];
            worse[count_in++] = sign * window[i];
        }
    }
    Levels levels;
    if (count_out > 0)
        levels.outside = out / double(count_out);
    if (level == LevelKind::mean && count_in > 0)
        levels.inside = in / double(count_in);
    if (level == LevelKind::lasting && count_in >= 2) {
        auto const middle = worse.begin() + std::ptrdiff_t((count_in - 1) / 2);
        std::nth_element(worse.begin(), middle, worse.begin() + std::ptrdiff_t(count_in));
        levels.inside = *middle;
    }
    return levels;
}

WindowPlaces window_places(std::size_t normal_points, std::size_t window_points) {
    std::size_t const all = normal_points >= window_points ? normal_points - window_points + 1 : 0;
    WindowPlaces places { window_points, 0, all / most_normal_changes + 1 };
    places.count = (all + places.stride - 1) / places.stride;
    return places;
}

UsualChanges::UsualChanges(
    std::span<double const> normal, WindowPlaces const& places, Segment segment, double sign, LevelKind level)
    : places_(places)
    , at_(places.count, std::nan("")) {
    for (std::size_t place = 0; place < places.count; ++place) {
        auto const from = place * places.stride;
        if (from + places.points > normal.size())
            break;
        auto const levels = levels_of(normal.subspan(from, places.points), segment, sign, level);
        at_[place] = levels.inside - levels.outside;
        if (!std::isnan(at_[place]))
            by_size_.push_back(place);
    }
    if (!known())
        return;
    std::ranges::sort(by_size_, {}, [&](std::size_t place) { return std::pair(at_[place], place); });
    middle_ = at_[by_size_[by_size_.size() / 2]];
    std::vector<double> away;
    for (auto const place : by_size_)
        away.push_back(std::abs(at_[place] - middle_));
    auto const share = [&](double of) {
        auto const found = away.begin() + std::ptrdiff_t(double(away.size()) * of);
        std::nth_element(away.begin(), found, away.end());
        return *found;
    };
    // A series of equal values with a few jumps has no median deviation; its jumps are usual all the same.
    spread_ = std::max(1.4826 * share(0.5), share(0.95) / 1.96);
}

bool UsualChanges::known() const {
    return by_size_.size() >= least_normal_changes;
}

double UsualChanges::at(std::size_t place) const {
    return place < at_.size() ? at_[place] : std::nan("");
}

bool UsualChanges::overlap(std::size_t one, std::size_t other) const {
    return (one > other ? one - other : other - one) * places_.stride < places_.points;
}

double UsualChanges::deviation_among(
    double change, double spread, double others, double as_large, double largest) const {
    double const deviation = (change - middle_) / spread;
    if (deviation <= 0)
        return 0;
    double const by_rank = as_large > 0 ? deviation_of_share((as_large + 1) / (others + 1))
        : largest > 0                   ? deviation_of_share(1 / (others + 1)) * change / largest
                                        : deviation;
    return std::clamp(by_rank, 0.0, deviation);
}

double UsualChanges::deviation(double change, double spread) const {
    auto const smaller
        = std::ranges::lower_bound(by_size_, change, {}, [&](std::size_t place) { return at_[place]; });
    return deviation_among(change, spread, double(by_size_.size()), double(by_size_.end() - smaller),
        by_size_.empty() ? 0 : at_[by_size_.back()]);
}

double UsualChanges::deviation_at(std::size_t place, double spread) const {
    double const change = at(place);
    if (std::isnan(change) || change <= middle_)
        return 0;
    auto const smaller
        = std::ranges::lower_bound(by_size_, change, {}, [&](std::size_t other) { return at_[other]; });
    auto others = double(by_size_.size());
    auto as_large = double(by_size_.end() - smaller);
    auto const reach = (places_.points - 1) / places_.stride;
    for (auto i = place > reach ? place - reach : 0; i < std::min(at_.size(), place + reach + 1); ++i) {
        others -= std::isnan(at_[i]) ? 0 : 1;
        as_large -= at_[i] >= change ? 1 : 0;
    }
    double largest = 0;
    for (auto i = by_size_.size(); i-- > 0;)
        if (!overlap(by_size_[i], place)) {
            largest = at_[by_size_[i]];
            break;
        }
    return deviation_among(change, spread, others, as_large, largest);
}

} // namespace convops
