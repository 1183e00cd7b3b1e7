#include "evidence/fake_aws.h"
#include "metrics/choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Time at(std::string_view text) {
    return *parse_time(text);
}

Resource const checkout { "ecs:service", "shop/checkout", "" };
Resource const orders { "rds:instance", "orders-db", "" };

Question question() {
    Question asked;
    asked.alarm_at = at("2026-11-20T20:11:30Z");
    asked.now = at("2026-11-20T20:16:20Z");
    asked.region = "eu-west-1";
    asked.centre = { checkout };
    asked.nearby = { { checkout, 0 }, { orders, 1 } };
    return asked;
}

Json metric(std::string_view name_space, std::string_view name, std::string_view dimension, std::string_view value) {
    return { { "Namespace", name_space }, { "MetricName", name },
        { "Dimensions", JsonArray { { { "Name", dimension }, { "Value", value } } } } };
}

// orders-db has two metrics, and the application publishes one about the service.
Result<Json> list(AwsCall const& call) {
    auto const text = to_text(Json(call.params));
    JsonArray metrics;
    if (text.find("orders-db") != std::string::npos)
        metrics = { metric("AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "orders-db"),
            metric("AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", "orders-db") };
    if (text.find("\"Service\"") != std::string::npos)
        metrics = { metric("Shop/App", "PoolTimeouts", "Service", "checkout") };
    return Json(JsonObject { { "Metrics", metrics } });
}

// 10 before 20:09, 90 from then on.
Result<Json> values(AwsCall const& call) {
    Json const params(call.params);
    JsonArray results;
    for (auto const& query : list_at(params, "MetricDataQueries")) {
        JsonArray times;
        JsonArray numbers;
        for (auto time = *time_at(params, "StartTime"); time < *time_at(params, "EndTime"); time += Minutes { 1 }) {
            times.emplace_back(format_time(time));
            numbers.emplace_back(time >= at("2026-11-20T20:09:00Z") ? 90 : 10);
        }
        results.push_back(
            JsonObject { { "Id", text_at(query, "Id") }, { "Timestamps", times }, { "Values", numbers } });
    }
    return Json(JsonObject { { "MetricDataResults", results } });
}

} // namespace

TEST(RelatedMetrics, every_metric_of_the_neighbourhood_is_told_before_and_after) {
    FakeAws aws;
    aws.on("monitoring:ListMetrics", list).on("monitoring:GetMetricData", values);
    auto const answer = ask("related_metrics", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(4));
    EXPECT_EQ(answer.facts[0].statement,
        "PoolTimeouts of ECS service checkout: 90 since 20:09, 10 before (Sum over 60 s).");
    auto const& own = std::get<MetricFact>(answer.facts[0].detail);
    EXPECT_EQ(own.closeness, Closeness::resource);
    EXPECT_THAT(own.history, SizeIs(2));
    EXPECT_EQ(answer.facts[1].statement,
        "CPUUtilization of RDS instance orders-db: 90 % since 20:09, 10 % before (Average over 60 s).");
    auto const& cpu = std::get<MetricFact>(answer.facts[1].detail);
    EXPECT_EQ(cpu.closeness, Closeness::neighbour);
    EXPECT_EQ(cpu.limit, 100.0);
    auto const& storage = std::get<MetricFact>(answer.facts[3].detail);
    EXPECT_EQ(storage.series.statistic, "Minimum");
    EXPECT_EQ(storage.limit, 0.0);
    EXPECT_THAT(answer.facts[3].cli, HasSubstr("FreeStorageSpace"));
    EXPECT_THAT(to_text(Json(aws.calls("monitoring:ListMetrics").at(0).params)), HasSubstr("PT3H"));
}

TEST(RelatedMetrics, denied_throttled_and_late_calls_are_gaps_of_their_own_action) {
    for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
        FakeAws lists;
        lists.fail("monitoring:ListMetrics", kind);
        auto const blind = ask("related_metrics", question(), lists);
        ASSERT_THAT(blind.gaps, SizeIs(1));
        EXPECT_EQ(blind.gaps[0].iam_action, "cloudwatch:ListMetrics");
        FakeAws reads;
        reads.on("monitoring:ListMetrics", list).fail("monitoring:GetMetricData", kind);
        auto const answer = ask("related_metrics", question(), reads);
        EXPECT_THAT(answer.facts, IsEmpty());
        ASSERT_THAT(answer.gaps, SizeIs(1));
        EXPECT_EQ(answer.gaps[0].iam_action, "cloudwatch:GetMetricData");
        EXPECT_EQ(answer.gaps[0].kind, kind);
    }
}

