#include "watch/collector.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr int most_pages_of_call = 20; // of one GetMetricData call
constexpr std::size_t calls_at_once = 4;

std::string why_failed(AwsCall const& call, Error const& error) {
    switch (error.kind) {
    case ErrorKind::access_denied:
        return "access denied";
    case ErrorKind::throttled:
        return call.operation + ": throttled by AWS";
    case ErrorKind::timeout:
        return call.operation + ": no answer in time";
    default:
        return call.operation + ": " + shorten(clean_utf8(error.message), 160);
    }
}

WatchGap gap_of(AwsCall const& call, Error const& error, std::size_t metrics) {
    return { error.kind, "cloudwatch:" + call.operation, why_failed(call, error), metrics };
}

MetricId metric_from(Json const& entry) {
    MetricId metric { text_at(entry, "Namespace"), text_at(entry, "MetricName"), {} };
    for (auto const& dimension : list_at(entry, "Dimensions"))
        metric.dimensions.emplace(text_at(dimension, "Name"), text_at(dimension, "Value"));
    return metric;
}

// The reads of one batch, each named by the index of its series.
std::vector<MetricRead> reads_of(std::span<WatchedMetric const> watched, PollBatch const& batch, Seconds period) {
    std::vector<MetricRead> reads;
    reads.reserve(batch.series.size());
    for (auto const index : batch.series)
        reads.push_back(
            { "m" + std::to_string(index), watched[index].metric, "", watched[index].statistic, period, "", true });
    return reads;
}

std::size_t queries_in(AwsCall const& call) {
    auto const* queries = call.params.if_contains("MetricDataQueries");
    return queries == nullptr ? 0 : queries->as_array().size();
}

// All pages of one call; an error when one of them fails, because half an answer would look like missing data.
Result<std::vector<MetricResult>> all_pages(AwsCall call, Result<Json> answer, Aws& aws, Poll& poll) {
    std::vector<MetricResult> results;
    for (int page = 0; page < most_pages_of_call; ++page) {
        auto const body = TRY(std::move(answer));
        merge_results(results, metric_results_from(body));
        auto const token = text_at(body, "NextToken");
        if (token.empty())
            return results;
        call.params["NextToken"] = token;
        ++poll.calls;
        answer = aws.call(call);
    }
    return Error { ErrorKind::unavailable, "more than " + std::to_string(most_pages_of_call) + " pages" };
}

void take(std::vector<MetricResult> results, AwsCall const& call, Poll& poll) {
    std::map<std::string, MetricResult*> by_id;
    for (auto& result : results)
        by_id[result.id] = &result;
    for (auto const& query : call.params.at("MetricDataQueries").as_array()) {
        auto const id = text_at(query, "Id");
        PolledSeries polled { static_cast<std::size_t>(std::stoull(id.substr(1))), {}, {} };
        if (auto const found = by_id.find(id); found != by_id.end()) {
            polled.at = std::move(found->second->at);
            polled.values = std::move(found->second->values);
        }
        poll.points.push_back(std::move(polled));
    }
}

} // namespace

Discovery discover_metrics(Aws& aws, int most_pages) {
    Discovery discovery;
    // "The only value that is currently supported is PT3H": what has been silent for longer is not watched.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
    AwsCall call { "monitoring", "ListMetrics", { { "RecentlyActive", "PT3H" } } };
    for (int page = 0; page < most_pages; ++page) {
        ++discovery.calls;
        auto const answer = aws.call(call);
        if (!answer) {
            discovery.gaps.push_back(gap_of(call, answer.error(), 0));
            return discovery;
        }
        for (auto const& entry : list_at(*answer, "Metrics"))
            discovery.listed.push_back(metric_from(entry));
        auto const token = text_at(*answer, "NextToken");
        if (token.empty())
            return discovery;
        call.params["NextToken"] = token;
    }
    discovery.gaps.push_back({ ErrorKind::unavailable, "",
        "the account has more than " + std::to_string(most_pages * 500) + " metrics; the rest was not listed", 0 });
    return discovery;
}

Poll poll_metrics(std::span<WatchedMetric const> watched, std::span<PollBatch const> batches, Seconds period,
    Aws& aws, std::function<void(PollProgress const&)> const& observer) {
    Poll poll;
    std::vector<AwsCall> calls;
    for (auto const& batch : batches)
        for (auto& call : metric_data_calls(reads_of(watched, batch, period), batch.window)) {
            call.params["ScanBy"] = "TimestampAscending";
            calls.push_back(std::move(call));
        }
    for (std::size_t from = 0; from < calls.size(); from += calls_at_once) {
        auto const some = std::span(calls).subspan(from, std::min(calls_at_once, calls.size() - from));
        auto answers = aws.call_all(some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            ++poll.calls;
            poll.metrics_requested += queries_in(some[i]);
            auto results = all_pages(some[i], std::move(answers[i]), aws, poll);
            if (results)
                take(std::move(*results), some[i], poll);
            else
                poll.gaps.push_back(gap_of(some[i], results.error(), queries_in(some[i])));
        }
        if (observer)
            observer({ std::min(from + calls_at_once, calls.size()), calls.size() });
    }
    return poll;
}

} // namespace convops
