#include "evidence/read.h"

#include "base/text.h"

#include <numeric>

namespace convops {

namespace {

constexpr int most_pages = 5; // of one GetMetricData call
constexpr std::size_t most_results = 1'000; // of one answer: 500 queries, two for a band
constexpr std::size_t most_points = 5'000; // of one series

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

void append(std::vector<MetricResult>& all, std::vector<MetricResult> page) {
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

// The console writes its state as "jsurl": "*2f" for a byte and "**20ac" for a wider character.
std::string console_text(std::string_view text) {
    std::string out = "~'";
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '_' || c == '.';
        out += plain ? std::string(1, c) : "*" + to_hex(std::string_view(&c, 1));
    }
    return out;
}

std::string percent_escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_.~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
    }
    return out;
}

std::string console(std::string_view region, std::string_view service) {
    return "https://" + std::string(region) + ".console.aws.amazon.com/" + std::string(service)
        + "/home?region=" + std::string(region);
}

// A region is put into host names: nothing but AWS's own alphabet may pass.
bool is_region(std::string_view region) {
    return !region.empty() && region.size() <= 32 && std::all_of(region.begin(), region.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

} // namespace

Gap gap_from(SourceCard const& card, AwsCall const& call, Error const& error) {
    Gap gap;
    gap.source = std::string(card.name);
    gap.kind = error.kind;
    gap.iam_action = call.service + ":" + call.operation;
    auto const service_of = [](std::string_view action) { return action.substr(0, action.find(':')); };
    for (auto const& action : card.iam_actions) {
        // IAM calls CloudWatch "cloudwatch" where the endpoint says "monitoring", so the operation's name decides.
        if (action.action.substr(action.action.find(':') + 1) != call.operation)
            continue;
        gap.iam_action = std::string(action.action);
        gap.would_have_told = std::string(action.would_have_told);
        break;
    }
    // apigateway:GET and s3:ListAllMyBuckets are not named after their operations.
    if (gap.would_have_told.empty())
        for (auto const& action : card.iam_actions)
            if (service_of(action.action) == call.service) {
                gap.iam_action = std::string(action.action);
                gap.would_have_told = std::string(action.would_have_told);
                break;
            }
    if (gap.would_have_told.empty() && !card.iam_actions.empty())
        gap.would_have_told = std::string(card.iam_actions.front().would_have_told);
    switch (error.kind) {
    case ErrorKind::access_denied:
        gap.why = "access denied";
        break;
    case ErrorKind::throttled:
        gap.why = call.operation + ": throttled by AWS";
        break;
    case ErrorKind::timeout:
        gap.why = call.operation + ": no answer in time";
        break;
    default:
        gap.why = call.operation + ": " + shown(error.message, 160);
    }
    return gap;
}

std::vector<AwsCall> metric_data_calls(std::span<MetricRead const> reads, Window window) {
    std::vector<AwsCall> calls;
    JsonArray queries;
    std::size_t points = 0;
    auto const flush = [&] {
        if (!queries.empty())
            calls.push_back(call_of("monitoring", "GetMetricData",
                { { "MetricDataQueries", std::move(queries) }, { "StartTime", format_time(window.from) },
                    { "EndTime", format_time(window.to) } }));
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
        MetricResult result { text_at(entry, "Id"), shown(text_at(entry, "Label"), 255), {}, {} };
        auto const& times = list_at(entry, "Timestamps");
        auto const& values = list_at(entry, "Values");
        std::map<Time, double> points; // AWS answers newest first.
        for (std::size_t i = 0; i < std::min({ times.size(), values.size(), most_points }); ++i) {
            auto const at = time_at(times[i], "");
            auto const value = number_at(values[i], "");
            if (at && value && std::isfinite(*value))
                points[*at] = *value;
        }
        for (auto const& [at, value] : points) {
            result.at.push_back(at);
            result.values.push_back(value);
        }
        results.push_back(std::move(result));
    }
    return results;
}

std::vector<std::vector<MetricResult>> read_metric_data(Answering& answering, std::span<AwsCall const> calls) {
    std::vector<std::vector<MetricResult>> all(calls.size());
    std::vector<AwsCall> open(calls.begin(), calls.end());
    std::vector<std::size_t> owner(calls.size());
    std::iota(owner.begin(), owner.end(), std::size_t { 0 });
    for (int page = 0; page < most_pages && !open.empty(); ++page) {
        auto const answers = answering.read_all(open);
        std::vector<AwsCall> next;
        std::vector<std::size_t> next_owner;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (!answers[i])
                continue;
            append(all[owner[i]], metric_results_from(*answers[i]));
            auto const token = text_at(*answers[i], "NextToken");
            if (token.empty())
                continue;
            next.push_back(open[i]);
            next.back().params["NextToken"] = token;
            next_owner.push_back(owner[i]);
        }
        open = std::move(next);
        owner = std::move(next_owner);
    }
    if (!open.empty())
        answering.not_read("GetMetricData: more than " + std::to_string(most_pages) + " pages; the rest was not read",
            "the rest of the datapoints");
    return all;
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

std::string_view known_unit(MetricId const& metric) {
    struct Row {
        std::string_view metric_namespace; // empty: any
        std::string_view name; // with a trailing '*': a prefix; with a leading '*': a suffix
        std::string_view unit;
    };
    // Units as documented service by service, starting at
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
    static constexpr auto rows = std::to_array<Row>({
        { "AWS/ApplicationELB", "TargetResponseTime", "Seconds" },
        { "AWS/ELB", "Latency", "Seconds" },
        { "AWS/RDS", "*Latency", "Seconds" },
        { "AWS/RDS", "AuroraReplicaLag*", "Milliseconds" },
        { "AWS/RDS", "ReplicaLag", "Seconds" },
        { "AWS/RDS", "*IOPS", "Count/Second" },
        { "AWS/RDS", "*Throughput", "Bytes/Second" },
        { "AWS/Lambda", "*Duration", "Milliseconds" },
        { "AWS/Lambda", "IteratorAge", "Milliseconds" },
        { "AWS/DynamoDB", "*Latency", "Milliseconds" },
        { "AWS/ApiGateway", "*Latency", "Milliseconds" },
        { "AWS/SQS", "ApproximateAgeOfOldestMessage", "Seconds" },
        { "AWS/Kinesis", "*Milliseconds", "Milliseconds" },
        { "AWS/ElastiCache", "ReplicationLag", "Seconds" },
        { "AWS/States", "*Time", "Milliseconds" },
        { "AWS/EBS", "Volume*Time", "Seconds" },
        { "AWS/ECS", "*Utilization", "Percent" },
        { "AWS/S3", "ReplicationLatency", "Seconds" },
        { "AWS/S3", "*Latency", "Milliseconds" },
        { "AWS/EBS", "VolumeAvg*Latency", "Milliseconds" },
        { "AWS/EBS", "Volume*Percentage", "Percent" },
        { "ContainerInsights", "*_utilization", "Percent" },
        { "ContainerInsights", "*_limit", "Percent" }, // pod_cpu_utilization_over_pod_limit
        { "", "CPUUtilization", "Percent" },
        { "", "EngineCPUUtilization", "Percent" },
        { "", "MemoryUtilization", "Percent" },
        { "", "mem_used_percent", "Percent" },
        { "", "disk_used_percent", "Percent" },
        { "", "DatabaseMemoryUsagePercentage", "Percent" },
        { "", "BurstBalance", "Percent" },
        { "", "EBSIOBalance%", "Percent" },
        { "", "EBSByteBalance%", "Percent" },
        { "", "FreeStorageSpace", "Bytes" },
        { "", "FreeLocalStorage", "Bytes" },
        { "", "FreeableMemory", "Bytes" },
        { "", "SwapUsage", "Bytes" },
        { "", "BytesUsedForCache", "Bytes" },
        { "", "*Bytes", "Bytes" },
        { "AWS/EC2", "NetworkIn", "Bytes" },
        { "AWS/EC2", "NetworkOut", "Bytes" },
        { "", "*_Count", "Count" },
        { "", "*Count", "Count" },
    });
    std::string_view const name = metric.name;
    auto const matches = [&](std::string_view pattern) {
        auto const star = pattern.find('*');
        if (star == std::string_view::npos)
            return name == pattern;
        return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star))
            && name.ends_with(pattern.substr(star + 1));
    };
    for (auto const& row : rows)
        if ((row.metric_namespace.empty() || row.metric_namespace == metric.metric_namespace) && matches(row.name))
            return row.unit;
    return "";
}

