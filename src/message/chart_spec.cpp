// Which part of an investigation the chart shows. Pure; drawing is in chart.cpp.
#include "base/text.h"
#include "message/chart.h"
#include "message/phrases.h"
#include "message/words.h"

namespace convops {

namespace {

// Enough before onset to see what was usual, not so much that the incident is a sliver at the right edge.
constexpr Minutes least_before_onset { 30 };
constexpr Minutes least_shown { 60 };
constexpr std::size_t most_changes_marked = 4;
constexpr std::size_t most_points = 3000; // more than the picture has columns

// The lowest and highest of the same minutes on earlier days, widened over neighbours so that one quiet minute of one
// day does not make the band a thread.
std::vector<ChartBand> usual_band(std::vector<Series> const& history, Window window, Seconds period) {
    constexpr int neighbours = 5;
    std::map<Time, std::pair<double, double>> at;
    for (auto const& series : history) {
        for (std::size_t i = 0; i < series.at.size(); ++i) {
            if (!std::isfinite(series.values[i]))
                continue;
            auto const [found, fresh]
                = at.try_emplace(series.at[i], std::pair { series.values[i], series.values[i] });
            if (!fresh) {
                found->second.first = std::min(found->second.first, series.values[i]);
                found->second.second = std::max(found->second.second, series.values[i]);
            }
        }
    }
    std::vector<ChartBand> band;
    auto const reach = std::max(period, Seconds { 1 }) * neighbours;
    for (auto const& [time, range] : at) {
        if (!window.contains(time) || band.size() == most_points)
            continue;
        ChartBand point { time, range.first, range.second };
        for (auto near = at.lower_bound(time - reach); near != at.end() && near->first <= time + reach; ++near) {
            point.low = std::min(point.low, near->second.first);
            point.high = std::max(point.high, near->second.second);
        }
        band.push_back(point);
    }
    return band;
}

std::string change_label(ChangeFact const& change, Catalogue const& say_it) {
    auto const kind = say_it.change_kinds.at(static_cast<std::size_t>(change.kind)).text();
    auto text = change.touched.empty() ? kind : kind + " " + change.touched.front().short_name();
    return one_line(text, 36);
}

// Where a counter has no datapoints for more than two periods.
std::vector<Window> silence_between(std::vector<ChartPoint> const& points, Window window, Seconds period) {
    std::vector<Window> silence;
    auto quiet_since = window.from;
    for (auto const& point : points) {
        if (point.at - quiet_since > period * 2)
            silence.push_back({ quiet_since, point.at });
        quiet_since = point.at + period;
    }
    return silence;
}

std::vector<ChartMarker> change_markers(Investigation const& investigation, Window window, Catalogue const& say_it) {
    std::set<FactId> cited;
    for (auto const& cause : investigation.diagnosis.causes)
        cited.insert(cause.facts.begin(), cause.facts.end());
    std::vector<std::pair<int, ChartMarker>> found;
    auto const onset = investigation.diagnosis.onset.value_or(investigation.incident.opened_at);
    for (auto const& [fact, change] : investigation.evidence.all<ChangeFact>())
        if (!change->failed && window.contains(fact->at))
            // What a cause cites is drawn first, then what a person did before onset.
            found.push_back({ cited.contains(fact->id) ? 0 : (fact->at > onset || change->automatic ? 2 : 1),
                { fact->at, change_label(*change, say_it) } });
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) {
        return std::pair { a.first, -a.second.at.time_since_epoch().count() }
        < std::pair { b.first, -b.second.at.time_since_epoch().count() };
    });
    std::vector<ChartMarker> markers;
    for (auto& [order, marker] : found) {
        // One deploy is told by several records; lines that the eye cannot tell apart are one line.
        bool const stands_there = std::any_of(markers.begin(), markers.end(),
            [&](ChartMarker const& other) { return std::chrono::abs(other.at - marker.at) < window.length() / 40; });
        if (!stands_there && markers.size() < most_changes_marked)
            markers.push_back(std::move(marker));
    }
    std::stable_sort(
        markers.begin(), markers.end(), [](ChartMarker const& a, ChartMarker const& b) { return a.at < b.at; });
    return markers;
}

