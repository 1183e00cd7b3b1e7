#include "evidence/metric_facts.h"

#include "base/text.h"

namespace convops {

namespace {

struct Level {
    std::optional<double> before;
    std::optional<double> after;
};

// A sum without a datapoint is a zero, so its level is the mean over all periods; else the middle of the datapoints.
Level level_of(Series const& series, Window window, Time split) {
    auto const level = [&](Window part) -> std::optional<double> {
        if (series.statistic != "Sum")
            return middle_of(series, part);
        double const slots = std::floor(double(part.length().count()) / double(Milliseconds(series.period).count()));
        double total = 0;
        for (std::size_t i = 0; i < series.at.size(); ++i)
            if (part.contains(series.at[i]))
                total += series.values[i];
        return slots >= 1 ? std::optional(total / slots) : std::nullopt;
    };
    return { level({ window.from, split }), level({ split, window.to }) };
}

std::string statement_of(
    Series const& series, Resource const& resource, std::string_view apart, Level const& level, Time split) {
    auto const value = [&](std::optional<double> number) {
        return number ? format_value(*number, series.unit) : std::string("no datapoint");
    };
    return shown(series.metric.name, 120) + " of " + shown(resource.display(), 120)
        + (apart.empty() ? "" : " (" + shown(apart, 120) + ")") + ": " + value(level.after) + " since "
        + format_clock(split) + ", " + value(level.before) + " before (" + statistic_words(series) + ").";
}

} // namespace

Fact metric_fact(
    MetricFact detail, Window window, Time known_from, Question const& question, std::string_view apart) {
    auto const& series = detail.series;
    auto const split = std::max(floor_to(likely_onset(question), series.period), window.from);
    auto const level = level_of(series, { known_from, window.to }, std::max(split, known_from));
    JsonObject value { { "metric", to_text(series.metric) }, { "statistic", series.statistic },
        { "period_seconds", series.period.count() }, { "since", format_time(split) } };
    value["before"] = level.before ? Json(*level.before) : Json(nullptr);
    value["after"] = level.after ? Json(*level.after) : Json(nullptr);
    auto fact = fact_about(
        detail.resource, split, statement_of(series, detail.resource, apart, level, split), {}, std::move(value));
    fact.link = metric_page(series, window, question.region);
    fact.detail = std::move(detail);
    return fact;
}

std::vector<Series> read_series_about(
    Answering& answering, std::span<MetricAbout const> asked, Window window, Seconds period) {
    std::vector<MetricRead> reads;
    for (auto const& one : asked)
        reads.push_back({ "m" + std::to_string(reads.size()), one.metric, "", one.statistic, period });
    std::vector<Series> series(asked.size());
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < reads.size(); ++i)
        places[reads[i].id] = i;
    for (auto& answer : read_metric_data(answering, metric_data_calls(reads, window)))
        for (auto& result : answer)
            if (auto const place = places.find(result.id); place != places.end())
                series[place->second]
                    = series_of(reads[place->second], std::move(result), known_unit(asked[place->second].metric));
    return series;
}

void add_metrics_about(Answering& answering, std::span<MetricAbout const> asked) {
    if (asked.empty())
        return;
    auto const& question = answering.question();
    auto const window = window_around_alarm(
        question, question.alarm.period(), std::clamp(question.alarm.evaluation_periods, 1, 1'000));
    auto const period = window.length() <= Hours { 12 } ? Seconds { 60 } : Seconds { 300 };
    auto all = read_series_about(answering, asked, window, period);
    auto known_from = window.to;
    for (auto const& series : all)
        if (!series.empty())
            known_from = std::min(known_from, series.at.front());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].empty())
            continue;
        MetricRead const read { "m0", asked[i].metric, "", asked[i].statistic, period };
        MetricFact detail { asked[i].resource, asked[i].closeness, std::move(all[i]), {}, {}, {} };
        answering.add(metric_fact(std::move(detail), window, known_from, question, asked[i].apart),
            metric_data_calls(std::span(&read, 1), window).front());
    }
}

std::vector<std::string> measured_names(
    Answering& answering, MetricId const& with_fixed_dimensions, std::string const& dimension, std::size_t most) {
    JsonArray dimensions { JsonObject { { "Name", dimension } } };
    for (auto const& [name, value] : with_fixed_dimensions.dimensions)
        dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
    auto const call = call_of("monitoring", "ListMetrics",
        { { "Namespace", with_fixed_dimensions.metric_namespace }, { "MetricName", with_fixed_dimensions.name },
            { "Dimensions", std::move(dimensions) } });
    std::set<std::string> names;
    for (auto const& metric : answering.read_pages({ call, "Metrics", "NextToken", "NextToken", 1 }))
        for (auto const& one : list_at(metric, "Dimensions"))
            if (text_at(one, "Name") == dimension && names.size() < most)
                names.insert(text_at(one, "Value"));
    return { names.begin(), names.end() };
}

bool is_read_with_neighbours(Question const& question, Resource const& resource) {
    return std::any_of(
        question.nearby.begin(), question.nearby.end(), [&](auto const& near) { return near.first == resource; });
}

} // namespace convops
