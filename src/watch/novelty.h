// What was seen before, in bounded memory: at most `most_prototypes` points of small integers, so chosen that every
// point that was ever learned lies within `radius` of one of them (the doubling idea of streaming k-centre). The
// distance to the nearest of them is how new a point is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace convops {

inline constexpr std::size_t most_prototypes = 192;

template <std::size_t Dimensions> class Prototypes {
public:
    using Point = std::array<std::uint8_t, Dimensions>;

    [[nodiscard]] bool empty() const { return count_ == 0; }

    // Whether the counts can be trusted, for state that came from a store.
    [[nodiscard]] bool sound() const { return count_ <= most_prototypes; }

    // Sum of absolute differences to the nearest; 0 when nothing was learned yet.
    [[nodiscard]] std::uint16_t distance(Point const& point) const {
        if (empty())
            return 0;
        auto const near = near_distance(point);
        return near < UINT8_MAX ? near : far_distance(point);
    }

    // Whether learning a point at this distance would change nothing.
    [[nodiscard]] bool covers(std::uint16_t distance) const { return !empty() && distance <= radius_; }

    // True: places were given up, so that points which were covered may no longer be.
    bool learn(Point const& point) {
        if (covers(distance(point)))
            return false;
        bool const full = count_ == most_prototypes;
        if (full) {
            thin_out();
            if (covers(distance(point)))
                return true;
        }
        for (std::size_t d = 0; d < Dimensions; ++d)
            axes_[d][count_] = point[d];
        ++count_;
        return full;
    }

private:
    // Sixteen prototypes at once in bytes that saturate: exact below 255, and that is nearly always enough.
    [[nodiscard]] std::uint8_t near_distance(Point const& point) const {
        constexpr std::size_t lanes = 16;
        std::array<std::uint8_t, lanes> nearest;
        nearest.fill(UINT8_MAX);
        std::size_t from = 0;
        for (; from + lanes <= count_; from += lanes)
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                std::uint8_t sum = 0;
                for (std::size_t d = 0; d < Dimensions; ++d)
                    sum = saturating_sum(sum, difference(axes_[d][from + lane], point[d]));
                nearest[lane] = sum < nearest[lane] ? sum : nearest[lane];
            }
        auto least = nearest[0];
        for (auto const one : nearest)
            least = one < least ? one : least;
        for (; from < count_; ++from) {
            auto const sum = apart(point, from);
            least = sum < least ? static_cast<std::uint8_t>(sum) : least;
        }
        return least;
    }

    [[nodiscard]] std::uint16_t far_distance(Point const& point) const {
        std::uint16_t nearest = UINT16_MAX;
        for (std::size_t i = 0; i < count_; ++i) {
            auto const sum = apart(point, i);
            nearest = sum < nearest ? sum : nearest;
        }
        return nearest;
    }

    static std::uint8_t difference(std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(a > b ? a - b : b - a);
    }

    static std::uint8_t saturating_sum(std::uint8_t a, std::uint8_t b) {
        auto const sum = static_cast<std::uint8_t>(a + b);
        return sum < a ? UINT8_MAX : sum;
    }

    [[nodiscard]] std::uint16_t apart(Point const& point, std::size_t i) const {
        std::uint16_t sum = 0;
        for (std::size_t d = 0; d < Dimensions; ++d)
            sum = static_cast<std::uint16_t>(sum + difference(axes_[d][i], point[d]));
        return sum;
    }

    // Widens the radius until an eighth of the places is free. Each pass widens it by at least one, and a radius
    // above the greatest distance leaves one point: so it ends.
    void thin_out() {
        while (count_ > most_prototypes * 7 / 8) {
            radius_ = static_cast<std::uint16_t>(radius_ + radius_ / 4 + 1);
            std::uint16_t kept = 0;
            for (std::size_t i = 0; i < count_; ++i) {
                Point point {};
                for (std::size_t d = 0; d < Dimensions; ++d)
                    point[d] = axes_[d][i];
                bool near = false;
                for (std::size_t k = 0; k < kept && !near; ++k)
                    near = apart(point, k) <= radius_;
                if (near)
                    continue;
                for (std::size_t d = 0; d < Dimensions; ++d)
                    axes_[d][kept] = point[d];
                ++kept;
            }
            count_ = kept;
        }
    }

    std::array<std::array<std::uint8_t, most_prototypes>, Dimensions> axes_ {};
    std::uint16_t count_ = 0;
    std::uint16_t radius_ = 0;
};

// The same for bare codes: all that were ever seen, exactly, in 32 bytes.
class SeenCodes {
public:
    [[nodiscard]] std::uint16_t distance(std::uint8_t code) const {
        int up = code;
        while (up < 256 && !has(up))
            ++up;
        int down = code;
        while (down >= 0 && !has(down))
            --down;
        if (up == 256 && down < 0)
            return 0; // nothing was seen yet
        auto const above = up == 256 ? 256 : up - code;
        auto const below = down < 0 ? 256 : code - down;
        return static_cast<std::uint16_t>(above < below ? above : below);
    }

    void learn(std::uint8_t code) { words_[code / 64] |= std::uint64_t { 1 } << (code % 64U); }

private:
    [[nodiscard]] bool has(int code) const {
        return ((words_[static_cast<std::size_t>(code) / 64] >> (static_cast<unsigned>(code) % 64U)) & 1U) != 0;
    }

    std::array<std::uint64_t, 4> words_ {};
};

} // namespace convops
