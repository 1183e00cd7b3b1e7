// Every other metric of the alarm's resources and of their neighbours: which of them moved, and when, is for others
// to decide. CloudWatch is asked which metrics exist by dimension, whatever their namespace, so that what an agent or
// the application publishes about the same thing is read too.
#include "base/text.h"
#include "evidence/metric_facts.h"
#include "metrics/choice.h"

namespace convops {

namespace {

constexpr IamAction iam_actions[] = {
    { "cloudwatch:ListMetrics", "which metrics the resource and its neighbours have" },
    { "cloudwatch:GetMetricData", "how the metrics of the resource and its neighbours moved" },
};

constexpr SourceCard the_card {
    .name = "related_metrics",
    .says = "The other metrics of the alarm's resource and of its neighbours.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 360 },
    .settles_after = Minutes { 3 }, // Most AWS metrics arrive a minute or two after the fact.
};

constexpr std::size_t most_resources = 25;
constexpr std::size_t most_lists = 60;
constexpr int most_list_pages = 2; // of 500 metrics each
constexpr std::size_t most_queries = 500;
constexpr std::size_t most_queries_with_history = 80;
constexpr std::size_t queries_in_a_call = 125; // Four small calls at once answer sooner than a large one.

// What ListMetrics is asked, and about whom.
struct Asking {
    Resource resource;
    int distance = 0;
    std::string metric_namespace; // empty: any
    std::map<std::string, std::string> dimensions;
};

// Names under which applications publish metrics about a service of theirs; nothing but custom.
constexpr std::array<std::string_view, 3> service_dimensions { "Service", "service", "ServiceName" };

std::vector<Asking> askings_for(Question const& question) {
    std::vector<Asking> askings;
    std::set<std::string> seen;
    auto const add = [&](Asking asking) {
        if (asking.dimensions.empty() || askings.size() == reach(question.depth, most_lists))
            return;
        if (seen.insert(to_text(MetricId { asking.metric_namespace, "", asking.dimensions })).second)
            askings.push_back(std::move(asking));
    };
    for (auto const& metric : question.alarm.metrics)
        if (metric.metric)
            if (auto const resource = resource_of(*metric.metric))
                add({ *resource, 0, metric.metric->metric_namespace, metric.metric->dimensions });
    std::size_t resources = 0;
    for (auto const& [resource, distance] : question.nearby) {
        auto const families = metric_families(resource);
        // What a web ACL blocks says something rule by rule only: waf_state reads that.
        if (families.empty() || resource.type == "waf:web_acl"
            || resources++ == reach(question.depth, most_resources))
            continue;
        for (auto const& family : families)
            add({ resource, distance, "", family.dimensions });
        if (distance <= 1 && (resource.type == "ecs:service" || resource.type == "lambda:function"))
            for (auto const name : service_dimensions)
                add({ resource, distance, "", { { std::string(name), resource.short_name() } } });
    }
    return askings;
}

AwsCall list_call(Asking const& asking, Question const& question) {
    JsonObject params;
    if (!asking.metric_namespace.empty())
        params["Namespace"] = asking.metric_namespace;
    JsonArray dimensions;
    for (auto const& [name, value] : asking.dimensions)
        dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
    params["Dimensions"] = std::move(dimensions);
    // "The only value that is currently supported is PT3H": no use for an alarm that is older.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
    if (question.now - question.alarm_at < Hours { 2 })
        params["RecentlyActive"] = "PT3H";
    return call_of("monitoring", "ListMetrics", std::move(params));
}

struct Chosen {
    Resource resource;
    int distance = 0;
    MetricRead read;
};

// The alarm's own metric is read by alarm_metric; here only in finer steps, when the alarm's are coarse.
bool is_alarms_own(Alarm const& alarm, MetricId const& metric, std::string_view statistic, Seconds period) {
    return std::any_of(alarm.metrics.begin(), alarm.metrics.end(), [&](AlarmMetric const& own) {
        return own.metric == metric && own.statistic == statistic && own.period <= period;
    });
}

// Asked about a cluster, CloudWatch lists the metrics of its workloads as well: those are the workloads' own.
Resource whose(MetricId const& metric, Asking const& asking) {
    auto const own = resource_of(metric);
    return own && own->type == "eks:workload" ? *own : asking.resource;
}

std::vector<Chosen> choose(
    std::vector<std::pair<Asking, std::vector<MetricId>>> const& listed, Alarm const& alarm, Seconds period) {
    std::vector<Chosen> chosen;
    std::set<MetricId> taken;
    for (auto const& [asking, metrics] : listed)
        for (auto const& metric : telling_metrics(asking.resource, asking.dimensions, metrics)) {
            if (!taken.insert(metric).second)
                continue;
            for (auto const statistic : statistics_for(metric)) {
                if (chosen.size() == most_queries)
                    return chosen;
                if (is_alarms_own(alarm, metric, statistic, period))
                    continue;
                MetricRead read { "m" + std::to_string(chosen.size()), metric, "", std::string(statistic), period };
                chosen.push_back({ whose(metric, asking), asking.distance, std::move(read) });
            }
        }
    return chosen;
}

std::vector<MetricId> metrics_from(JsonArray const& items) {
    std::vector<MetricId> metrics;
    for (auto const& item : items) {
        MetricId id { text_at(item, "Namespace"), text_at(item, "MetricName"), {} };
        for (auto const& dimension : list_at(item, "Dimensions"))
            id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
        if (!id.name.empty())
            metrics.push_back(std::move(id));
    }
    std::sort(metrics.begin(), metrics.end()); // CloudWatch promises no order.
    return metrics;
}

std::vector<std::pair<Asking, std::vector<MetricId>>> list_metrics(Answering& answering) {
    auto const& question = answering.question();
    auto const askings = askings_for(question);
    std::vector<PagedRead> reads;
    for (auto const& asking : askings)
        reads.push_back({ list_call(asking, question), "Metrics", "NextToken", "NextToken", most_list_pages });
    auto const lists = answering.read_lists(std::move(reads));
    std::vector<std::pair<Asking, std::vector<MetricId>>> listed;
    for (std::size_t i = 0; i < lists.size(); ++i)
        listed.emplace_back(askings[i], metrics_from(lists[i]));
    std::stable_sort(listed.begin(), listed.end(),
        [](auto const& a, auto const& b) { return a.first.distance < b.first.distance; });
    return listed;
}

// The same hours yesterday and last week for what is nearest; coarser, because older datapoints are.
struct History {
    std::vector<MetricRead> reads;
    std::vector<std::pair<AwsCall, Milliseconds>> calls;
};

History history_of(std::vector<Chosen> const& chosen, Window window) {
    History history;
    for (auto const& one : chosen) {
        if (one.distance != 0 || history.reads.size() == most_queries_with_history)
            break;
        history.reads.push_back(one.read);
        history.reads.back().period = std::max<Seconds>(one.read.period, Seconds { 60 });
    }
    for (auto const back : { Days { 1 }, Days { 7 } })
        for (auto& call :
            metric_data_calls(history.reads, whole_periods({ window.from - back, window.to - back }, Seconds { 60 })))
            history.calls.emplace_back(std::move(call), back);
    return history;
}

// By the id of the read: each past day's series at the time of today's.
std::map<std::string, std::vector<Series>> past_series(
    History const& history, std::span<std::vector<MetricResult> const> answers, Seconds period) {
    std::map<std::string, std::vector<Series>> past;
    for (std::size_t i = 0; i < answers.size(); ++i)
        for (auto const& result : answers[i])
            for (auto const& read : history.reads) {
                if (read.id != result.id || result.at.empty())
                    continue;
                auto series = series_of(read, result, known_unit(*read.metric));
                for (auto& at : series.at)
                    at += history.calls[i].second;
                if (series.statistic == "Sum" && period < read.period)
                    for (auto& value : series.values)
                        value *= double(period.count()) / double(read.period.count());
                past[read.id].push_back(std::move(series));
            }
    return past;
}

bool is_percentile(MetricRead const& read) {
    return read.statistic.starts_with('p') && read.statistic.size() <= 6;
}

// Percentiles travel apart: one query that an endpoint can not answer fails its whole call, and not every metric (nor
// every stand-in for CloudWatch) has them.
std::vector<AwsCall> calls_for(std::vector<Chosen> const& chosen, Window window) {
    std::vector<AwsCall> calls;
    for (bool const percentiles : { false, true }) {
        std::vector<MetricRead> reads;
        auto const flush = [&] {
            auto more = metric_data_calls(reads, window);
            std::move(more.begin(), more.end(), std::back_inserter(calls));
            reads.clear();
        };
        for (auto const& one : chosen) {
            if (is_percentile(one.read) != percentiles)
                continue;
            reads.push_back(one.read);
            if (reads.size() == queries_in_a_call)
                flush();
        }
        flush();
    }
    return calls;
}

// The same hours as the alarm's own metric, so that a counter's silence can be told from hours that nobody asked
// about.
Window window_of(Question const& question) {
    return window_around_alarm(
        question, question.alarm.period(), std::clamp(question.alarm.evaluation_periods, 1, 1'000));
}

Seconds period_for(Question const& question, Window window) {
    if (question.alarm.period() < Seconds { 60 } && question.now - window.from <= Hours { 3 })
        return Seconds { 10 };
    return Seconds { window.length() <= Hours { 12 } ? 60 : window.length() <= Hours { 48 } ? 300 : 3'600 };
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const window = window_of(question);
    auto const period = period_for(question, window);
    auto const chosen = choose(list_metrics(answering), question.alarm, period);
    auto calls = calls_for(chosen, window);
    auto const today = calls.size();
    auto const history = history_of(chosen, window);
    for (auto const& [call, back] : history.calls)
        calls.push_back(call);

    auto const answers = read_metric_data(answering, calls);
    auto past = past_series(history, std::span(answers).subspan(today), period);
    std::map<std::string, MetricResult const*> results;
    for (auto const& answer : std::span(answers).first(today))
        for (auto const& result : answer)
            results[result.id] = &result;
    auto known_from = window.to;
    for (auto const& [id, result] : results)
        if (!result->at.empty())
            known_from = std::min(known_from, result->at.front());
    for (auto const& one : chosen) {
        auto const result = results.find(one.read.id);
        if (result == results.end() || result->second->at.empty())
            continue;
        MetricFact detail;
        detail.resource = one.resource;
        detail.closeness = one.distance == 0 ? Closeness::resource : Closeness::neighbour;
        detail.series = series_of(one.read, *result->second, known_unit(*one.read.metric));
        detail.history = std::move(past[one.read.id]);
        if (auto const limit = limit_by_meaning(detail.series)) {
            detail.limit = limit->first;
            detail.limit_basis = std::string(limit->second);
        }
        auto const one_read = metric_data_calls(std::span(&one.read, 1), window);
        answering.add(metric_fact(std::move(detail), window, known_from, question), one_read.front());
    }
    return answering.take();
}

} // namespace

EvidenceSource make_related_metrics() {
    return { &the_card, collect };
}

} // namespace convops
