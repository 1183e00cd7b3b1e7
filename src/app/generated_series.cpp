#include "app/generated_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace convops {
namespace {

class Random {
public:
    explicit Random(std::uint64_t seed)
        : state_(seed * 0x9E37'79B9'7F4A'7C15ULL + 1) {
        for (int i = 0; i < 8; ++i)
            uniform();
    }
    double uniform() {
        state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        return (static_cast<double>(state_ >> 11U) + 0.5) / 9'007'199'254'740'992.0;
    }
    double between(double low, double high) { return low + (high - low) * uniform(); }
    double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
    double poisson(double mean) { // by its normal approximation where it is large
        if (mean > 50)
            return std::max(0.0, std::round(mean + std::sqrt(mean) * normal()));
        auto const stop = std::exp(-mean);
        int count = 0;
        for (double product = uniform(); product > stop; product *= uniform())
            ++count;
        return count;
    }

private:
    std::uint64_t state_;
};

Time const start = *parse_time("2026-01-05T00:00:00Z"); // a Monday

double day_curve(double hour, double busiest) {
    return 0.5 + 0.5 * std::cos((hour - busiest) / 24 * 2 * std::numbers::pi);
}

// One series' own character, drawn once.
struct Character {
    double base;
    double noise; // share of the base
    double swing; // day over night, share of the base
    double busiest; // hour
    double rate; // of counts, a period
    double weekend; // share of a weekday
};

Character drawn(Random& random) {
    return { std::pow(10, random.between(0.5, 5)), random.between(0.03, 0.12), random.between(0.5, 2),
        random.between(9, 18), random.between(0.003, 0.03), random.between(0.15, 0.5) };
}

double busy(Character const& one, double hours, bool as_sunday) {
    bool const weekend = as_sunday || static_cast<int>(hours / 24) % 7 >= 5;
    return 1 + one.swing * day_curve(std::fmod(hours, 24), one.busiest) * (weekend ? one.weekend : 1);
}

struct Progress {
    double wander = 0;
    double total = 0;
};

double ordinary(SeriesShape shape, Character const& one, double hours, Seconds period, bool as_sunday, double more,
    Progress& progress, Random& random) {
    auto const day = 1 + one.swing * day_curve(std::fmod(hours, 24), one.busiest);
    auto const noise = one.noise * random.normal();
    switch (shape) {
    case SeriesShape::flat_noise:
        return one.base * (1 + noise);
    case SeriesShape::day:
        return one.base * (day + noise);
    case SeriesShape::office_week:
        return one.base * busy(one, hours, as_sunday) * (1 + noise);
    case SeriesShape::latency:
        return one.base * (1 + 0.3 * (day - 1)) * std::exp(3 * noise);
    case SeriesShape::rare_counts:
        return random.poisson(one.rate + more);
    case SeriesShape::busy_counts:
        return random.poisson(std::min(one.base, 1'000.0) * day);
    case SeriesShape::constant:
        return std::round(one.base);
    case SeriesShape::wandering: {
        auto const keeps = std::exp(-double(period.count()) / 3'600 / 2); // two hours
        progress.wander = progress.wander * keeps + std::sqrt(1 - keeps * keeps) * random.normal();
        return one.base * (1 + 0.2 * progress.wander + 0.3 * noise);
    }
    case SeriesShape::nightly_job: {
        auto const hour = std::fmod(hours, 24);
        return one.base * (1 + noise + (hour >= 2 && hour < 2.7 ? 3 + noise : 0));
    }
    case SeriesShape::counter: {
        auto const begins_again = random.uniform() < double(period.count()) / 86'400 / 3;
        progress.total = begins_again ? 0 : progress.total + one.base * (day + noise) * (1 + more);
        return progress.total;
    }
    case SeriesShape::most_shapes:
        break;
    }
    return 0;
}

Milliseconds length_of(PlantedAnomaly plant, Seconds period) {
    switch (plant) {
    case PlantedAnomaly::level_shift:
        return Hours { 6 };
    case PlantedAnomaly::spike:
        return 3 * period;
    case PlantedAnomaly::dropout:
    case PlantedAnomaly::surge:
        return Hours { 1 };
    case PlantedAnomaly::slow_drift:
        return Hours { 24 };
    case PlantedAnomaly::quiet_weekday:
        return Hours { 24 };
    case PlantedAnomaly::burst:
        return Minutes { 30 };
    case PlantedAnomaly::first_move:
    case PlantedAnomaly::stop:
        return Hours { 3 };
    case PlantedAnomaly::most_plants:
        break;
    }
    return {};
}

// How large the ordinary ups and downs of a shape are, as a share of its base: plants are measured in it.
double ups_and_downs(SeriesShape shape, Character const& one) {
    if (shape == SeriesShape::wandering)
        return 0.2;
    if (shape == SeriesShape::busy_counts)
        return 1 / std::sqrt(std::min(one.base, 1'000.0)) * (1 + one.swing);
    return one.noise * (shape == SeriesShape::latency ? 3 : shape == SeriesShape::office_week ? 1 + one.swing : 1);
}

double with_plant(PlantedAnomaly plant, SeriesShape shape, Character const& one, double value, double share_done) {
    auto const base = shape == SeriesShape::busy_counts ? std::min(one.base, 1'000.0) : one.base;
    auto const unit = base * ups_and_downs(shape, one);
    switch (plant) {
    case PlantedAnomaly::level_shift:
        return value + 8 * unit;
    case PlantedAnomaly::spike:
        return value + 15 * unit + one.swing * base;
    case PlantedAnomaly::dropout:
        return 0;
    case PlantedAnomaly::slow_drift:
        return value + share_done * (12 * unit + one.swing * base);
    case PlantedAnomaly::first_move:
        return value + std::max(1.0, std::round(base * 0.1));
    default:
        return value;
    }
}

} // namespace

std::string_view name_of(SeriesShape shape) {
    constexpr std::array<std::string_view, 10> names { "flat_noise", "day", "office_week", "latency", "rare_counts",
        "busy_counts", "constant", "wandering", "nightly_job", "counter" };
    return names[static_cast<std::size_t>(shape)];
}

std::string_view name_of(PlantedAnomaly plant) {
    constexpr std::array<std::string_view, 9> names { "level_shift", "spike", "dropout", "slow_drift",
        "quiet_weekday", "burst", "surge", "first_move", "stop" };
    return names[static_cast<std::size_t>(plant)];
}

std::vector<SeriesShape> shapes_of(PlantedAnomaly plant) {
    switch (plant) {
    case PlantedAnomaly::quiet_weekday:
        return { SeriesShape::office_week };
    case PlantedAnomaly::burst:
        return { SeriesShape::rare_counts };
    case PlantedAnomaly::surge:
        return { SeriesShape::counter };
    case PlantedAnomaly::first_move:
        return { SeriesShape::constant };
    case PlantedAnomaly::stop:
        return { SeriesShape::flat_noise, SeriesShape::day, SeriesShape::office_week, SeriesShape::constant,
            SeriesShape::counter };
    default:
        return { SeriesShape::flat_noise, SeriesShape::day, SeriesShape::office_week, SeriesShape::latency,
            SeriesShape::busy_counts, SeriesShape::wandering, SeriesShape::nightly_job };
    }
}

GeneratedSeries generated_series(SeriesShape shape, std::optional<PlantedAnomaly> plant, Seconds period, int days,
    int from_day, std::uint64_t seed) {
    Random random { seed };
    auto const one = drawn(random);
    GeneratedSeries series;
    if (plant) {
        auto from = start + Days { from_day }
            + floor_to(Time { Milliseconds { static_cast<std::int64_t>(
                           random.uniform() * double((days - from_day - 1) * 86'400'000LL)) } },
                period)
                  .time_since_epoch();
        if (*plant == PlantedAnomaly::quiet_weekday) // the next Tuesday
            from = start + Days { (from_day + 6) / 7 * 7 + 1 };
        series.planted = Window { from, from + length_of(*plant, period) };
    }
    Progress progress;
    for (auto at = start; at < start + Days { days }; at += period) {
        bool const in = series.planted && series.planted->contains(at);
        auto const hours = std::chrono::duration<double, std::ratio<3'600>>(at - start).count();
        bool const counts_more = in && (*plant == PlantedAnomaly::burst || *plant == PlantedAnomaly::surge);
        auto value = ordinary(shape, one, hours, period, in && *plant == PlantedAnomaly::quiet_weekday,
            counts_more ? 2 : 0, progress, random);
        if (in && *plant == PlantedAnomaly::stop)
            continue;
        if (in)
            value = with_plant(*plant, shape, one, value,
                double((at - series.planted->from).count()) / double(series.planted->length().count()));
        series.at.push_back(at);
        series.values.push_back(value);
    }
    return series;
}

} // namespace convops
