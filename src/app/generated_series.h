// Series like those of CloudWatch, made by a generator, without and with one planted incident each: how many
// incidents a detector finds among them and how often it cries wolf.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace convops {

// What an ordinary metric looks like. `most_shapes` ends the list.
enum class SeriesShape : std::uint8_t {
    flat_noise,
    day,
    office_week, // busy weekdays, quiet weekends
    latency, // skewed, and slower by day
    rare_counts, // an error now and then
    busy_counts,
    constant,
    wandering,
    nightly_job,
    counter, // grows, and begins again at each deployment
    most_shapes,
};

enum class PlantedAnomaly : std::uint8_t {
    level_shift, // for six hours
    spike, // of three points
    dropout, // to nothing for an hour
    slow_drift, // over a day
    quiet_weekday, // a Tuesday like a Sunday
    burst, // of rare counts, for half an hour
    surge, // of what a counter grows by, for an hour
    first_move, // of a constant
    stop, // no points for three hours
    most_plants,
};

std::string_view name_of(SeriesShape shape);
std::string_view name_of(PlantedAnomaly plant);

// The shapes in which a plant would be seen by a person.
std::vector<SeriesShape> shapes_of(PlantedAnomaly plant);

struct GeneratedSeries {
    std::vector<Time> at;
    std::vector<double> values;
    std::optional<Window> planted;
};

// `days` of points a `period` apart from a Monday on; the incident, if any, at a random time after `from_day`.
GeneratedSeries generated_series(SeriesShape shape, std::optional<PlantedAnomaly> plant, Seconds period, int days,
    int from_day, std::uint64_t seed);

} // namespace convops
