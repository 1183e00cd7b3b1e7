#include "app/bench_detect.h"
#include "app/generated_series.h"
#include "watch/detector.h"

#include <array>

namespace convops {
namespace {

constexpr int weeks_of_history = 2;

// Everything that a watcher would have opened, with its time: points as they come, and the silences between them.
Result<std::vector<Time>> opened(GeneratedSeries const& series, Seconds period) {
    std::vector<Time> all;
    Detector detector;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        if (i > 0)
            for (auto now = series.at[i - 1] + 2 * period; now < series.at[i]; now += period)
                if (detector.silent(now).opens())
                    all.push_back(now);
        if (TRY(detector.read(series.at[i], series.values[i])).opens())
            all.push_back(series.at[i]);
    }
    return all;
}

// Per series and week: the first day, the rest of the first week, the second week, the two after.
struct Alarms {
    std::array<double, 4> counted {};
    static constexpr std::array<double, 4> weeks { 1.0 / 7, 6.0 / 7, 1, 2 };

    void count(Milliseconds since) {
        ++counted[since < Days { 1 } ? 0 : since < Days { 7 } ? 1 : since < Days { 14 } ? 2 : 3];
    }
    [[nodiscard]] Json per_week(std::size_t series) const {
        JsonArray rates;
        for (std::size_t i = 0; i < counted.size(); ++i)
            rates.push_back(counted[i] / weeks[i] / static_cast<double>(series));
        return rates;
    }
};

Result<Json> false_alarms(std::size_t each, Seconds period) {
    JsonObject shapes;
    Alarms all;
    constexpr auto kinds = static_cast<std::size_t>(SeriesShape::most_shapes);
    for (std::size_t s = 0; s < kinds; ++s) {
        Alarms one;
        for (std::size_t i = 0; i < each; ++i) {
            auto const series = generated_series(static_cast<SeriesShape>(s), {}, period, 28, 0, 1'000 * s + i + 7);
            for (auto const at : TRY(opened(series, period))) {
                one.count(at - series.at[0]);
                all.count(at - series.at[0]);
            }
        }
        shapes[name_of(static_cast<SeriesShape>(s))] = one.per_week(each);
    }
    shapes["all"] = all.per_week(each * kinds);
    return Json(shapes);
}

struct Found {
    int planted = 0;
    int found = 0;
    int opened_within = 0;
    int false_alarms = 0;
    double minutes = 0; // until found, summed

    Found& operator+=(Found const& other) {
        planted += other.planted;
        found += other.found;
        opened_within += other.opened_within;
        false_alarms += other.false_alarms;
        minutes += other.minutes;
        return *this;
    }
    [[nodiscard]] Json figures() const {
        auto const events = std::max(1, found);
        return JsonObject { { "planted", planted }, { "recall", double(found) / std::max(1, planted) },
            { "precision", double(found) / std::max(1, found + false_alarms) },
            { "opened_an_event", double(opened_within) / events }, { "minutes_until_found", minutes / events } };
    }
};

// An hour after its end an incident still counts: what is told then is its end.
Result<Found> look_for(SeriesShape shape, PlantedAnomaly plant, Seconds period, std::uint64_t seed) {
    auto const series
        = generated_series(shape, plant, period, 7 * (weeks_of_history + 1), 7 * weeks_of_history, seed);
    auto window = *series.planted;
    window.to += Hours { 1 };
    Found found { .planted = 1 };
    for (auto const at : TRY(opened(series, period))) {
        if (at < series.at[0] + Days { 7 * weeks_of_history })
            continue;
        if (!window.contains(at)) {
            ++found.false_alarms;
            continue;
        }
        if (found.found == 0)
            found.minutes = std::chrono::duration<double, std::ratio<60>>(at - window.from).count();
        found.found = 1;
        ++found.opened_within;
    }
    return found;
}

} // namespace

Result<Json> judge_generated(std::size_t each, Seconds period) {
    JsonObject plants;
    Found all;
    for (std::size_t p = 0; p < static_cast<std::size_t>(PlantedAnomaly::most_plants); ++p) {
        auto const plant = static_cast<PlantedAnomaly>(p);
        Found one;
        for (auto const shape : shapes_of(plant))
            for (std::size_t i = 0; i < each; ++i)
                one += TRY(look_for(
                    shape, plant, period, 100'000 * (p + 1) + 1'000 * static_cast<std::uint64_t>(shape) + i));
        plants[name_of(plant)] = one.figures();
        all += one;
    }
    plants["all"] = all.figures();
    auto const alarms = TRY(false_alarms(each, period));
    return Json(JsonObject {
        { "period_seconds", period.count() }, { "false_alarms_a_series_week", alarms }, { "planted", plants } });
}

} // namespace convops
