#include "stats/reading.h"

#include <cmath>

namespace convops {

namespace {

constexpr std::size_t most_filled_points = 2'000;
constexpr double recovered_spreads = 1.5; // product.md, check 1

struct Dense {
    std::vector<Time> at;
    std::vector<double> values;
};

bool missing_means_zero(SeriesQuestion const& question) {
    return question.statistic == "Sum" || question.statistic == "SampleCount";
}

// Many counters publish a datapoint only when something happened ("There is a nonzero value"):
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
std::optional<Dense> with_zeros(Points series, Window frame) {
    auto const step = std::max<Seconds>(series.period, Seconds { 1 });
    if (frame.length() <= Milliseconds { 0 })
        return std::nullopt;
    auto const slots = static_cast<std::size_t>(frame.length() / step);
    if (slots <= series.size() || slots > most_filled_points)
        return std::nullopt;
    Dense dense;
    auto const anchor = series.size() > 0 ? series.at[0] : frame.from;
    auto slot = anchor - ((anchor - frame.from) / step) * step;
    std::size_t next = 0;
    for (; slot < frame.to || next < series.size(); slot += step) {
        dense.at.push_back(slot);
        double value = 0;
        while (next < series.size() && series.at[next] < slot + step)
            value += series.values[next++];
        dense.values.push_back(value);
        if (dense.at.size() > most_filled_points)
            return std::nullopt;
    }
    return dense;
}

double middle_between(Points series, Time from, Time to) {
    std::vector<double> within;
    auto const first = std::lower_bound(series.at.begin(), series.at.end(), from);
    for (auto at = first; at != series.at.end() && *at < to; ++at)
        within.push_back(series.values[static_cast<std::size_t>(at - series.at.begin())]);
    return within.empty() ? std::nan("") : median_of(within);
}

// The other days show the same level at this hour, or the same rise.
bool looks_usual(std::vector<Points> const& history, Onset const& onset, bool zeros) {
    int alike = 0;
    int different = 0;
    double const change = onset.after - onset.before;
    for (auto const& day : history) {
        if (day.size() < 4)
            continue;
        // Only the later part of a ramp is at the level that `after` speaks of.
        auto const from = onset.shape == Shape::ramp ? onset.at + (onset.until - onset.at) * 3 / 4 : onset.at;
        double level = middle_between(day, from, onset.until);
        if (std::isnan(level)) {
            if (!zeros)
                continue;
            level = 0;
        }
        bool const same_level = std::abs(level - onset.after) <= 0.35 * std::abs(change);
        bool const beyond = change > 0 ? level > onset.after : level < onset.after;
        (same_level || beyond ? alike : different) += 1;
    }
    return alike > 0 && different == 0;
}

void read_ends(Points series, SeriesReading& reading) {
    auto const count = series.size();
    auto const last = series.values.subspan(count - std::min<std::size_t>(3, count), std::min<std::size_t>(3, count));
    reading.last = median_of_copy(last);
    auto const [lowest, highest] = std::minmax_element(series.values.begin(), series.values.end());
    reading.lowest = *lowest;
    reading.highest = *highest;
}

} // namespace

double least_spread_for(std::string_view unit, std::string_view statistic, double level) {
    if (unit == "Percent")
        return 1;
    if (statistic == "Sum" || statistic == "SampleCount" || unit == "Count" || unit == "Count/Second")
        return 0.7 * std::sqrt(std::max(std::abs(level), 1.0));
    return 0;
}

SeriesReading read_series(SeriesQuestion const& question) {
    SeriesReading reading;
    auto series = question.series;
    std::optional<Dense> dense;
    bool const zeros = missing_means_zero(question);
    if (zeros)
        dense = with_zeros(series, question.frame);
    if (dense)
        series = { dense->at, dense->values, series.period };
    reading.points = series.size();
    if (series.size() == 0)
        return reading;
    read_ends(series, reading);

    double const level = median_of_copy(series.values);
    OnsetQuery query;
    query.focus_from = question.alarm_at - Minutes { 60 };
    query.focus_to = series.at.back() + series.period;
    query.least_spread = least_spread_for(question.unit, question.statistic, level);
    reading.normal = robust_level(series.values, query.least_spread);
    auto onset = find_onset(series, query);
    if (!onset)
        return reading;
    double const change = std::abs(onset->after - onset->before);
    if (change < question.least_change_share * std::abs(onset->before))
        return reading;
    reading.normal.centre = onset->before;
    if (onset->size > 0)
        reading.normal.spread = change / onset->size;
    reading.onset = onset;
    for (auto const& day : question.history)
        reading.has_history = reading.has_history || day.size() >= 4;
    reading.usual = looks_usual(question.history, *onset, zeros);
    reading.recovered
        = !onset->still_on && std::abs(reading.last - onset->before) <= recovered_spreads * reading.normal.spread;
    return reading;
}

} // namespace convops
