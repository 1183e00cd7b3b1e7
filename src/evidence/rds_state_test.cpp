#include "evidence/rds_facts.h"
#include "evidence/small_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_rds_state();
std::vector<Fact> rds_event_facts(Json const& answer, Window look);
std::vector<Fact> performance_insights_facts(
    Resource const& database, std::string const& dimension, Json const& answer, Time onset, Time now);

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

TEST(RdsState, parameter_formulas_are_evaluated) {
    EXPECT_EQ(rds_parameter_value("200", std::nullopt), 200);
    EXPECT_EQ(rds_parameter_value("LEAST({DBInstanceClassMemory/9531392},5000)", 1024 * gib), 5000);
    EXPECT_NEAR(*rds_parameter_value("{DBInstanceClassMemory/12582880}", 8 * gib), 682.7, 0.1);
    EXPECT_EQ(rds_parameter_value("GREATEST({DBInstanceClassMemory*1/2}, 100)", 10), 100);
    EXPECT_EQ(rds_parameter_value("SUM(1,2,3)", std::nullopt), 6);
    for (auto const* broken : { "", "LEAST(", "{DBInstanceClassMemory/0}", "1/", "nonsense", "{1", "1 2" })
        EXPECT_EQ(rds_parameter_value(broken, gib), std::nullopt) << broken;
    EXPECT_EQ(rds_parameter_value("{DBInstanceClassMemory/2}", std::nullopt), std::nullopt);
    EXPECT_EQ(rds_parameter_value(std::string(400, '{'), gib), std::nullopt);
}

TEST(RdsState, memory_of_common_classes_is_known) {
    EXPECT_EQ(rds_class_memory("db.t4g.micro"), gib);
    EXPECT_EQ(rds_class_memory("db.m6g.large"), 8 * gib);
    EXPECT_EQ(rds_class_memory("db.r6g.4xlarge"), 128 * gib);
    EXPECT_EQ(rds_class_memory("db.serverless"), std::nullopt);
    EXPECT_EQ(rds_class_memory("db.x2g.large"), std::nullopt);
    EXPECT_EQ(rds_class_memory("db.m6g.99999999999xlarge"), std::nullopt);
}

TEST(RdsState, a_full_disk_is_a_failed_state) {
    FakeAws aws;
    add_small_account(aws);
    auto const question = small_question();
    Evidence evidence;
    evidence.facts = make_rds_state().collect(question, aws).facts;
    auto const states = evidence.all<StateFact>();
    ASSERT_EQ(states.size(), 2U);
    EXPECT_EQ(states[0].second->health, StateHealth::failed);
    EXPECT_EQ(states[1].second->health, StateHealth::healthy);
    std::map<std::string, double> limits;
    for (auto const& [fact, limit] : evidence.all<LimitFact>())
        limits[limit->metric_name] = limit->limit;
    EXPECT_EQ(limits["DatabaseConnections"], 112);
    EXPECT_EQ(limits["AllocatedStorage"], 20 * gib);
}

TEST(RdsEvents, words_become_kinds_and_ids) {
    struct Row {
        std::string_view message;
        ResourceEventKind kind;
        std::string_view code;
    };
    for (auto const& row : std::vector<Row> {
             { "Multi-AZ instance failover started", ResourceEventKind::failover, "RDS-EVENT-0013" },
             { "DB instance restarted", ResourceEventKind::restart, "RDS-EVENT-0006" },
             { "Allocated storage has been exhausted", ResourceEventKind::storage_full, "RDS-EVENT-0007" },
             { "Backing up DB instance", ResourceEventKind::backup, "RDS-EVENT-0001" },
             { "Updated to use DBParameterGroup x", ResourceEventKind::other, "configuration change" },
         }) {
        Json const answer = { { "Events",
            JsonArray { { { "SourceIdentifier", "orders-db" }, { "SourceType", "db-instance" },
                { "Date", "2026-11-23T20:05:00Z" }, { "Message", row.message },
                { "EventCategories", JsonArray { "configuration change" } } } } } };
        auto const facts = rds_event_facts(answer, { at_clock("20:00:00"), at_clock("20:30:00") });
        ASSERT_EQ(facts.size(), 1U);
        auto const& event = std::get<ResourceEventFact>(facts[0].detail);
        EXPECT_EQ(event.kind, row.kind) << row.message;
        EXPECT_EQ(event.code, row.code) << row.message;
        EXPECT_EQ(event.resource.key(), "rds:instance/orders-db");
        EXPECT_TRUE(rds_event_facts(answer, { at_clock("20:06:00"), at_clock("20:30:00") }).empty());
    }
}

TEST(PerformanceInsights, load_since_onset_is_compared_with_before) {
    auto const answer = parse_json(R"({"MetricList":[
        {"Key":{"Dimensions":{"db.sql_tokenized.statement":"SELECT 1"}},"DataPoints":[
            {"Timestamp":1795463400,"Value":1},{"Timestamp":1795463460,"Value":3},
            {"Timestamp":1795464600,"Value":8},{"Timestamp":1795464660,"Value":null}]},
        {"Key":{"Dimensions":{"db.sql_tokenized.statement":"idle"}},"DataPoints":[{"Timestamp":1795464600,"Value":0.01}]}]})");
    auto const facts = performance_insights_facts(
        { "rds:instance", "orders-db", {} }, "sql", *answer, *parse_time("1795464000"), *parse_time("1795464900"));
    ASSERT_EQ(facts.size(), 1U);
    auto const& load = std::get<LoadFact>(facts[0].detail);
    EXPECT_EQ(load.label, "SELECT 1");
    EXPECT_EQ(load.now, 8);
    EXPECT_EQ(load.before, 2);
}

} // namespace
} // namespace convops
