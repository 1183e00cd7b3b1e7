#include "stats/onset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace convops {

namespace {

constexpr double allowance = 1.0; // spreads a point may be off before it counts
constexpr double most_of_one_point = 12; // one wild value alone is not a long excursion
constexpr double quiet_drop = 6; // an excursion ends when this much quiet has followed its peak
constexpr std::size_t least_points = 4;
constexpr std::size_t least_reference = 3;
constexpr int most_refinements = 8;
constexpr double drift_share = 0.1; // of the extreme: what stays below it led in, and tells nothing of the height

struct Excursion {
    std::size_t first = 0;
    std::size_t last = 0; // inclusive
    double score = 0;
};

double sign_of(Direction direction) {
    return direction == Direction::up ? 1 : -1;
}

Level reference_level(std::span<double const> values, OnsetQuery const& query) {
    auto level = robust_level(values, query.least_spread);
    level.spread = std::max({ level.spread, std::abs(level.centre) * query.least_share, 1e-12 });
    return level;
}

// Cumulative sums of the deviation beyond the allowance, cut into excursions; near ones of the same direction are
// one (errors that come in bursts).
std::vector<Excursion> excursions(std::span<double const> values, Level const& level, Direction direction) {
    std::vector<Excursion> found;
    double const sign = sign_of(direction);
    double sum = 0;
    Excursion open;
    auto const close = [&] {
        if (open.score > 0) {
            auto const length = open.last - open.first + 1;
            if (!found.empty() && open.first - found.back().last <= std::max<std::size_t>(4, length / 2)) {
                found.back().last = open.last;
                found.back().score += open.score;
            } else {
                found.push_back(open);
            }
        }
        open = {};
        sum = 0;
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        double const off = std::clamp(sign * (values[i] - level.centre) / level.spread, -3.0, most_of_one_point);
        if (sum == 0)
            open.first = i;
        sum += off - allowance;
        if (sum <= 0 || sum < open.score - quiet_drop) {
            close();
        } else if (sum > open.score) {
            open.score = sum;
            open.last = i;
        }
    }
    close();
    return found;
}

struct Found {
    Excursion excursion;
    Direction direction = Direction::up;
};

// How much an excursion deserves attention: far off matters more than long, for a drift of the day lasts hours; and
// what is still going on matters more than what is over.
double weight_of(Excursion const& excursion, std::span<double const> values, Level const& level) {
    std::vector<double> since(values.begin() + static_cast<std::ptrdiff_t>(excursion.first),
        values.begin() + static_cast<std::ptrdiff_t>(excursion.last) + 1);
    double const length = std::min(1.0, std::sqrt(static_cast<double>(since.size()) / 3));
    bool const still_on = excursion.last + 2 >= values.size();
    return std::abs(median_of(since) - level.centre) / level.spread * length * (still_on ? 2 : 1);
}

std::optional<Found> strongest_in_focus(
    Points points, std::span<double const> values, Level const& level, OnsetQuery const& query) {
    std::optional<Found> best;
    double best_weight = 0;
    for (auto const direction : { Direction::up, Direction::down })
        for (auto const& excursion : excursions(values, level, direction)) {
            bool const overlaps = points.at[excursion.first] < query.focus_to
                && points.at[excursion.last] + points.period > query.focus_from;
            if (!overlaps || excursion.score < query.least_score)
                continue;
            if (double const weight = weight_of(excursion, values, level); !best || weight > best_weight) {
                best = Found { excursion, direction };
                best_weight = weight;
            }
        }
    return best;
}

double middle_of(std::span<double const> values, std::size_t from, std::size_t to) {
    std::array<double, 5> few {};
    from = to - from > few.size() ? to - few.size() : from;
    std::copy(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to),
        few.begin());
    return median_of(std::span(few).first(to - from));
}

// The sharpest jump with its place in (from, to): the middle of the next three values against the last five.
struct Jump {
    std::size_t at = 0;
    double size = 0;
};
Jump sharpest_jump(std::span<double const> values, std::size_t from, std::size_t to, double sign) {
    Jump best;
    for (auto i = std::max<std::size_t>(from, 1); i < to; ++i) {
        auto const before = middle_of(values, i > 5 ? i - 5 : 0, i);
        auto const after = middle_of(values, i, std::min(i + 3, to));
        if (double const size = sign * (after - before); size > best.size)
            best = { i, size };
    }
    return best;
}

// Least squares of "flat, then a straight line" over values[0, count): where the line leaves the flat.
std::size_t hinge(std::span<double const> values, std::size_t count) {
    std::size_t best = 0;
    double best_gain = -1;
    double mean = 0;
    for (std::size_t i = 0; i < count; ++i)
        mean += values[i] / static_cast<double>(count);
    double tail_y = 0; // sums over i >= k of y and of (i - k) * y, with y about the mean
    double tail_xy = 0;
    double tail_x = 0;
    double tail_xx = 0;
    for (auto k = count; k-- > 0;) {
        // Moving k one to the left raises every x by one.
        auto const after = static_cast<double>(count - 1 - k);
        tail_xx += 2 * tail_x + after;
        tail_x += after;
        tail_xy += tail_y;
        tail_y += values[k] - mean;
        double const spread_x = tail_xx - tail_x * tail_x / static_cast<double>(count);
        if (spread_x <= 0)
            continue;
        double const gain = tail_xy * tail_xy / spread_x;
        if (gain > best_gain) {
            best_gain = gain;
            best = k;
        }
    }
    return best;
}

