#include "adapters/recorded/metric_math.h"
#include "adapters/recorded/recorded_aws.h"

namespace convops {

namespace {

// The mergeable summary of one bucket.
struct Bucket {
    double sum = 0;
    double samples = 0;
    double least = std::numeric_limits<double>::infinity();
    double most = -std::numeric_limits<double>::infinity();
    double percentile_sum = 0; // sample-weighted: the percentile over a longer period cannot be had from shorter ones
};

std::optional<double> statistic_of(Bucket const& bucket, std::string_view statistic, bool counter) {
    if (bucket.samples <= 0)
        return std::nullopt;
    if (statistic == "Sum")
        return bucket.sum;
    if (statistic == "Average")
        return counter ? bucket.sum / std::max(1.0, bucket.samples) : bucket.sum / bucket.samples;
    if (statistic == "Minimum")
        return bucket.least;
    if (statistic == "Maximum")
        return bucket.most;
    if (statistic == "SampleCount")
        return bucket.samples;
    return bucket.percentile_sum / bucket.samples;
}

MetricId metric_id_from(Json const& metric) {
    MetricId id { text_at(metric, "Namespace"), text_at(metric, "MetricName"), {} };
    for (auto const& dimension : list_at(metric, "Dimensions"))
        id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
    return id;
}

// A metric may be recorded in several stretches (today, the same hours yesterday and last week).
Series read_metric(
    RecordedAccount const& account, MetricId const& id, std::string const& statistic, Seconds period, Window window) {
    Series all { id, statistic, "", period, {}, {} };
    for (auto const& metric : account.metrics) {
        if (metric.metric != id)
            continue;
        auto const stretch = aggregate(metric, statistic, period, window);
        all.unit = stretch.unit;
        all.period = stretch.period;
        all.at.insert(all.at.end(), stretch.at.begin(), stretch.at.end());
        all.values.insert(all.values.end(), stretch.values.begin(), stretch.values.end());
    }
    return all;
}

JsonObject result_from(Json const& query, Series const& series) {
    JsonArray timestamps;
    JsonArray values;
    for (std::size_t i = series.at.size(); i-- > 0;) { // ScanBy's default is TimestampDescending.
        timestamps.push_back(Json(format_time(series.at[i])));
        values.push_back(series.values[i]);
    }
    return { { "Id", text_at(query, "Id") }, { "Label", text_at(query, "Label", series.metric.name) },
        { "Timestamps", std::move(timestamps) }, { "Values", std::move(values) }, { "StatusCode", "Complete" } };
}

} // namespace

Series aggregate(RecordedMetric const& metric, std::string_view statistic, Seconds period, Window window) {
    Series series { metric.metric, std::string(statistic), metric.unit, std::max(period, metric.period), {}, {} };
    auto const column = [&](std::string const& name) -> std::vector<std::optional<double>> const* {
        auto const at = metric.statistics.find(name);
        return at == metric.statistics.end() ? nullptr : &at->second;
    };
    auto const* samples = column("samples");
    auto const* least = column("minimum");
    auto const* most = column("maximum");
    auto const* percentile = column(std::string(statistic));
    std::map<Time, Bucket> buckets;
    for (std::size_t i = 0; i < metric.values.size(); ++i) {
        auto const at = metric.start + metric.period * static_cast<std::int64_t>(i);
        if (!metric.values[i] || !window.contains(floor_to(at, series.period)) || at + metric.period > window.to)
            continue;
        double const value = *metric.values[i];
        double const weight = samples != nullptr ? (*samples)[i].value_or(1)
            : metric.counter                     ? std::max(1.0, value)
                                                 : 1;
        auto& bucket = buckets[floor_to(at, series.period)];
        bucket.sum += metric.counter ? value : value * weight;
        bucket.samples += weight;
        bucket.least = std::min(bucket.least, least != nullptr ? (*least)[i].value_or(value) : value);
        bucket.most = std::max(bucket.most, most != nullptr ? (*most)[i].value_or(value) : value);
        bucket.percentile_sum += weight * (percentile != nullptr ? (*percentile)[i].value_or(value) : value);
    }
    for (auto const& [at, bucket] : buckets)
        if (auto const value = statistic_of(bucket, statistic, metric.counter)) {
            series.at.push_back(at);
            series.values.push_back(*value);
        }
    return series;
}

Result<Json> recorded_metric_data(RecordedAccount const& account, JsonObject const& params, Time now) {
    Json const asked(params);
    auto const from = time_at(asked, "StartTime");
    auto const to = time_at(asked, "EndTime");
    if (!from || !to || *from >= *to)
        return Error { ErrorKind::invalid_input, "GetMetricData needs StartTime before EndTime" };
    Window const window { *from, std::min(*to, now) };
    std::map<std::string, Series> by_id;
    auto const& queries = list_at(asked, "MetricDataQueries");
    for (auto const& query : queries) {
        auto const* stat = find(query, "MetricStat");
        auto const* wanted = stat == nullptr ? nullptr : find(*stat, "Metric");
        if (wanted == nullptr)
            continue;
        Seconds const period { integer_at(*stat, "Period").value_or(60) };
        by_id[text_at(query, "Id")]
            = read_metric(account, metric_id_from(*wanted), text_at(*stat, "Stat"), period, window);
    }
    JsonArray results;
    for (auto const& query : queries) {
        if (!flag_at(query, "ReturnData", true))
            continue;
        auto const expression = text_at(query, "Expression");
        if (expression.empty())
            results.push_back(result_from(query, by_id[text_at(query, "Id")]));
        else
            results.push_back(
                result_from(query, TRY(evaluate_metric_math(expression, by_id).with_context("GetMetricData"))));
    }
    return Json(JsonObject { { "MetricDataResults", std::move(results) } });
}

Result<Json> recorded_metric_list(RecordedAccount const& account, JsonObject const& params, Time now) {
    Json const asked(params);
    auto const wanted_namespace = text_at(asked, "Namespace");
    auto const wanted_name = text_at(asked, "MetricName");
    constexpr std::size_t page = 500; // ListMetrics returns up to 500 results a page.
    auto offset = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_at(asked, "NextToken").value_or(0)));
    JsonArray metrics;
    std::size_t seen = 0;
    bool more = false;
    std::set<MetricId> listed; // one entry for all stretches of a metric
    for (auto const& metric : account.metrics) {
        auto const& id = metric.metric;
        bool wanted = metric.start < now && (wanted_namespace.empty() || id.metric_namespace == wanted_namespace)
            && (wanted_name.empty() || id.name == wanted_name);
        for (auto const& filter : list_at(asked, "Dimensions")) {
            auto const at = id.dimensions.find(text_at(filter, "Name"));
            wanted = wanted && at != id.dimensions.end()
                && (find(filter, "Value") == nullptr || at->second == text_at(filter, "Value"));
        }
        if (!wanted || !listed.insert(id).second || seen++ < offset)
            continue;
        if (metrics.size() == page) {
            more = true;
            break;
        }
        JsonArray dimensions;
        for (auto const& [name, value] : id.dimensions)
            dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
        metrics.push_back(JsonObject { { "Namespace", id.metric_namespace }, { "MetricName", id.name },
            { "Dimensions", std::move(dimensions) } });
    }
    JsonObject answer { { "Metrics", std::move(metrics) } };
    if (more)
        answer["NextToken"] = std::to_string(offset + page);
    return Json(std::move(answer));
}

} // namespace convops
