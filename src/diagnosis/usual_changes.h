// How a series changes on normal days: the same comparison as in a question's window, made wherever that window would
// fit into a normal time. A change is then told in spreads of such changes, and by its rank among them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace convops {

constexpr std::size_t most_window_points = 64;

// The points of a window in which a fault is held to have been; the others are the comparison.
struct Segment {
    std::size_t begin = 0;
    std::size_t end = 0;
};

enum class LevelKind : unsigned char {
    mean, // of the segment
    lasting, // the level that half of its points, and at least two, reach
};

// How much each value says, by the requests that it speaks of: a mean of three jumps further than one of thirty.
std::vector<double> said_by(std::span<double const> requests);

struct Said {
    std::span<double const> values;
    std::span<double const> weights; // as of said_by(); none: each says the same
};

// Inside the segment, and the mean outside; times `sign`, which makes worse larger. NaN where one of them is empty.
struct SegmentLevels {
    double inside = std::numeric_limits<double>::quiet_NaN();
    double outside = std::numeric_limits<double>::quiet_NaN();
    // How well the difference is known: one over the spread that chance gives it, but for a factor.
    double weight = 1;
};

SegmentLevels levels_of(Said const& window, Segment segment, double sign, LevelKind level);

// Where windows are laid into the normal time: every `stride`-th point, so that long times cost no more.
struct WindowPlaces {
    std::size_t points = 0; // of a window
    std::size_t count = 0;
    std::size_t stride = 1;
};

WindowPlaces window_places(std::size_t normal_points, std::size_t window_points);

class UsualChanges {
public:
    UsualChanges() = default;
    // `least`: the smallest spread that is believed.
    UsualChanges(
        Said const& normal, WindowPlaces const& places, Segment segment, double sign, LevelKind level, double least);

    // Enough of them to tell what is usual.
    [[nodiscard]] bool known() const;
    // Of changes that are known as well as this weight says.
    [[nodiscard]] double spread(double weight) const { return std::max(spread_ / weight, least_); }

    // 0 and above: in spreads, and no more than its rank among normal changes allows. What a node does on normal days
    // is no sign.
    [[nodiscard]] double deviation(double change, double weight) const;

    // The change for the worse at one of the places; NaN where values are missing.
    [[nodiscard]] double at(std::size_t place) const;
    // Of such a one, compared with those whose windows do not overlap its own: as if it had been asked about.
    [[nodiscard]] double deviation_at(std::size_t place) const;
    // No more than this; quickly.
    [[nodiscard]] double most_deviation_at(std::size_t place) const;

private:
    struct Among {
        double others = 0;
        double as_large = 0;
        double largest = 0;
    };
    [[nodiscard]] double deviation_among(double weighted, double spread, Among const& among) const;
    [[nodiscard]] bool overlap(std::size_t one, std::size_t other) const;

    WindowPlaces places_;
    double least_ = 0;
    std::vector<double> at_; // times its weight
    std::vector<double> weights_;
    std::vector<double> sorted_; // of these, those that are there
    double middle_ = 0;
    double spread_ = 0; // of weighted changes
};

} // namespace convops
