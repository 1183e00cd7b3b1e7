// Whole numbers of any size whose size changes slowly: the bit length is coded as its distance from the recent ones,
// the two bits below the first with contexts of their own, the rest as it is. The same code runs both ways.
#pragma once

#include "points/range_coder.h"

#include <bit>
#include <optional>
#include <vector>

namespace convops {

class MagnitudeModel {
public:
    void encode(RangeEncoder& out, std::uint64_t value) {
        auto const length = static_cast<int>(std::bit_width(value));
        auto& steps = steps_[context()];
        unsigned const distance = folded(length - expected());
        for (unsigned i = 0; i < distance; ++i)
            out.bit(steps[i < last_step ? i : last_step], true);
        if (distance < most_distance)
            out.bit(steps[distance < last_step ? distance : last_step], false);
        if (length > 1) {
            auto rest = static_cast<unsigned>(length - 1);
            bool const first = (value >> (rest - 1)) & 1U;
            out.bit(below_[static_cast<std::size_t>(length)][0], first);
            if (rest > 1) {
                bool const second = (value >> (rest - 2)) & 1U;
                out.bit(below_[static_cast<std::size_t>(length)][first ? 2 : 1], second);
                if (rest > 2)
                    out.raw(value & ((std::uint64_t { 1 } << (rest - 2)) - 1), rest - 2);
            }
        }
        follow(length);
    }
    std::uint64_t decode(RangeDecoder& in) {
        auto& steps = steps_[context()];
        unsigned distance = 0;
        while (distance < most_distance && in.bit(steps[distance < last_step ? distance : last_step]))
            ++distance;
        int length = unfolded(distance) + expected();
        if (length < 0 || length > 64) // only damaged bytes get here
            length = 0;
        std::uint64_t value = length == 0 ? 0 : 1;
        if (length > 1) {
            auto rest = static_cast<unsigned>(length - 1);
            bool const first = in.bit(below_[static_cast<std::size_t>(length)][0]);
            value = (value << 1U) | (first ? 1U : 0U);
            if (rest > 1) {
                value = (value << 1U) | (in.bit(below_[static_cast<std::size_t>(length)][first ? 2 : 1]) ? 1U : 0U);
                if (rest > 2)
                    value = (value << (rest - 2)) | in.raw(rest - 2);
            }
        }
        follow(length);
        return value;
    }

private:
    static constexpr unsigned most_distance = 128;
    static constexpr unsigned last_step = 23;
    static unsigned folded(int difference) {
        return difference > 0 ? static_cast<unsigned>(2 * difference - 1) : static_cast<unsigned>(-2 * difference);
    }
    static int unfolded(unsigned distance) {
        return distance % 2 == 1 ? static_cast<int>(distance + 1) / 2 : -static_cast<int>(distance / 2);
    }
    [[nodiscard]] int expected() const { return (recent_ + 128) >> 8; }
    [[nodiscard]] std::size_t context() const {
        auto const length = expected();
        // Small numbers have a floor at zero, so their lengths are spread differently; and a number that follows a
        // surprise tends to be one.
        return (length == 0 ? 0U : length < 3 ? 1U : 2U) * 3U + (surprise_ == 0 ? 0U : surprise_ == 1 ? 1U : 2U);
    }
    void follow(int length) {
        auto const off = length - expected();
        surprise_ = off < 0 ? -off : off;
        recent_ += (length * 256 - recent_) >> 3;
    }

    std::array<std::array<AdaptiveBit, last_step + 1>, 9> steps_ {};
    std::array<std::array<AdaptiveBit, 3>, 65> below_ {};
    int recent_ = 0; // 256 x the usual bit length
    int surprise_ = 0;
};

} // namespace convops
