#include "watch/collector.h"

#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <numeric>

namespace convops {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Time const midnight = *parse_time("2026-11-23T00:00:00Z");
Window const the_day { midnight, midnight + Hours { 1 } };

std::vector<WatchedMetric> watched(std::size_t count) {
    std::vector<WatchedMetric> metrics;
    for (std::size_t i = 0; i < count; ++i)
        metrics.push_back({ { "AWS/SQS", "NumberOfMessagesSent", { { "QueueName", "q" + std::to_string(i) } } },
            "Sum", "Count", { "sqs:queue", "q" + std::to_string(i), {} } });
    return metrics;
}

std::vector<PollBatch> one_batch(std::size_t series) {
    PollBatch batch { the_day, std::vector<std::size_t>(series) };
    std::iota(batch.series.begin(), batch.series.end(), std::size_t { 0 });
    return { batch };
}

// Each series answers two datapoints, the second on a second page.
Result<Json> two_pages(AwsCall const& call) {
    bool const second = call.params.contains("NextToken");
    JsonArray results;
    for (auto const& query : call.params.at("MetricDataQueries").as_array())
        results.push_back(JsonObject { { "Id", text_at(query, "Id") },
            { "Timestamps", JsonArray { second ? "2026-11-23T00:01:00Z" : "2026-11-23T00:00:00Z" } },
            { "Values", JsonArray { second ? 2.0 : 1.0 } } });
    JsonObject answer { { "MetricDataResults", std::move(results) } };
    if (!second)
        answer["NextToken"] = "more";
    return Json(std::move(answer));
}

TEST(Collector, it_lists_every_page_of_the_accounts_metrics) {
    FakeAws aws;
    aws.on("monitoring:ListMetrics", [](AwsCall const& call) {
        bool const second = call.params.contains("NextToken");
        JsonObject answer { { "Metrics",
            JsonArray { JsonObject { { "Namespace", "AWS/SQS" }, { "MetricName", second ? "B" : "A" },
                { "Dimensions", JsonArray { JsonObject { { "Name", "QueueName" }, { "Value", "q" } } } } } } } };
        if (!second)
            answer["NextToken"] = "more";
        return Result<Json>(Json(std::move(answer)));
    });
    auto const discovery = discover_metrics(aws);
    EXPECT_THAT(discovery.listed,
        ElementsAre(MetricId { "AWS/SQS", "A", { { "QueueName", "q" } } },
            MetricId { "AWS/SQS", "B", { { "QueueName", "q" } } }));
    EXPECT_EQ(discovery.calls, 2);
    EXPECT_THAT(discovery.gaps, IsEmpty());
}

TEST(Collector, an_account_that_may_not_be_listed_is_a_gap_with_its_permission) {
    FakeAws aws;
    aws.fail("monitoring:ListMetrics", ErrorKind::access_denied);
    auto const discovery = discover_metrics(aws);
    ASSERT_THAT(discovery.gaps, SizeIs(1));
    EXPECT_EQ(discovery.gaps[0].iam_action, "cloudwatch:ListMetrics");
    EXPECT_EQ(discovery.gaps[0].why, "access denied");
}

TEST(Collector, an_account_that_never_ends_is_cut_and_says_so) {
    FakeAws aws;
    aws.on("monitoring:ListMetrics", R"({"Metrics":[],"NextToken":"again"})");
    auto const discovery = discover_metrics(aws, 3);
    EXPECT_EQ(discovery.calls, 3);
    ASSERT_THAT(discovery.gaps, SizeIs(1));
}

TEST(Collector, five_hundred_metrics_share_a_call_and_pages_are_put_together) {
    FakeAws aws;
    aws.on("monitoring:GetMetricData", two_pages);
    auto const metrics = watched(501);
    auto const poll = poll_metrics(metrics, one_batch(501), Seconds { 60 }, aws);
    EXPECT_THAT(aws.calls("monitoring:GetMetricData"), SizeIs(4)); // two calls of two pages
    EXPECT_EQ(poll.calls, 4);
    EXPECT_EQ(poll.metrics_requested, 501U);
    ASSERT_THAT(poll.points, SizeIs(501));
    for (auto const& series : poll.points)
        EXPECT_THAT(series.values, ElementsAre(1.0, 2.0));
}

TEST(Collector, a_call_that_fails_leaves_a_gap_and_the_others_are_kept) {
    FakeAws aws;
    aws.on("monitoring:GetMetricData", [](AwsCall const& call) {
        if (call.params.at("MetricDataQueries").as_array().size() == 1)
            return Result<Json>(Error { ErrorKind::throttled, "" });
        return two_pages(call);
    });
    auto const metrics = watched(501);
    auto const poll = poll_metrics(metrics, one_batch(501), Seconds { 60 }, aws);
    EXPECT_THAT(poll.points, SizeIs(500));
    ASSERT_THAT(poll.gaps, SizeIs(1));
    EXPECT_EQ(poll.gaps[0].kind, ErrorKind::throttled);
    EXPECT_EQ(poll.gaps[0].metrics, 1U);
}

TEST(Collector, half_an_answer_is_a_gap_and_not_missing_data) {
    FakeAws aws;
    aws.on("monitoring:GetMetricData", [](AwsCall const& call) {
        if (call.params.contains("NextToken"))
            return Result<Json>(Error { ErrorKind::timeout, "" });
        return two_pages(call);
    });
    auto const metrics = watched(2);
    auto const poll = poll_metrics(metrics, one_batch(2), Seconds { 60 }, aws);
    EXPECT_THAT(poll.points, IsEmpty());
    ASSERT_THAT(poll.gaps, SizeIs(1));
    EXPECT_EQ(poll.gaps[0].metrics, 2U);
}

TEST(Collector, a_series_without_a_datapoint_was_read_all_the_same) {
    FakeAws aws;
    aws.on("monitoring:GetMetricData", R"({"MetricDataResults":[]})");
    auto const metrics = watched(1);
    auto const poll = poll_metrics(metrics, one_batch(1), Seconds { 60 }, aws);
    ASSERT_THAT(poll.points, SizeIs(1));
    EXPECT_THAT(poll.points[0].at, IsEmpty());
    EXPECT_THAT(poll.gaps, IsEmpty());
}

} // namespace
} // namespace convops
