// Series that know few values: each is coded as its place among them, by what followed the value before.
#pragma once

#include "points/range_coder.h"

#include <vector>

namespace convops {

inline constexpr std::size_t most_few_values = 32;

class FewValuesModel {
public:
    void encode(RangeEncoder& out, unsigned place) {
        unsigned node = 1;
        for (int level = levels - 1; level >= 0; --level) {
            bool const bit = (place >> static_cast<unsigned>(level)) & 1U;
            out.decide(probability(node), bit);
            learn(node, bit);
            node = node * 2 + (bit ? 1 : 0);
        }
        before_ = place;
    }
    unsigned decode(RangeDecoder& in) {
        unsigned node = 1;
        for (int level = 0; level < levels; ++level) {
            bool const bit = in.decide(probability(node));
            learn(node, bit);
            node = node * 2 + (bit ? 1 : 0);
        }
        before_ = node - (1U << levels);
        return before_;
    }

private:
    static constexpr int levels = 5;
    static constexpr unsigned trusted_from = 6; // decisions, before a context is believed more than all together
    [[nodiscard]] std::uint32_t probability(unsigned node) const {
        auto const& own = after_[before_][node];
        return own.seen() >= trusted_from
            ? own.one()
            : (own.one() * own.seen() + overall_[node].one() * (trusted_from - own.seen())) / trusted_from;
    }
    void learn(unsigned node, bool bit) {
        after_[before_][node].learn(bit);
        overall_[node].learn(bit);
    }
    std::array<std::array<AdaptiveBit, most_few_values>, most_few_values> after_ {};
    std::array<AdaptiveBit, most_few_values> overall_ {};
    unsigned before_ = 0;
};

} // namespace convops
