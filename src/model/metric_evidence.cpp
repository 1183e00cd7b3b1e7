#include "model/metric_evidence.h"

namespace convops {

Window frame_of(Evidence const& evidence, std::string_view source) {
    constexpr std::size_t telling = 3;
    std::optional<Window> own;
    std::optional<Window> everybody;
    std::size_t count = 0;
    // The last period of a coarse series may not be over yet: it says nothing of finer ones up to its end.
    auto finest = Seconds::max();
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        if (!metric->series.empty())
            finest = std::min(finest, metric->series.period);
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        if (metric->series.empty())
            continue;
        Window const window { metric->series.at.front(), metric->series.at.back() + finest };
        auto const widen = [&](std::optional<Window>& frame) {
            frame = frame ? Window { std::min(frame->from, window.from), std::max(frame->to, window.to) } : window;
        };
        widen(everybody);
        if (fact->source == source) {
            widen(own);
            ++count;
        }
    }
    if (!everybody)
        return {};
    return { count >= telling ? own->from : everybody->from, everybody->to };
}

bool exceeds(double value, double threshold, std::string_view comparison) {
    if (comparison.starts_with("LessThanOrEqual"))
        return value <= threshold;
    if (comparison.starts_with("LessThan"))
        return value < threshold;
    if (comparison.starts_with("GreaterThanOrEqual"))
        return value >= threshold;
    return value > threshold;
}

namespace {

std::optional<double> middle(Series const& series) {
    if (series.empty())
        return std::nullopt;
    auto values = series.values;
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
    return values[values.size() / 2];
}

} // namespace

bool Levels::moved() const {
    constexpr double least_share = 0.1;
    return std::abs(since - before) > least_share * std::max(std::abs(before), std::abs(since));
}

std::optional<Levels> levels_around(MetricFact const& metric, Time onset) {
    auto const before = middle(metric.series.within({ onset - Minutes { 30 }, onset }));
    auto const since = middle(metric.series.within({ onset, Time::max() }));
    if (!before || !since)
        return std::nullopt;
    return Levels { *before, *since };
}

std::pair<Fact const*, MetricFact const*> fact_of_alarm(Alarm const& alarm, Evidence const& evidence) {
    std::pair<Fact const*, MetricFact const*> found { nullptr, nullptr };
    auto const* main = alarm.main_metric();
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        if (metric->series.empty())
            continue;
        bool const same = main != nullptr && metric->series.metric == *main->metric;
        if (same && (main->statistic.empty() || metric->series.statistic == main->statistic))
            return { fact, metric };
        if (found.first == nullptr && (same || metric->closeness == Closeness::alarm))
            found = { fact, metric };
    }
    return found;
}

} // namespace convops
