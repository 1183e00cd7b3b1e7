// How a series changes on normal days: the same comparison as in a question's window, made wherever that window would
// fit into a normal time. A change is then told in spreads of such changes, and by its rank among them.
#pragma once

#include <cmath>
#include <cstddef>
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

// Inside the segment, and the mean outside; times `sign`, which makes worse larger. NaN where one of them is empty.
struct Levels {
    double inside = std::nan("");
    double outside = std::nan("");
};

Levels levels_of(std::span<double const> window, Segment segment, double sign, LevelKind level);

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
    UsualChanges(
        std::span<double const> normal, WindowPlaces const& places, Segment segment, double sign, LevelKind level);

    // Enough of them to tell what is usual.
    [[nodiscard]] bool known() const;
    [[nodiscard]] double spread() const { return spread_; }

    // 0 and above: in spreads, and no more than its rank among normal changes allows. What a node does on normal days
    // is no sign.
    [[nodiscard]] double deviation(double change, double spread) const;

    // The change for the worse at one of the places; NaN where values are missing.
    [[nodiscard]] double at(std::size_t place) const;
    // Of such a one, compared with those whose windows do not overlap its own: as if it had been asked about.
    [[nodiscard]] double deviation_at(std::size_t place, double spread) const;

private:
    [[nodiscard]] double deviation_among(
        double change, double spread, double others, double as_large, double largest) const;
    [[nodiscard]] bool overlap(std::size_t one, std::size_t other) const;

    WindowPlaces places_;
    std::vector<double> at_;
    std::vector<std::size_t> by_size_; // places, the smallest change first
    double middle_ = 0;
    double spread_ = 0;
};

} // namespace convops
