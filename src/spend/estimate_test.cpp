#include "spend/estimate.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const onset = *parse_time("2026-11-23T20:00:00Z");
Resource const function { "lambda:function", "checkout", {} };

// One point a minute: `before` for six hours, `now` for an hour.
MetricFact metric(std::string space, std::string name, std::map<std::string, std::string> dimensions, double before,
    double now, std::string statistic = "Sum") {
    MetricFact fact;
    fact.resource = function;
    fact.series.metric = { std::move(space), std::move(name), std::move(dimensions) };
    fact.series.statistic = std::move(statistic);
    for (int minute = -360; minute < 60; ++minute) {
        fact.series.at.push_back(onset + Minutes { minute });
        fact.series.values.push_back(minute < 0 ? before : now);
    }
    return fact;
}

MetricFact invocations(double before, double now) {
    return metric("AWS/Lambda", "Invocations", { { "FunctionName", "checkout" } }, before, now);
}

Investigation with(std::vector<FactDetail> details, std::string region = "us-east-1") {
    Investigation investigation;
    investigation.incident.region = std::move(region);
    investigation.incident.alarms["a"].latest.arn = "a";
    investigation.incident.alarms["a"].latest.changed_at = onset;
    investigation.diagnosis.onset = onset;
    investigation.as_of = onset + Hours { 1 };
    int number = 0;
    for (auto& detail : details) {
        Fact fact;
        fact.id = FactId { "F" + std::to_string(++number) };
        fact.detail = std::move(detail);
        investigation.evidence.facts.push_back(std::move(fact));
    }
    return investigation;
}

TEST(Spend, each_usage_costs_its_list_price) {
    struct Row {
        MetricFact metric;
        Usage usage;
        double usd; // for the hour
    };
    for (auto const& [fact, usage, usd] :
        std::vector<Row> { { invocations(1'000, 101'000), Usage::lambda_requests, 6.0e6 * 0.2 / 1e6 },
            { metric("AWS/NATGateway", "BytesOutToDestination", { { "NatGatewayId", "nat-1" } }, 0, 1e9),
                Usage::nat_bytes, 60 * 0.045 },
            { metric("AWS/DynamoDB", "ConsumedReadCapacityUnits", { { "TableName", "t" } }, 0, 1e6),
                Usage::dynamodb_reads, 60 * 0.125 },
            { metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { { "TableName", "t" } }, 0, 1e6),
                Usage::dynamodb_writes, 60 * 0.625 },
            { metric("AWS/SQS", "NumberOfMessagesSent", { { "QueueName", "q" } }, 0, 1e6), Usage::sqs_requests,
                60 * 0.4 },
            { metric("AWS/ApiGateway", "Count", { { "ApiName", "a" } }, 0, 1e6), Usage::api_requests, 60 * 3.5 },
            { metric("AWS/Logs", "IncomingBytes", { { "LogGroupName", "g" } }, 0, 1e9), Usage::log_bytes,
                60 * 0.5 } }) {
        auto const spend = estimate_spend(with({ fact }));
        ASSERT_TRUE(spend) << to_string(usage);
        ASSERT_EQ(spend->lines.size(), 1U) << to_string(usage);
        auto const& line = spend->lines.front();
        EXPECT_EQ(line.usage, usage);
        EXPECT_NEAR(line.usd, usd, usd * 1e-9) << to_string(usage);
        EXPECT_LE(line.low, line.usd);
        EXPECT_GE(line.high, line.usd);
        EXPECT_EQ(line.facts, std::vector { FactId { "F1" } });
        EXPECT_TRUE(line.source.starts_with("https://aws.amazon.com/"));
    }
}

