#include "watch/rarity.h"

#include "watch/detector.h"
#include "watch/logarithm.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

float Rarity::within(std::uint32_t bin, std::uint16_t distance) const {
    std::uint32_t higher = in_tail_;
    for (auto i = bin + 1; i < tail_; ++i)
        higher += counts_[i];
    auto const share = (in_units(distance) - edge_of[bin]) / (edge_of[bin + 1] - edge_of[bin]);
    auto const above = static_cast<float>(higher) + counts_[bin] * (1 - std::clamp(share, 0.F, 1.F));
    return -fast_log10(std::max(above, 0.5F) / static_cast<float>(total_));
}

// Above the tail's start by `distance` - `start`, where the mean excess over it is known.
float Rarity::beyond(float distance, float start) const {
    auto const above = static_cast<float>(in_tail_);
    float weighted = 0;
    for (auto i = bins; i-- > tail_;)
        weighted += counts_[i] * 0.5F * (edge_of[i] + edge_of[i + 1]);
    auto const mean_excess = std::max(weighted / above - start, 1e-6F);
    return -fast_log10(above / static_cast<float>(total_))
        + (distance - start) / mean_excess * std::numbers::log10e_v<float>;
}

float Rarity::of(std::uint16_t distance) const {
    if (total_ < fewest)
        return 0;
    auto const start = edge_of[tail_];
    auto const x = in_units(distance);
    float rarity = 0;
    if (x < start)
        rarity = within(bin_of[distance], distance);
    else if (in_tail_ < 2)
        rarity = fast_log10(static_cast<float>(total_) / 2);
    else
        rarity = beyond(x, start);
    return std::clamp(rarity, 0.F, highest);
}

void Rarity::move_tail() {
    auto const allowed = tail_share * static_cast<float>(total_);
    while (tail_<bins&& static_cast<float>(in_tail_)> allowed)
        in_tail_ -= counts_[tail_++];
    while (tail_ > 0 && static_cast<float>(in_tail_ + counts_[tail_ - 1]) <= allowed)
        in_tail_ += counts_[--tail_];
}

void Rarity::add(std::uint16_t distance) {
    auto const bin = std::uint32_t { bin_of[distance] };
    ++counts_[bin];
    if (bin >= tail_)
        ++in_tail_;
    if (++total_ >= most) {
        total_ = in_tail_ = 0;
        tail_ = bins;
        for (auto& count : counts_) {
            count /= 2;
            total_ += count;
        }
    }
    move_tail();
}

bool Rarity::sound() const {
    if (tail_ > bins || total_ >= most)
        return false;
    auto const tail = counts_.begin() + tail_;
    auto const in_tail = std::accumulate(tail, counts_.end(), 0U);
    return in_tail == in_tail_ && std::accumulate(counts_.begin(), tail, in_tail) == total_;
}

} // namespace convops