Window whole_periods(Window window, Seconds period) {
    auto const step = std::max<Seconds>(period, Seconds { 1 });
    return { floor_to(window.from, step), floor_to(window.to, step) };
}

Window window_around_alarm(Question const& question, Seconds period, int evaluation_periods) {
    constexpr std::int64_t most_points_before = 480;
    constexpr std::int64_t most_points_after = 1'440;
    constexpr Seconds most_look_back = Days { 14 };
    auto const before = std::max<Seconds>(std::min<Seconds>(Hours { 6 }, period * most_points_before),
        std::min(period * (evaluation_periods + 24), most_look_back));
    auto const to
        = std::max(question.alarm_at, std::min<Time>(question.now, question.alarm_at + period * most_points_after));
    return whole_periods({ question.alarm_at - before, to }, period);
}

std::optional<double> middle_of(Series const& series, Window window) {
    std::vector<double> values;
    for (std::size_t i = 0; i < series.at.size(); ++i)
        if (window.contains(series.at[i]))
            values.push_back(series.values[i]);
    if (values.empty())
        return std::nullopt;
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::string statistic_words(Series const& series) {
    return series.statistic.empty() ? format_duration(series.period) + " each"
                                    : shown(series.statistic, 40) + " over " + format_duration(series.period);
}

std::string metric_page(Series const& series, Window window, std::string_view region) {
    if (!is_region(region))
        return {};
    auto metric = "~(" + console_text(series.metric.metric_namespace) + console_text(series.metric.name);
    for (auto const& [name, value] : series.metric.dimensions)
        metric += console_text(name) + console_text(value);
    metric += "~(stat" + console_text(series.statistic) + "))";
    return console(region, "cloudwatch") + "#metricsV2:graph=~(metrics~(" + metric + ")~region" + console_text(region)
        + "~start" + console_text(format_time(window.from)) + "~end" + console_text(format_time(window.to))
        + "~period~" + std::to_string(series.period.count()) + "~view~'timeSeries)";
}

std::string alarm_page(std::string_view alarm_name, std::string_view region) {
    return is_region(region) ? console(region, "cloudwatch") + "#alarmsV2:alarm/" + percent_escaped(alarm_name) : "";
}

std::string trail_event_page(std::string_view event_id, std::string_view region) {
    return is_region(region) ? console(region, "cloudtrailv2") + "#/events/" + percent_escaped(event_id) : "";
}

} // namespace convops