struct Start {
    std::size_t at = 0;
    Shape shape = Shape::step;
};

// Where the excursion comes to be more than the drift of a day that led into it.
std::size_t end_of_drift(
    std::span<double const> values, Excursion const& excursion, Level const& level, double sign, double extreme) {
    auto at = excursion.first;
    while (at < excursion.last && sign * (values[at] - level.centre) < drift_share * extreme)
        ++at;
    return at;
}

// The place within the excursion where it truly began.
Start locate(std::span<double const> values, Excursion const& excursion, Level const& level, double sign) {
    auto const end = excursion.last + 1;
    double extreme = 0;
    for (auto i = excursion.first; i < end; ++i)
        extreme = std::max(extreme, sign * (values[i] - level.centre));
    auto const told_from = end_of_drift(values, excursion, level, sign, extreme);
    std::vector<double> later(values.begin() + static_cast<std::ptrdiff_t>((told_from + end) / 2),
        values.begin() + static_cast<std::ptrdiff_t>(end));
    double const typical = std::max(sign * (median_of(later) - level.centre), 0.3 * extreme);

    auto const search_from = excursion.first > 3 ? excursion.first - 3 : 1;
    auto jump = sharpest_jump(values, search_from, end, sign);
    bool const abrupt = jump.size >= 0.6 * typical && jump.size >= 3 * level.spread;
    if (abrupt || end - excursion.first < 6) {
        auto at = abrupt ? jump.at : excursion.first;
        // A smaller step may have come first: slow answers before the time-outs.
        for (int depth = 0; depth < 3 && abrupt && at > search_from + 1; ++depth) {
            auto const offset = sign * (middle_of(values, at > 5 ? at - 5 : 0, at) - level.centre);
            auto const first = sharpest_jump(values, search_from, at, sign);
            if (offset < 4 * level.spread || first.size < 0.6 * offset || first.at == 0)
                break;
            at = first.at;
        }
        // The middle of three leads by one: step over what is still normal.
        while (abrupt && at + 1 < end && sign * (values[at] - level.centre) < 2.5 * level.spread)
            ++at;
        // The first period may be off only in part.
        for (int steps = 0; steps < 3 && at > 1; ++steps) {
            double const off = sign * (values[at - 1] - level.centre);
            if (off < 2.5 * level.spread || off < 0.08 * typical)
                break;
            --at;
        }
        return { at, Shape::step };
    }
    auto reached = excursion.first;
    while (reached + 1 < end && sign * (values[reached] - level.centre) < 0.95 * typical)
        ++reached;
    return { hinge(values, reached + 1), Shape::ramp };
}

Onset describe(Points points, std::span<double const> values, Found const& found, Level const& level, Start start) {
    double const sign = sign_of(found.direction);
    auto const end = found.excursion.last + 1;
    Onset onset;
    onset.at = points.at[start.at];
    onset.until = points.at[found.excursion.last] + points.period;
    onset.direction = found.direction;
    onset.shape = start.shape;
    onset.before = level.centre;
    std::vector<double> since(values.begin() + static_cast<std::ptrdiff_t>(std::min(start.at, end - 1)),
        values.begin() + static_cast<std::ptrdiff_t>(end));
    onset.extreme = since.front();
    for (double const value : since)
        if (sign * value > sign * onset.extreme)
            onset.extreme = value;
    if (start.shape == Shape::ramp && since.size() > 4) // a ramp is as high as it has come
        since.erase(since.begin(), since.begin() + static_cast<std::ptrdiff_t>(since.size() * 3 / 4));
    onset.after = median_of(since);
    if (std::abs(onset.after - onset.before) < 0.3 * std::abs(onset.extreme - onset.before))
        onset.after = onset.before + 0.5 * (onset.extreme - onset.before); // bursts: mostly quiet in between
    onset.size = std::abs(onset.after - onset.before) / level.spread;
    onset.still_on = end + 1 >= values.size();
    onset.since_start = start.at <= 1;
    if (!onset.still_on && start.shape == Shape::step && end - start.at <= 2)
        onset.shape = Shape::spike;
    double const known = std::min(1.0, std::sqrt(static_cast<double>(level.count) / 8));
    onset.confidence = (1 - std::exp(-found.excursion.score / 9)) * known;
    return onset;
}

} // namespace

std::optional<Onset> find_onset(Points points, OnsetQuery const& query) {
    auto const count = points.size();
    if (count < least_points)
        return std::nullopt;
    auto const values = points.values.first(count);
    // What is normal is read from the first part at first, and then from everything before the excursion. When the
    // first part is mostly the excursion itself, a smaller first part still shows the time before.
    std::optional<Found> found;
    Level level;
    for (auto const first_part : { count * 6 / 10, count / 4 }) {
        auto reference = std::max(least_reference, first_part);
        std::set<std::size_t> tried;
        for (int i = 0; i < most_refinements && tried.insert(reference).second; ++i) {
            auto const next_level = reference_level(values.first(reference), query);
            auto const next = strongest_in_focus(points, values, next_level, query);
            if (!next)
                break;
            found = next;
            level = next_level;
            auto const start = locate(values, next->excursion, level, sign_of(next->direction));
            reference = std::clamp(std::min(start.at, next->excursion.first), least_reference, count);
        }
        if (found)
            break;
    }
    if (!found)
        return std::nullopt;
    auto const start = locate(values, found->excursion, level, sign_of(found->direction));
    auto onset = describe(points, values, *found, level, start);
    if (onset.at >= query.focus_to)
        return std::nullopt;
    return onset;
}

} // namespace convops
