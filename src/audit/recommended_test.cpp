// The table of recommended alarms and their thresholds.
#include "audit/instance_classes.h"
#include "audit/made_account.h"
#include "audit/recommended.h"

#include <gtest/gtest.h>

namespace convops {

namespace {

AuditResource database(std::string_view json) {
    static std::vector<std::unique_ptr<Json>> kept;
    kept.push_back(std::make_unique<Json>(*parse_json(json)));
    AuditResource resource;
    resource.resource = { "rds:instance", "orders-db", "" };
    resource.metric_namespace = "AWS/RDS";
    resource.dimensions = { { "DBInstanceIdentifier", "orders-db" } };
    resource.item = kept.back().get();
    return resource;
}

RecommendedAlarm const& recommended_alarm(std::string_view metric_namespace, std::string_view metric) {
    for (auto const* alarm : recommended_for(metric_namespace))
        if (alarm->row->metric == metric)
            return *alarm;
    ADD_FAILURE() << metric;
    return recommended_alarms().front();
}

DerivedThreshold threshold(
    AuditResource const& resource, std::string_view metric, EstateContext const& context = {}) {
    return threshold_for(recommended_alarm(resource.metric_namespace, metric), resource, context);
}

constexpr double gibibyte = 1024.0 * 1024 * 1024;

} // namespace

TEST(Recommended, no_advice_is_what_another_check_finds_fault_with) {
    for (auto const& advised : recommended_alarms()) {
        auto const& row = *advised.row;
        MadeAccount account;
        account.alarm("advised", { std::string(advised.metric_namespace), std::string(row.metric), {} },
            row.statistic, row.threshold.number,
            { { "ComparisonOperator", comparison_operator(row.comparison) }, { "Period", row.pace.period },
                { "DatapointsToAlarm", row.pace.datapoints }, { "EvaluationPeriods", row.pace.periods },
                { "TreatMissingData", row.missing } });
        for (auto const* check : { "alarm_treats_missing_data_well", "alarm_fires_on_more_than_one_datapoint",
                 "pace_is_as_advised", "statistic_fits" })
            for (auto const& judgement : account.judged(check))
                EXPECT_NE(judgement.result, AuditResult::fail) << row.metric << ": " << judgement.why;
    }
}

TEST(Recommended, the_table_holds_every_alarm_once) {
    EXPECT_EQ(recommended_alarms().size(), 199U); // of 200 facts one stands twice with other case
    std::set<std::string> seen;
    for (auto const& alarm : recommended_alarms()) {
        std::string key = std::string(alarm.metric_namespace) + " " + std::string(alarm.row->metric) + " "
            + std::to_string(static_cast<int>(alarm.row->applies)) + " "
            + std::to_string(static_cast<int>(alarm.row->threshold.rule));
        for (auto const dimension : alarm.dimensions)
            key += " " + std::string(dimension);
        EXPECT_TRUE(seen.insert(key).second) << key;
        EXPECT_FALSE(alarm.row->says.empty());
        EXPECT_LE(alarm.row->pace.datapoints, alarm.row->pace.periods);
    }
}

TEST(Recommended, the_known_defects_of_the_sources_are_mended) {
    EXPECT_EQ(recommended_alarm("AWS/SNS", "SMSSuccessRate").row->comparison, Comparison::below);
    EXPECT_EQ(recommended_alarm("ECS/ContainerInsights", "EphemeralStorageUtilized").row->threshold.rule,
        ThresholdRule::owner);
    auto const all = recommended_for("ContainerInsights");
    EXPECT_EQ(std::count_if(all.begin(), all.end(),
                  [](auto const* one) { return one->row->metric.starts_with("apiserver_request_total"); }),
        1);
}

TEST(Recommended, connections_follow_from_memory_and_engine) {
    auto const postgres = database(
        R"({"Engine":"postgres","DBInstanceClass":"db.r6g.large","DBParameterGroups":[{"DBParameterGroupName":"default.postgres15"}]})");
    EXPECT_DOUBLE_EQ(
        *threshold(postgres, "DatabaseConnections").value, std::floor(0.9 * std::floor(16 * gibibyte / 9'531'392)));
    auto const mysql = database(R"({"Engine":"mysql","DBInstanceClass":"db.t3.micro"})");
    EXPECT_DOUBLE_EQ(*threshold(mysql, "DatabaseConnections").value, std::floor(0.9 * 85));
    auto const large = database(R"({"Engine":"aurora-postgresql","DBInstanceClass":"db.r6g.8xlarge"})");
    EXPECT_DOUBLE_EQ(*threshold(large, "DatabaseConnections").value, 4'500);
}

TEST(Recommended, a_custom_parameter_group_gives_no_number) {
    auto const custom = database(
        R"({"Engine":"postgres","DBInstanceClass":"db.r6g.large","DBParameterGroups":[{"DBParameterGroupName":"orders"}]})");
    auto const derived = threshold(custom, "DatabaseConnections");
    EXPECT_FALSE(derived.value);
    EXPECT_EQ(derived.needs, "max_connections of parameter group orders");
}

TEST(Recommended, memory_is_a_quarter_and_on_Aurora_a_twentieth) {
    auto const plain = database(R"({"Engine":"mysql","DBInstanceClass":"db.m5.large"})");
    EXPECT_DOUBLE_EQ(*threshold(plain, "FreeableMemory").value, 2 * gibibyte);
    auto const aurora = database(R"({"Engine":"aurora-mysql","DBInstanceClass":"db.r5.large"})");
    EXPECT_DOUBLE_EQ(*threshold(aurora, "FreeableMemory").value, std::floor(0.05 * 16 * gibibyte));
    auto const serverless = database(R"({"Engine":"aurora-mysql","DBInstanceClass":"db.serverless"})");
    EXPECT_FALSE(threshold(serverless, "FreeableMemory").value);
}

TEST(Recommended, storage_follows_from_what_is_allocated) {
    auto const plain = database(R"({"Engine":"mysql","AllocatedStorage":"100"})");
    EXPECT_DOUBLE_EQ(*threshold(plain, "FreeStorageSpace").value, 10 * gibibyte);
    EXPECT_FALSE(threshold(database(R"({"Engine":"mysql"})"), "FreeStorageSpace").value);
}

TEST(Recommended, a_function_is_late_at_80_per_cent_of_its_time_out) {
    auto function = database(R"({"Timeout":30})");
    function.metric_namespace = "AWS/Lambda";
    function.dimensions = { { "FunctionName", "checkout" } };
    EXPECT_DOUBLE_EQ(*threshold(function, "Duration").value, 24'000);
    EXPECT_FALSE(threshold(function, "ConcurrentExecutions").value);
    EstateContext context;
    context.account_concurrency = 1'000;
    EXPECT_DOUBLE_EQ(*threshold(function, "ConcurrentExecutions", context).value, 900);
}

TEST(Recommended, a_cache_node_of_several_processors_serves_with_one) {
    auto cache = database(R"({"Engine":"redis","CacheNodeType":"cache.r6g.xlarge"})");
    cache.metric_namespace = "AWS/ElastiCache";
    EXPECT_DOUBLE_EQ(*threshold(cache, "CPUUtilization").value, 22);
    auto memcached = database(R"({"Engine":"memcached","CacheNodeType":"cache.r6g.xlarge"})");
    memcached.metric_namespace = "AWS/ElastiCache";
    EXPECT_DOUBLE_EQ(*threshold(memcached, "CPUUtilization").value, 90);
}

TEST(Recommended, classes_are_known_by_family_and_size) {
    EXPECT_EQ(instance_class("db.r6g.2xlarge")->vcpus, 8);
    EXPECT_DOUBLE_EQ(instance_class("db.r6g.2xlarge")->memory_bytes, 64 * gibibyte);
    EXPECT_DOUBLE_EQ(instance_class("t3.micro")->memory_bytes, 1 * gibibyte);
    EXPECT_DOUBLE_EQ(instance_class("db.x2g.large")->memory_bytes, 32 * gibibyte);
    EXPECT_FALSE(instance_class("db.serverless"));
    EXPECT_FALSE(instance_class("db.r5.2xlarge.tpc2.mem4x"));
    EXPECT_FALSE(instance_class("u-6tb1.metal"));
    EXPECT_DOUBLE_EQ(*credit_maximum("t3.large"), 864);
}

TEST(Recommended, a_threshold_from_history_wants_history) {
    MadeAccount account;
    account.list("sqs_queue_urls", R"([{"value":"https://sqs/1/orders"}])");
    account.list("sqs_queues", R"([{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:orders"}}])");
    MetricId const age { "AWS/SQS", "ApproximateAgeOfOldestMessage", { { "QueueName", "orders" } } };
    {
        auto const estate = account.estate();
        auto const context = context_of(estate, std::string(made_region));
        EXPECT_EQ(
            threshold_for(recommended_alarm("AWS/SQS", age.name), estate.in("eu-west-1").resources.back(), context)
                .needs,
            "14 days of history");
    }
    account.history(age, "Maximum", [](Time) { return std::optional(40.0); });
    auto const estate = account.estate();
    auto const context = context_of(estate, std::string(made_region));
    auto const derived
        = threshold_for(recommended_alarm("AWS/SQS", age.name), estate.in("eu-west-1").resources.back(), context);
    ASSERT_TRUE(derived.value) << derived.needs;
    EXPECT_DOUBLE_EQ(*derived.value, 60);
    EXPECT_EQ(derived.basis, "1.5 x the 99th percentile of 14 days");
}

} // namespace convops
