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

bool is_close(double value, double made) {
    auto const off = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(place_of(value)) - static_cast<std::uint64_t>(place_of(made)));
    return off <= close_enough && off >= -close_enough;
}

// How well the rule makes the values: 10 for each exact one, 9 for one that lies close by, which costs little.
std::size_t fit_of(std::span<double const> values, std::size_t stride, DecimalRule const& rule) {
    std::size_t fit = 0;
    for (std::size_t i = 0; i < values.size(); i += stride) {
        auto const number = decimal_number(values[i], rule);
        if (!number)
            continue;
        auto const made = decimal_value(*number, rule);
        if (std::bit_cast<std::uint64_t>(made) == std::bit_cast<std::uint64_t>(values[i]))
            fit += 10;
        else if (is_close(values[i], made))
            fit += 9;
    }
    return fit;
}

// The largest step that all numbers are multiples of; or one that nearly all are, when writing the others as they are
// costs less than the bits that it saves for each.
std::uint64_t best_step(std::span<double const> values, DecimalRule const& rule) {
    std::uint64_t common = 0;
    std::vector<std::uint64_t> numbers;
    numbers.reserve(values.size());
    for (auto const value : values) {
        auto const number = decimal_number(value, rule);
        if (!number || !is_close(value, decimal_value(*number, rule)))
            continue;
        numbers.push_back(static_cast<std::uint64_t>(std::abs(*number)));
        common = std::gcd(common, numbers.back());
    }
    common = std::max<std::uint64_t>(1, common);
    auto best = common;
    double most_saved = 0;
    constexpr double bits_of_a_misfit = 70;
    for (std::uint64_t const factor : { 2, 4, 5, 10, 20, 25, 50, 100, 1024 }) {
        auto const step = common * factor;
        auto const misfits
            = std::count_if(numbers.begin(), numbers.end(), [&](std::uint64_t number) { return number % step != 0; });
        auto const saved = static_cast<double>(numbers.size()) * std::log2(static_cast<double>(factor))
            - static_cast<double>(misfits) * bits_of_a_misfit;
        if (saved > most_saved) {
            most_saved = saved;
            best = step;
        }
    }
    return best;
}

} // namespace

std::int64_t place_of(double value) {
    auto const bits = std::bit_cast<std::int64_t>(value);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double decimal_value(std::int64_t number, DecimalRule const& rule) {
    auto const whole = static_cast<double>(number * static_cast<std::int64_t>(rule.step));
    if (rule.in_two_steps)
        return whole / powers[static_cast<std::size_t>(rule.digits - 2)] / 100;
    return whole / powers[static_cast<std::size_t>(rule.digits)];
}

std::optional<std::int64_t> decimal_number(double value, DecimalRule const& rule) {
    auto const scaled = value * powers[static_cast<std::size_t>(rule.digits)] / static_cast<double>(rule.step);
    auto const most_steps = most_decimal / static_cast<std::int64_t>(rule.step); // whole ones
    if (!(std::abs(scaled) < static_cast<double>(most_steps)))
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
            if (digits >= static_cast<int>(powers.size()) || (in_two_steps && digits < 2))
                continue;
            DecimalRule const rule { digits, in_two_steps, 1 };
            auto const fit = fit_of(values, stride, rule);
            // Fewer digits win unless more of them explain clearly more: random bits look like many digits.
            if (fit > most + (most == 0 || digits == best.digits ? 0 : looked_at / 5)) {
                most = fit;
                best = rule;
            }
            if (most == 10 * looked_at)
                digits = static_cast<int>(powers.size());
        }
    if (most < looked_at * 8)
        return std::nullopt;
    best.step = best_step(values, best);
    return best;
}

} // namespace convops
