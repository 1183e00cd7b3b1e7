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

private:
    static constexpr int bins = 64;

    [[nodiscard]] float within(int bin, std::uint16_t distance) const;

    std::array<std::uint16_t, bins> counts_ {};
    std::uint32_t total_ = 0;
};

} // namespace convops