std::string period_words(Seconds period, Catalogue const& say_it) {
    return period == Minutes { 1 } ? say_it.minute.text()
        : period == Hours { 1 }    ? say_it.hour.text()
                                   : duration_words(period, say_it);
}

std::string alt_text_of(ChartSpec const& spec, Reader const& reader) {
    auto low = spec.points.front().value;
    auto high = low;
    for (auto const& point : spec.points) {
        low = std::min(low, point.value);
        high = std::max(high, point.value);
    }
    auto const& say_it = words(reader.language);
    auto text = say(say_it.alt_text,
        { spec.title, value_words(spec.points.back().value, spec.unit, say_it), value_words(low, spec.unit, say_it),
            value_words(high, spec.unit, say_it),
            clock_words(spec.points.front().at, spec.points.back().at, reader) });
    for (auto const& extra : { spec.threshold_label, spec.onset_label })
        if (!extra.empty())
            text += " " + extra + ".";
    for (auto const& change : spec.changes)
        text += " " + change.label + " " + clock_words(change.at, spec.points.back().at, reader) + ".";
    return one_line(text, 1000);
}

} // namespace

std::optional<ChartSpec> chart_from(Investigation const& investigation, Reader const& reader) {
    auto const& say_it = words(reader.language);
    auto const& alarm = investigation.incident.leading_alarm();
    auto const reading = read_alarm_metric(alarm, investigation.evidence, reader);
    if (reading.fact == nullptr)
        return std::nullopt;
    auto const& series = reading.metric->series;
    auto const onset = investigation.diagnosis.onset;
    auto const last = std::max(series.at.back() + series.period, investigation.as_of);
    auto const period = std::max(series.period, Seconds { 1 });
    auto const began = onset.value_or(alarm.changed_at);
    auto const before = std::max<Milliseconds>(least_before_onset, period * 12);
    auto const shown = std::max<Milliseconds>(least_shown, period * 24);
    // Nothing was read before `known`; a counter that only then began to count still gets some quiet in front of it.
    auto const known = std::min(series.at.front(), began - std::max<Milliseconds>(period * 12, (last - began) * 2));

    ChartSpec spec;
    spec.window = { std::max(std::min(began - before, last - shown), known), last };
    spec.period = period;
    for (std::size_t i = 0; i < series.at.size() && spec.points.size() < most_points; ++i)
        if (spec.window.contains(series.at[i]) && std::isfinite(series.values[i]))
            spec.points.push_back({ series.at[i], series.values[i] });
    if (spec.points.size() < 2)
        return std::nullopt;
    if (series.statistic == "Sum" || series.statistic == "SampleCount") {
        spec.silence = silence_between(spec.points, spec.window, spec.period);
        spec.silence_label = say_it.no_datapoints.text();
    }
    spec.title = reading.name;
    spec.subtitle
        = join(std::vector<std::string> { one_line(alarm.name, most_name_bytes),
                   say(say_it.per_period, { one_line(series.statistic, 20), period_words(spec.period, say_it) }) },
            " · ");
    spec.unit = series.unit;
    spec.usual = usual_band(reading.metric->history, spec.window, spec.period);
    if (reading.threshold) {
        spec.threshold = reading.threshold;
        spec.threshold_label = say_it.threshold.text() + " " + value_words(*reading.threshold, series.unit, say_it);
    }
    if (onset && spec.window.contains(*onset)) {
        spec.onset = onset;
        spec.onset_label = say_it.onset_mark.text() + " " + format_clock(*onset, reader.utc_offset);
    }
    spec.changes = change_markers(investigation, spec.window, say_it);
    spec.language = reader.language;
    spec.utc_offset = reader.utc_offset;
    spec.zone_label = zone_label(reader);
    spec.alt_text = alt_text_of(spec, reader);
    return spec;
}

} // namespace convops
