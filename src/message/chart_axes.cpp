#include "message/chart_axes.h"

#include "message/words.h"

#include <array>

namespace convops {

namespace {

// 1, 2, 2.5 or 5 times a power of ten; bytes, too, read best in decimal steps, as format_value() shows them.
double round_step(double rough) {
    auto const power = std::pow(10.0, std::floor(std::log10(rough)));
    for (double const factor : { 1.0, 2.0, 2.5, 5.0 })
        if (factor * power >= rough * 0.999)
            return factor * power;
    return 10 * power;
}

std::string day_label(Time local, Catalogue const& say_it) {
    std::chrono::year_month_day const date { std::chrono::floor<Days>(local) };
    return say(
        say_it.day_and_month, { std::to_string(unsigned(date.day())), say_it.months.at(unsigned(date.month()) - 1) });
}

} // namespace

ValueAxis value_axis_of(ChartSpec const& spec) {
    std::vector<double> values;
    for (auto const& point : spec.points)
        values.push_back(point.value);
    for (auto const& band : spec.usual) {
        values.push_back(band.low);
        values.push_back(band.high);
    }
    if (spec.threshold)
        values.push_back(*spec.threshold);
    std::erase_if(values, [](double value) { return !std::isfinite(value) || std::abs(value) > 1e300; });
    auto const [smallest, largest] = std::minmax_element(values.begin(), values.end());
    double low = values.empty() ? 0 : *smallest;
    double high = values.empty() ? 1 : *largest;
    // From zero, so that heights compare; but a disk between 96.1 and 96.4 % would be a flat line.
    if (low > 0 && high - low > 0.15 * high)
        low = 0;
    if (high - low < 1e-9 * std::max({ std::abs(high), std::abs(low), 1e-9 })) { // flat
        high += std::max(std::abs(high) * 0.1, 1e-9);
        low = low >= 0 ? std::max(0.0, low - (high - low)) : low - (high - low);
    }
    auto const step = round_step((high - low) / 4);
    ValueAxis axis { std::floor(low / step + 1e-9) * step, 0, {} };
    axis.high = high + (high - axis.low) * 0.06; // air above the peak
    for (int i = 0; i < 12; ++i) {
        auto const tick = axis.low + step * i;
        if (tick > axis.high)
            break;
        axis.ticks.push_back(std::abs(tick) < step * 1e-9 ? 0 : tick);
    }
    return axis;
}

std::vector<TimeTick> time_ticks_of(ChartSpec const& spec, std::size_t most) {
    constexpr std::array<int, 14> steps { 1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720, 1440, 10'080 };
    Minutes step { steps.back() };
    for (int const minutes : steps) {
        if (spec.window.length() / Minutes { minutes } < std::int64_t(most)) {
            step = Minutes { minutes };
            break;
        }
    }
    std::vector<TimeTick> ticks;
    // Ticks are round in the reader's clock, not in UTC.
    auto at = floor_to(spec.window.from + spec.utc_offset, Seconds { step });
    for (; at < spec.window.to + spec.utc_offset && ticks.size() < 64; at += step) {
        if (at < spec.window.from + spec.utc_offset)
            continue;
        bool const midnight = at == Time { std::chrono::floor<Days>(at) };
        ticks.push_back({ at - spec.utc_offset, midnight ? day_label(at, words(spec.language)) : format_clock(at) });
    }
    return ticks;
}

} // namespace convops
