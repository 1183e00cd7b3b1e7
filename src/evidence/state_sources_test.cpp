// What the smaller state sources make of one small account.
#include "evidence/small_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_autoscaling_activity();
sources::Registered make_ec2_state();
sources::Registered make_elasticache_state();
sources::Registered make_elb_health();
sources::Registered make_lambda_state();
sources::Registered make_schedules();
sources::Registered make_sqs_state();
sources::Registered make_xray_graph();
std::vector<Fact> dynamodb_table_facts(Json const& answer, Time now);
std::vector<Fact> lambda_function_facts(Json const& configuration, Window look);

namespace {

Evidence asked(EvidenceSource const& source, Question const& question = small_question()) {
    FakeAws aws;
    add_small_account(aws);
    return evidence_of(source.collect(question, aws));
}

std::optional<StateFact> state_of(Evidence const& evidence, std::string_view key) {
    for (auto const& [fact, state] : evidence.all<StateFact>())
        if (state->resource.key() == key)
            return *state;
    return std::nullopt;
}

TEST(ElbHealth, unhealthy_targets_are_counted_by_reason_and_draining_ones_left_out) {
    auto const evidence = asked(make_elb_health());
    auto const state = state_of(evidence, "elb:target_group/targetgroup/shop/0123");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->health, StateHealth::degraded);
    EXPECT_EQ(state->attributes.at("Target.Timeout"), "1");
    auto const edges = edges_of(evidence);
    EXPECT_TRUE(edges.contains("elb:load_balancer/app/shop/0123 > elb:target_group/targetgroup/shop/0123"));
    EXPECT_TRUE(edges.contains("elb:target_group/targetgroup/shop/0123 > ec2:instance/i-2"));
    EXPECT_TRUE(edges.contains("external:host/shop-1.eu-west-1.elb.amazonaws.com > elb:load_balancer/app/shop/0123"));
}

TEST(Ec2State, a_failed_system_check_is_an_event_at_its_time) {
    auto const evidence = asked(make_ec2_state());
    auto const state = state_of(evidence, "ec2:instance/i-1");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->health, StateHealth::failed);
    std::vector<Time> failed;
    for (auto const& [fact, event] : evidence.all<ResourceEventFact>())
        if (event->kind == ResourceEventKind::status_check_failed)
            failed.push_back(fact->at);
    EXPECT_EQ(failed, std::vector<Time> { at_clock("20:07:00") });
    EXPECT_TRUE(edges_of(evidence).contains("autoscaling:group/web > ec2:instance/i-1"));
    EXPECT_TRUE(edges_of(evidence).contains("ec2:instance/i-1 > ebs:volume/vol-1"));
}

TEST(LambdaState, limits_changes_and_sources_are_read) {
    auto question = small_question(); // a map source does not know the neighbourhood
    question.nearby.clear();
    auto const evidence = asked(make_lambda_state(), question);
    std::map<std::string, double> limits;
    for (auto const& [fact, limit] : evidence.all<LimitFact>())
        limits[limit->resource.type + " " + limit->metric_name] = limit->limit;
    EXPECT_EQ(limits["lambda:function Duration"], 3000);
    EXPECT_EQ(limits["lambda:function ConcurrentExecutions"], 10);
    EXPECT_EQ(limits["account ConcurrentExecutions"], 1000);
    ASSERT_EQ(evidence.all<ChangeFact>().size(), 1U);
    EXPECT_EQ(evidence.all<ChangeFact>()[0].first->at, at_clock("19:58:11"));
    EXPECT_TRUE(edges_of(evidence).contains("sqs:queue/mail > lambda:function/mailer"));
    EXPECT_TRUE(edges_of(evidence).contains("lambda:function/mailer > dynamodb:table/carts"));
}

