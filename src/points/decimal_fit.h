// CloudWatch's values are decimals: sums, counts, averages of a few. What is kept is the whole number behind each and
// the rule that makes the very same double of it again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace convops {

// value = number * step / 10^digits, computed in one or in two roundings.
struct DecimalRule {
    int digits = 0; // 0..9
    // An average that AWS rounded to hundredths of a percent first and divided then: two roundings, as it did.
    bool in_two_steps = false;
    std::uint64_t step = 1; // common divisor of the numbers
    bool operator==(DecimalRule const&) const = default;
};

inline constexpr std::int64_t most_decimal = std::int64_t { 1 } << 53U;

// The place of a double among all doubles in ascending order: neighbours differ by one.
std::int64_t place_of(double value);

double decimal_value(std::int64_t number, DecimalRule const& rule);
// The nearest number; nullopt for what no number can be near to (not finite, too large).
std::optional<std::int64_t> decimal_number(double value, DecimalRule const& rule);

// The rule that makes most of the values, exactly or nearly; nullopt when none makes eight in ten.
std::optional<DecimalRule> fit_decimals(std::span<double const> values);

} // namespace convops