TEST(RelatedMetrics, empty_and_hostile_answers_break_nothing) {
    FakeAws empty;
    EXPECT_THAT(ask("related_metrics", question(), empty).facts, IsEmpty());
    EXPECT_THAT(empty.calls("monitoring:GetMetricData"), IsEmpty());
    FakeAws hostile;
    hostile.on("monitoring:ListMetrics", R"({"Metrics": [1, {"MetricName": "x\u001b[2J\n", "Dimensions": "no"}]})");
    hostile.on("monitoring:GetMetricData", values);
    for (auto const& fact : ask("related_metrics", question(), hostile).facts)
        EXPECT_EQ(fact.statement.find('\n'), std::string::npos);
}

TEST(RelatedMetrics, the_number_of_calls_is_bounded_however_large_the_account) {
    FakeAws aws;
    aws.on("monitoring:ListMetrics", [](AwsCall const&) -> Result<Json> {
        JsonArray metrics;
        for (int i = 0; i < 500; ++i)
            metrics.push_back(metric("AWS/RDS", "Metric" + std::to_string(i), "DBInstanceIdentifier", "orders-db"));
        return Json(JsonObject { { "Metrics", metrics }, { "NextToken", "more" } });
    });
    auto asked = question();
    for (int i = 0; i < 100; ++i)
        asked.nearby.emplace_back(Resource { "rds:instance", "db" + std::to_string(i), {} }, 2);
    auto const answer = ask("related_metrics", asked, aws);
    EXPECT_LE(aws.calls("monitoring:ListMetrics").size(), 120U);
    EXPECT_LE(aws.calls("monitoring:GetMetricData").size(), 10U);
    EXPECT_FALSE(answer.gaps.empty()); // cut lists are told
}

TEST(MetricChoice, each_metric_is_read_by_its_telling_statistic) {
    auto const first
        = [](std::string_view name) { return statistics_for({ "AWS/X", std::string(name), {} }).front(); };
    EXPECT_EQ(first("HTTPCode_Target_5XX_Count"), "Sum");
    EXPECT_EQ(first("RequestCount"), "Sum");
    EXPECT_EQ(first("TargetResponseTime"), "p99");
    EXPECT_EQ(first("FreeableMemory"), "Minimum");
    EXPECT_EQ(first("BurstBalance"), "Minimum");
    EXPECT_EQ(first("CPUUtilization"), "Average");
    EXPECT_EQ(first("mem_used_percent"), "Average"); // "percent" holds no age
    EXPECT_EQ(first("ReplicaLag"), "Maximum");
    EXPECT_EQ(first("Throttles"), "Sum");
    EXPECT_EQ(first("Unheard"), "Average");
    EXPECT_EQ(statistics_for({ "ECS/ContainerInsights", "TaskCount", {} }).front(), "Average");
}

TEST(MetricChoice, a_metric_of_the_whole_stands_for_its_parts_and_strangers_are_left_out) {
    Resource const balancer { "elb:load_balancer", "app/shop/01", "" };
    std::map<std::string, std::string> const asked { { "LoadBalancer", "app/shop/01" } };
    auto const with = [&](std::string_view name, std::map<std::string, std::string> more) {
        more.insert(asked.begin(), asked.end());
        return MetricId { "AWS/ApplicationELB", std::string(name), std::move(more) };
    };
    auto const chosen = telling_metrics(balancer, asked,
        { with("RequestCount", {}), with("RequestCount", { { "AvailabilityZone", "a" } }),
            with("HealthyHostCount", { { "TargetGroup", "targetgroup/x/02" } }), with("ConsumedLCUs", {}) });
    EXPECT_THAT(chosen, ElementsAre(with("RequestCount", {})));
}

} // namespace convops
