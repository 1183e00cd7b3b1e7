#include "points/decimal_fit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

namespace convops {

namespace {

constexpr std::array<double, 10> powers { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
constexpr std::size_t sampled = 48; // enough to tell a rule that fits from one that does not
constexpr int close_enough = 8; // units in the last place: another order of the same additions

std::int64_t ordered(double value) { // neighbours in the order of doubles differ by one
    auto const bits = std::bit_cast<std::int64_t>(value);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

bool is_exact(double value, DecimalRule const& rule) {
    auto const number = decimal_number(value, rule);
    return number
        && std::bit_cast<std::uint64_t>(decimal_value(*number, rule)) == std::bit_cast<std::uint64_t>(value);
}

std::size_t exact_in(std::span<double const> values, std::size_t stride, DecimalRule const& rule) {
    std::size_t exact = 0;
    for (std::size_t i = 0; i < values.size(); i += stride)
        exact += is_exact(values[i], rule) ? 1 : 0;
    return exact;
}

std::uint64_t common_step(std::span<double const> values, DecimalRule const& rule) {
    std::uint64_t step = 0;
    for (auto const value : values) {
        auto const number = decimal_number(value, rule);
        if (!number)
            continue;
        auto const off = ordered(value) - ordered(decimal_value(*number, rule));
        if (off > close_enough || off < -close_enough)
            continue;
        step = std::gcd(step, static_cast<std::uint64_t>(std::abs(*number)));
        if (step == 1)
            break;
    }
    return std::max<std::uint64_t>(1, step);
}

} // namespace

double decimal_value(std::int64_t number, DecimalRule const& rule) {
    auto const whole = static_cast<double>(number * static_cast<std::int64_t>(rule.step));
    if (rule.in_two_steps)
        return whole / powers[static_cast<std::size_t>(rule.digits - 2)] / 100;
    return whole / powers[static_cast<std::size_t>(rule.digits)];
}

std::optional<std::int64_t> decimal_number(double value, DecimalRule const& rule) {
    auto const scaled = value * powers[static_cast<std::size_t>(rule.digits)] / static_cast<double>(rule.step);
    if (!(std::abs(scaled) < static_cast<double>(most_decimal / static_cast<std::int64_t>(rule.step))))
        return std::nullopt;
    return std::llround(scaled);
}

std::optional<DecimalRule> fit_decimals(std::span<double const> values) {
    if (values.empty())
        return std::nullopt;
    auto const stride = std::max<std::size_t>(1, values.size() / sampled);
    auto const looked_at = (values.size() + stride - 1) / stride;
    DecimalRule best;
    std::size_t most = 0;
    for (int digits = 0; digits < static_cast<int>(powers.size()); ++digits)
        for (bool const in_two_steps : { false, true }) {
            if (in_two_steps && digits < 2)
                continue;
            DecimalRule const rule { digits, in_two_steps, 1 };
            auto const exact = exact_in(values, stride, rule);
            // Fewer digits win unless more of them explain clearly more: random bits look like many digits.
            if (exact > most + (most == 0 ? 0 : looked_at / 50)) {
                most = exact;
                best = rule;
            }
            if (most == looked_at && digits > best.digits)
                break;
        }
    if (most * 10 < looked_at * 9)
        return std::nullopt;
    best.step = common_step(values, best);
    return best;
}

} // namespace convops
