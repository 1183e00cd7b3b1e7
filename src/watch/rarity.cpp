#include "watch/rarity.h"

#include "watch/detector.h"

#include <algorithm>
#include <cmath>

namespace convops {
namespace {

constexpr float finest = 0.05F; // distances below this are noise of the quantisation
constexpr float bins_per_octave = 6;
constexpr float tail_share = 0.015F;
constexpr std::uint32_t fewest = 50; // before so many, nothing is called rare
constexpr std::uint32_t most = 60'000; // then all counts are halved: old habits fade, and 16 bits are enough
constexpr float highest = 6; // one view alone can not say more than one in a million

float in_units(std::uint16_t distance) {
    return static_cast<float>(distance) / Detector::steps_per_unit;
}

constexpr std::size_t distances = 4 * 255 + 1;

std::array<std::uint8_t, distances> bins_by_distance() {
    std::array<std::uint8_t, distances> table {};
    for (std::size_t i = 0; i < distances; ++i)
        table[i] = static_cast<std::uint8_t>(std::clamp(
            bins_per_octave * std::log2((in_units(static_cast<std::uint16_t>(i)) + finest) / finest), 0.F, 63.F));
    return table;
}

std::array<float, 65> lower_edges() {
    std::array<float, 65> table {};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = finest * std::exp2(static_cast<float>(i) / bins_per_octave) - finest;
    return table;
}

std::array<std::uint8_t, distances> const bin_of = bins_by_distance();
std::array<float, 65> const edge_of = lower_edges();

} // namespace

float Rarity::within(int bin, std::uint16_t distance) const {
    float above = 0;
    for (int i = bin + 1; i < bins; ++i)
        above += counts_[i];
    auto const share = (in_units(distance) - edge_of[bin]) / (edge_of[bin + 1] - edge_of[bin]);
    above += counts_[bin] * (1 - std::clamp(share, 0.F, 1.F));
    return -std::log10(std::max(above, 0.5F) / static_cast<float>(total_));
}

float Rarity::of(std::uint16_t distance) const {
    if (total_ < fewest)
        return 0;
    auto const total = static_cast<float>(total_);
    float above = 0;
    float weighted = 0;
    int first = bins;
    while (first > 0 && above + counts_[first - 1] <= tail_share * total) {
        --first;
        above += counts_[first];
        weighted += counts_[first] * 0.5F * (edge_of[first] + edge_of[first + 1]);
    }
    auto const start = edge_of[first];
    auto const x = in_units(distance);
    if (x < start)
        return std::clamp(within(bin_of[distance], distance), 0.F, highest);
    if (above < 2)
        return std::clamp(std::log10(total / 2), 0.F, highest);
    auto const mean_excess = std::max(weighted / above - start, 1e-6F);
    auto const rarity = -std::log10(above / total) + (x - start) / mean_excess * std::log10(std::exp(1.F));
    return std::clamp(rarity, 0.F, highest);
}

void Rarity::add(std::uint16_t distance) {
    ++counts_[bin_of[distance]];
    if (++total_ < most)
        return;
    total_ = 0;
    for (auto& count : counts_) {
        count /= 2;
        total_ += count;
    }
}

} // namespace convops
