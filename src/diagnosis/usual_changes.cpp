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

// So many requests say half of all that a value can say: beyond, values differ for other reasons than chance.
constexpr double telling_requests = 100;

} // namespace

std::vector<double> said_by(std::span<double const> requests) {
    std::vector<double> said;
    for (double const one : requests) {
        double const counted = std::isnan(one) ? 1 : std::max(one, 0.5);
        said.push_back(counted * telling_requests / (counted + telling_requests));
    }
    return said;
}

SegmentLevels levels_of(Said const& window, Segment segment, double sign, LevelKind level) {
    std::array<double, most_window_points> worse; // only for what lasts
    double in = 0;
    double out = 0;
    double said_in = 0;
    double said_out = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < window.values.size(); ++i) {
        double const value = sign * window.values[i];
        if (std::isnan(value))
            continue;
        double const said = i < window.weights.size() ? window.weights[i] : 1;
        bool const inside = i >= segment.begin && i < segment.end;
        (inside ? in : out) += said * value;
        (inside ? said_in : said_out) += said;
        if (inside)
            worse[count++] = value;
    }
    SegmentLevels levels;
    if (said_out > 0)
        levels.outside = out / said_out;
    if (level == LevelKind::mean && said_in > 0)
        levels.inside = in / said_in;
    if (level == LevelKind::lasting && count >= 2) {
        auto const middle = worse.begin() + std::ptrdiff_t((count - 1) / 2);
        std::nth_element(worse.begin(), middle, worse.begin() + std::ptrdiff_t(count));
        levels.inside = *middle;
    }
    if (said_in > 0)
        levels.weight = std::sqrt(said_out > 0 ? said_in * said_out / (said_in + said_out) : said_in);
    return levels;
}

WindowPlaces window_places(std::size_t normal_points, std::size_t window_points) {
    std::size_t const all = normal_points >= window_points ? normal_points - window_points + 1 : 0;
    WindowPlaces places { window_points, 0, all / most_normal_changes + 1 };
    places.count = (all + places.stride - 1) / places.stride;
    return places;
}

UsualChanges::UsualChanges(
    Said const& normal, WindowPlaces const& places, Segment segment, double sign, LevelKind level, double least)
    : places_(places)
    , least_(least)
    , at_(places.count, std::nan(""))
    , weights_(places.count, 1) {
    for (std::size_t place = 0; place < places.count; ++place) {
        auto const from = place * places.stride;
        if (from + places.points > normal.values.size())
            break;
        Said window { normal.values.subspan(from, places.points), {} };
        if (from + places.points <= normal.weights.size())
            window.weights = normal.weights.subspan(from, places.points);
        auto const levels = levels_of(window, segment, sign, level);
        weights_[place] = levels.weight;
        at_[place] = (levels.inside - levels.outside) * levels.weight;
        if (!std::isnan(at_[place]))
            sorted_.push_back(at_[place]);
    }
    if (!known())
        return;
    std::ranges::sort(sorted_);
    middle_ = sorted_[sorted_.size() / 2];
    auto away = sorted_;
    for (auto& one : away)
        one = std::abs(one - middle_);
    auto const share = [&](double of) {
        auto const found = away.begin() + std::ptrdiff_t(double(away.size()) * of);
        std::nth_element(away.begin(), found, away.end());
        return *found;
    };
    // A series of equal values with a few jumps has no median deviation; its jumps are usual all the same.
    spread_ = std::max(1.4826 * share(0.5), share(0.95) / 1.96);
}

bool UsualChanges::known() const {
    return sorted_.size() >= least_normal_changes;
}

double UsualChanges::at(std::size_t place) const {
    return place < at_.size() ? at_[place] / weights_[place] : std::nan("");
}

bool UsualChanges::overlap(std::size_t one, std::size_t other) const {
    return (one > other ? one - other : other - one) * places_.stride < places_.points;
}

double UsualChanges::deviation_among(double weighted, double spread, Among const& among) const {
    double const deviation = (weighted - middle_) / spread;
    if (deviation <= 0)
        return 0;
    double const by_rank = among.as_large > 0 ? deviation_of_share((among.as_large + 1) / (among.others + 1))
        : among.largest > 0                   ? deviation_of_share(1 / (among.others + 1)) * weighted / among.largest
                                              : deviation;
    return std::clamp(by_rank, 0.0, deviation);
}

double UsualChanges::deviation(double change, double weight) const {
    double const weighted = change * weight;
    auto const as_large = sorted_.end() - std::ranges::lower_bound(sorted_, weighted);
    return deviation_among(weighted, spread(weight) * weight,
        { double(sorted_.size()), double(as_large), sorted_.empty() ? 0 : sorted_.back() });
}

double UsualChanges::most_deviation_at(std::size_t place) const {
    return known() && !std::isnan(at_[place])
        ? std::max(0.0, (at_[place] - middle_) / (spread(weights_[place]) * weights_[place]))
        : 0;
}

double UsualChanges::deviation_at(std::size_t place) const {
    if (most_deviation_at(place) <= 0)
        return 0;
    double const weighted = at_[place];
    auto const as_large = sorted_.end() - std::ranges::lower_bound(sorted_, weighted);
    Among among { double(sorted_.size()), double(as_large), 0 };
    auto const reach = (places_.points - 1) / places_.stride;
    for (auto i = place > reach ? place - reach : 0; i < std::min(at_.size(), place + reach + 1); ++i) {
        among.others -= std::isnan(at_[i]) ? 0 : 1;
        among.as_large -= at_[i] >= weighted ? 1 : 0;
    }
    if (among.as_large <= 0)
        for (std::size_t i = 0; i < at_.size(); ++i)
            if (at_[i] > among.largest && !overlap(i, place))
                among.largest = at_[i];
    return deviation_among(weighted, spread(weights_[place]) * weights_[place], among);
}

} // namespace convops