TEST(LambdaState, an_old_change_is_no_change_and_a_failed_update_is_a_failed_state) {
    auto const configuration = parse_json(R"({"FunctionName":"f","LastModified":"2026-01-01T00:00:00.000+0000",
        "State":"Active","LastUpdateStatus":"Failed","LastUpdateStatusReason":"image not found"})");
    auto const facts = lambda_function_facts(*configuration, { at_clock("19:00:00"), at_clock("20:00:00") });
    ASSERT_EQ(facts.size(), 1U);
    EXPECT_EQ(std::get<StateFact>(facts[0].detail).health, StateHealth::failed);
}

TEST(SqsState, the_dead_letter_queue_is_found_in_the_policy) {
    auto const evidence = asked(make_sqs_state());
    auto const state = state_of(evidence, "sqs:queue/mail");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->attributes.at("ApproximateNumberOfMessages"), "1200");
    EXPECT_TRUE(edges_of(evidence).contains("sqs:queue/mail > sqs:queue/mail-dead"));
}

TEST(ElasticacheState, members_and_failovers_are_read) {
    auto const evidence = asked(make_elasticache_state());
    EXPECT_EQ(state_of(evidence, "elasticache:cluster/sessions-001")->health, StateHealth::degraded);
    EXPECT_TRUE(edges_of(evidence).contains("elasticache:cluster/sessions > elasticache:cluster/sessions-001"));
    ASSERT_EQ(evidence.all<ResourceEventFact>().size(), 1U);
    EXPECT_EQ(evidence.all<ResourceEventFact>()[0].second->kind, ResourceEventKind::failover);
}

TEST(ElasticacheState, a_node_is_tied_to_its_group_although_the_groups_may_not_be_listed) {
    FakeAws aws;
    aws.on("elasticache:DescribeCacheClusters",
        R"({"CacheClusters":[{"CacheClusterId":"lists-001","ReplicationGroupId":"lists","CacheClusterStatus":"available"},
            {"CacheClusterId":"alone","CacheClusterStatus":"available"}]})");
    aws.fail("elasticache:DescribeReplicationGroups", ErrorKind::access_denied, "no");
    aws.on("elasticache:DescribeEvents", R"({"Events":[]})");
    Evidence evidence;
    evidence.facts = make_elasticache_state().collect(small_question(), aws).facts;
    EXPECT_EQ(
        edges_of(evidence), (std::set<std::string> { "elasticache:cluster/lists > elasticache:cluster/lists-001" }));
}

TEST(DynamodbState, a_table_on_demand_has_no_provisioned_limit) {
    auto const provisioned = parse_json(
        R"({"Table":{"TableName":"t","TableStatus":"ACTIVE","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":1}}})");
    EXPECT_EQ(dynamodb_table_facts(*provisioned, {}).size(), 3U);
    auto const on_demand = parse_json(
        R"({"Table":{"TableName":"t","TableStatus":"ACTIVE","BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},"ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0}}})");
    EXPECT_EQ(dynamodb_table_facts(*on_demand, {}).size(), 1U);
}

TEST(AutoscalingActivity, a_launch_without_capacity_is_a_failed_placement) {
    auto const evidence = asked(make_autoscaling_activity());
    ASSERT_EQ(evidence.all<ResourceEventFact>().size(), 1U);
    EXPECT_EQ(evidence.all<ResourceEventFact>()[0].second->kind, ResourceEventKind::placement_failed);
}

TEST(Schedules, a_run_shortly_before_the_alarm_is_an_event) {
    auto const evidence = asked(make_schedules());
    EXPECT_EQ(evidence.all<ScheduleFact>().size(), 1U);
    auto const runs = evidence.all<ResourceEventFact>();
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].second->kind, ResourceEventKind::scheduled_run);
    EXPECT_EQ(runs[0].first->at, at_clock("20:10:00"));
    auto question = small_question();
    question.alarm_at = at_clock("22:00:00");
    EXPECT_TRUE(asked(make_schedules(), question).all<ResourceEventFact>().empty());
}

TEST(XrayGraph, traced_calls_become_dependencies_of_known_resources) {
    auto const evidence = asked(make_xray_graph());
    EXPECT_EQ(edges_of(evidence), (std::set<std::string> { "ecs:service/shop/checkout > dynamodb:table/carts" }));
}

} // namespace
} // namespace convops
