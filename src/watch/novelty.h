// What was seen before, in bounded memory: at most `most_prototypes` points of small integers, so chosen that every
// point that was ever learned lies within `radius` of one of them (the doubling idea of streaming k-centre). The
// distance to the nearest of them is how new a point is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace convops {

inline constexpr std::size_t most_prototypes = 256;

template <std::size_t Dimensions> class Prototypes {
public:
    using Point = std::array<std::uint8_t, Dimensions>;

    [[nodiscard]] bool empty() const { return count_ == 0; }

    // Whether the counts can be trusted, for state that came from a store.
    [[nodiscard]] bool sound() const { return count_ <= most_prototypes; }

    // Sum of absolute differences to the nearest; 0 when nothing was learned yet.
    [[nodiscard]] std::uint16_t distance(Point const& point) const {
        std::uint16_t nearest = empty() ? 0 : UINT16_MAX;
        for (std::size_t i = 0; i < count_; ++i) {
            auto const sum = apart(point, i);
            nearest = sum < nearest ? sum : nearest;
        }
        return nearest;
    }

    void learn(Point const& point) {
        if (!empty() && distance(point) <= radius_)
            return;
        if (count_ == most_prototypes) {
            thin_out();
            if (distance(point) <= radius_)
                return;
        }
        for (std::size_t d = 0; d < Dimensions; ++d)
            axes_[d][count_] = point[d];
        ++count_;
    }

private:
    [[nodiscard]] std::uint16_t apart(Point const& point, std::size_t i) const {
        std::uint16_t sum = 0;
        for (std::size_t d = 0; d < Dimensions; ++d) {
            auto const a = axes_[d][i];
            auto const b = point[d];
            sum = static_cast<std::uint16_t>(sum + (a > b ? a - b : b - a));
        }
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

} // namespace convops
