#include "metrics/data.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace convops {

namespace {

constexpr std::size_t most_results = 1'000; // of one answer: 500 queries, two for a band
constexpr std::size_t most_points = most_datapoints; // of one series
constexpr std::size_t most_label_bytes = 255;

Json query_of(MetricRead const& read) {
    JsonObject query { { "Id", read.id } };
    if (read.metric && read.expression.empty()) {
        JsonArray dimensions;
        for (auto const& [name, value] : read.metric->dimensions)
            dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
        query["MetricStat"] = JsonObject {
            { "Metric",
                JsonObject { { "Namespace", read.metric->metric_namespace }, { "MetricName", read.metric->name },
                    { "Dimensions", std::move(dimensions) } } },
            { "Period", read.period.count() },
            { "Stat", read.statistic },
        };
    } else {
        query["Expression"] = read.expression;
        if (read.period.count() > 0)
            query["Period"] = read.period.count();
    }
    if (!read.label.empty())
        query["Label"] = read.label;
    query["ReturnData"] = read.returns_data;
    return query;
}

std::size_t points_of(MetricRead const& read, Window window) {
    auto const period = std::max<Seconds>(read.period, Seconds { 1 });
    return static_cast<std::size_t>(std::max<std::int64_t>(0, window.length() / period)) + 1;
}

} // namespace

std::vector<AwsCall> metric_data_calls(std::span<MetricRead const> reads, Window window) {
    std::vector<AwsCall> calls;
    JsonArray queries;
    std::size_t points = 0;
    auto const flush = [&] {
        if (!queries.empty())
            calls.push_back(AwsCall { "monitoring", "GetMetricData",
                { { "MetricDataQueries", std::move(queries) }, { "StartTime", format_time(window.from) },
                    { "EndTime", format_time(window.to) } } });
        queries = JsonArray {};
        points = 0;
    };
    for (auto const& read : reads) {
        auto const more = points_of(read, window);
        if (queries.size() == most_metric_queries || (points > 0 && points + more > most_datapoints))
            flush();
        queries.push_back(query_of(read));
        points += more;
    }
    flush();
    return calls;
}

std::vector<MetricResult> metric_results_from(Json const& answer) {
    std::vector<MetricResult> results;
    for (auto const& entry : list_at(answer, "MetricDataResults")) {
        if (results.size() == most_results)
            break;
        MetricResult result { text_at(entry, "Id"), shorten(clean_utf8(text_at(entry, "Label")), most_label_bytes),
            {}, {} };
        auto const& times = list_at(entry, "Timestamps");
        auto const& values = list_at(entry, "Values");
        std::map<Time, double> points; // AWS answers newest first.
        for (std::size_t i = 0; i < std::min({ times.size(), values.size(), most_points }); ++i) {
            auto const at = time_at(times[i], "");
            auto const value = number_at(values[i], "");
            if (at && value && std::isfinite(*value))
                points[*at] = *value;
        }
        // Exactly: an account has thousands of series, and growing by doubling would leave half of each empty.
        result.at.reserve(points.size());
        result.values.reserve(points.size());
        for (auto const& [at, value] : points) {
            result.at.push_back(at);
            result.values.push_back(value);
        }
        results.push_back(std::move(result));
    }
    return results;
}

void merge_results(std::vector<MetricResult>& all, std::vector<MetricResult> page) {
    for (auto& result : page) {
        auto const known = std::find_if(all.begin(), all.end(),
            [&](MetricResult const& other) { return other.id == result.id && other.label == result.label; });
        if (known == all.end()) {
            all.push_back(std::move(result));
            continue;
        }
        std::map<Time, double> merged;
        for (auto const* part : { &*known, &result })
            for (std::size_t i = 0; i < part->at.size(); ++i)
                merged[part->at[i]] = part->values[i];
        known->at.clear();
        known->values.clear();
        for (auto const& [at, value] : merged) {
            known->at.push_back(at);
            known->values.push_back(value);
        }
    }
}

Series series_of(MetricRead const& read, MetricResult result, std::string_view unit) {
    Series series;
    if (read.metric)
        series.metric = *read.metric;
    series.statistic = read.statistic;
    series.unit = std::string(unit);
    series.period = std::max<Seconds>(read.period, Seconds { 1 });
    series.at = std::move(result.at);
    series.values = std::move(result.values);
    // Basic monitoring of EC2 publishes every five minutes, most of AWS every minute:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
    constexpr std::size_t enough_points = 6; // A counter that spoke three times does not show its rhythm.
    if (series.at.size() < enough_points)
        return series;
    std::int64_t step = 0;
    for (std::size_t i = 1; i < series.at.size(); ++i)
        step = std::gcd(step, std::chrono::duration_cast<Seconds>(series.at[i] - series.at[i - 1]).count());
    for (auto const candidate : { 300, 60, 30, 10 })
        if (step % candidate == 0 && Seconds { candidate } > series.period) {
            series.period = Seconds { candidate };
            break;
        }
    return series;
}

Window whole_periods(Window window, Seconds period) {
    auto const step = std::max<Seconds>(period, Seconds { 1 });
    return { floor_to(window.from, step), floor_to(window.to, step) };
}

} // namespace convops