TEST(Spend, what_is_not_more_than_usual_costs_nothing_and_never_less) {
    EXPECT_FALSE(estimate_spend(with({ invocations(1'000, 1'000) })));
    EXPECT_FALSE(estimate_spend(with({ invocations(100'000, 10) })));
    EXPECT_FALSE(estimate_spend(with({})));
}

TEST(Spend, what_rises_every_evening_is_not_the_incidents) {
    auto rising = invocations(1'000, 101'000);
    rising.history = { rising.series };
    EXPECT_FALSE(estimate_spend(with({ rising })));
}

TEST(Spend, a_restless_usage_has_a_wide_range) {
    auto restless = invocations(0, 100'000);
    for (std::size_t i = 0; i < 360; ++i)
        restless.series.values[i] = i % 2 == 0 ? 10'000 : 90'000;
    auto const spend = estimate_spend(with({ restless }));
    ASSERT_TRUE(spend);
    EXPECT_LT(spend->low, spend->usd);
    EXPECT_GT(spend->high, spend->usd);
    EXPECT_GE(spend->low, 0);
}

TEST(Spend, lambda_is_paid_for_its_running_time_too) {
    StateFact state { function, StateHealth::healthy, { { "MemorySize", "1024" } } };
    auto duration = metric("AWS/Lambda", "Duration", { { "FunctionName", "checkout" } }, 100, 1'000, "Average");
    auto const spend = estimate_spend(with({ invocations(600, 600), duration, state }));
    ASSERT_TRUE(spend);
    ASSERT_EQ(spend->lines.size(), 1U);
    EXPECT_EQ(spend->lines[0].usage, Usage::lambda_duration);
    EXPECT_NEAR(spend->lines[0].usd, 60 * 600 * (1.0 - 0.1) * 0.0000166667, 1e-6);
    auto const unknown = estimate_spend(with({ invocations(600, 600), duration }));
    ASSERT_TRUE(unknown);
    EXPECT_TRUE(unknown->lines.empty());
    EXPECT_EQ(unknown->not_known.size(), 1U) << "without its memory nobody knows";
}

TEST(Spend, more_instances_and_tasks_cost_when_their_type_is_known) {
    auto group
        = metric("AWS/AutoScaling", "GroupInServiceInstances", { { "AutoScalingGroupName", "g" } }, 2, 6, "Minimum");
    StateFact instance { Resource { "ec2:instance", "i-1", {} }, StateHealth::healthy, { { "type", "m5.large" } } };
    auto const known = estimate_spend(with({ group, instance }));
    ASSERT_TRUE(known);
    ASSERT_EQ(known->lines.size(), 1U);
    EXPECT_NEAR(known->lines[0].usd, 4 * 0.096, 1e-9);
    instance.attributes["type"] = "x9.huge";
    EXPECT_TRUE(estimate_spend(with({ group, instance }))->lines.empty());
    auto tasks = metric("ECS/ContainerInsights", "RunningTaskCount",
        { { "ClusterName", "shop" }, { "ServiceName", "checkout" } }, 2, 12, "Minimum");
    tasks.resource = { "ecs:service", "shop/checkout", {} };
    StateFact service { tasks.resource, StateHealth::healthy, { { "launchType", "FARGATE" } } };
    auto const spend = estimate_spend(with({ tasks, service, LimitFact { tasks.resource, "CpuUtilized", 1024, "" },
        LimitFact { tasks.resource, "MemoryUtilized", 2048, "" } }));
    ASSERT_TRUE(spend);
    ASSERT_EQ(spend->lines.size(), 1U);
    EXPECT_NEAR(spend->lines[0].usd, 10 * (0.04048 + 2 * 0.004445), 1e-9);
}

TEST(Spend, what_is_provisioned_is_paid_anyway) {
    auto reads = metric("AWS/DynamoDB", "ConsumedReadCapacityUnits", { { "TableName", "t" } }, 0, 1e6);
    auto const spend
        = estimate_spend(with({ reads, LimitFact { reads.resource, "ConsumedReadCapacityUnits", 100, "" } }));
    ASSERT_TRUE(spend);
    EXPECT_TRUE(spend->lines.empty());
    EXPECT_EQ(spend->not_known.size(), 1U);
}

TEST(Spend, another_regions_price_is_told_as_such) {
    EXPECT_TRUE(estimate_spend(with({ invocations(0, 1e6) }))->of_own_region);
    auto const far = estimate_spend(with({ invocations(0, 1e6) }, "ap-south-1"));
    EXPECT_FALSE(far->of_own_region);
    EXPECT_EQ(far->priced_region, "us-east-1");
}

TEST(Spend, a_part_of_a_metric_is_not_counted_beside_the_whole) {
    auto part = metric(
        "AWS/Lambda", "Invocations", { { "FunctionName", "checkout" }, { "Resource", "checkout:live" } }, 0, 1e6);
    EXPECT_FALSE(estimate_spend(with({ part })));
    EXPECT_EQ(estimate_spend(with({ invocations(0, 1e6), invocations(0, 1e6) }))->lines.size(), 1U);
}

} // namespace
} // namespace convops
