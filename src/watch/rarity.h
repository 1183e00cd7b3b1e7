// How rare a distance is for this series, as -log10 of the share of points that had one as large: a histogram of what
// was seen, and beyond its highest 1.5 % an exponential tail, so that a record by far is rarer than a record.
#pragma once

#include <array>
#include <cstdint>

namespace convops {

class Rarity {
public:
    [[nodiscard]] float of(std::uint16_t distance) const;
    void add(std::uint16_t distance);

    // Whether the sums agree with the counts, for state that came from a store.
    [[nodiscard]] bool sound() const;

private:
    static constexpr std::uint32_t bins = 64;

    [[nodiscard]] float within(std::uint32_t bin, std::uint16_t distance) const;
    [[nodiscard]] float beyond(float distance, float start) const;
    void move_tail();

    std::array<std::uint16_t, bins> counts_ {};
    std::uint32_t total_ = 0;
    std::uint32_t in_tail_ = 0;
    std::uint32_t tail_ = bins; // the lowest bin of those that together hold at most the tail's share
};

} // namespace convops
