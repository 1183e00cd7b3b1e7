// Rules about whose fault it is, one test each: a cache node behind its group, a gate that may not be described, pods
// apart from their cluster, a load that comes every day.
#include "diagnosis/diagnose_cases.h"
#include "diagnosis/hypotheses.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Resource const group { "elasticache:cluster", "lists", {} };
Resource const node { "elasticache:cluster", "lists-001", {} };

EvidenceBuilder emptied_cache(bool tied) {
    auto builder
        = busy_database(116).calls(service, group).metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum");
    if (tied)
        builder.calls(group, node);
    builder.change(114.5, ChangeKind::config, node, "ModifyCacheCluster", "cacheParameterGroupName brief");
    builder.metric(node, "CacheMisses", { 200, 5'000, 115 }, "Count", "Sum");
    builder.metric(node, "CacheHits", { 5'000, 100, 115 }, "Count", "Sum");
    return builder;
}

TEST(WhoseFault, a_change_of_a_cache_node_explains_the_database_behind_its_group) {
    auto const diagnosis = emptied_cache(true).diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, config_change) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource, node) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
}

TEST(WhoseFault, a_change_of_a_group_explains_what_its_nodes_answer) {
    auto builder = busy_database(116).calls(service, group).calls(group, node);
    builder.change(114.5, ChangeKind::config, group, "ModifyReplicationGroup", "cacheParameterGroupName brief");
    builder.metric(node, "CacheMisses", { 200, 5'000, 115 }, "Count", "Sum");
    auto const diagnosis = builder.diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, config_change) << told(diagnosis);
}

EvidenceBuilder behind_a_gate(double blocked) {
    Resource const gate { "waf:web_acl", "porch", {} };
    auto builder
        = EvidenceBuilder()
              .alarm_on(balancer, "HTTPCode_Target_2XX_Count", { 2'000, 400, 116 }, 900, "Sum", "Count", false)
              .three_tiers()
              .gap("waf_state") // so nothing ties the two
              .change(115, ChangeKind::config, gate, "UpdateWebACL", "rate rule");
    builder.metric(gate, "BlockedRequests", { 5, blocked, 116 }, "Count", "Sum");
    std::get<MetricFact>(builder.evidence_.facts.back().detail).closeness = Closeness::elsewhere;
    return builder;
}

TEST(WhoseFault, a_web_acl_that_was_changed_and_blocks_more_is_the_cause_although_nobody_may_describe_it) {
    auto const diagnosis = behind_a_gate(1'600).diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, config_change) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource.name, "porch");
}

TEST(WhoseFault, a_web_acl_that_was_changed_and_blocks_as_before_is_not_to_blame) {
    auto const diagnosis = behind_a_gate(5).diagnose();
    for (auto const& cause : diagnosis.causes)
        EXPECT_NE(cause.kind, config_change) << told(diagnosis);
}

EvidenceBuilder daily_load(double height) {
    return EvidenceBuilder()
        .alarm_on(database, "CPUUtilization", { 9, height, 90 }, 60, "Average", "Percent")
        .as_every_day();
}

TEST(WhoseFault, a_load_of_every_day_that_fills_nothing_and_hurts_nobody_is_healthy) {
    auto const diagnosis = daily_load(75).diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::healthy) << told(diagnosis);
    EXPECT_TRUE(diagnosis.causes.empty()) << told(diagnosis);
}

TEST(WhoseFault, a_load_of_every_day_that_fills_the_processor_is_a_job_that_recurs) {
    auto const diagnosis = daily_load(96).diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, scheduled_job) << told(diagnosis);
}

TEST(WhoseFault, a_load_of_every_day_during_which_today_callers_wait_is_a_job_that_recurs) {
    auto const diagnosis
        = daily_load(75).three_tiers().metric(balancer, "TargetResponseTime", { 0.05, 2, 91 }, "Seconds").diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, scheduled_job) << told(diagnosis);
}

TEST(WhoseFault, pods_that_fill_their_memory_are_named_and_not_the_cluster_that_they_run_on) {
    Resource const pods { "eks:workload", "sea/default/loader", {} };
    Resource const cluster { "eks:cluster", "sea", {} };
    auto const diagnosis
        = EvidenceBuilder()
              .alarm_on(pods, "pod_number_of_container_restarts", { 0, 5, 112 }, 2, "Maximum", "Count")
              .calls(pods, cluster)
              .metric(pods, "pod_memory_utilization_over_pod_limit", { 40, 99, 60, 1e9, true }, "Percent")
              .metric(cluster, "node_memory_utilization", { 50, 52 }, "Percent")
              .log(112, cluster, "Memory cgroup out of memory: Killed process <*> (loader)")
              .diagnose();
    ASSERT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, memory_exhaustion) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource, pods);
    auto const actions = suggest_actions(diagnosis, {});
    ASSERT_FALSE(actions.empty());
    EXPECT_EQ(actions[0].statement,
        "Restart the pods of workload loader to win time, and look at what fills their memory.");
}

TEST(WhoseFault, a_workload_stands_on_its_cluster_without_a_word_from_a_source) {
    Resource const pods { "eks:workload", "sea/default/loader", {} };
    Resource const cluster { "eks:cluster", "sea", {} };
    auto const builder = EvidenceBuilder().alarm_on(pods, "pod_cpu_utilization", { 10, 90, 112 }, 80);
    Topology const topology(builder.alarm(), builder.evidence());
    EXPECT_EQ(topology.position(cluster).relation, Relation::callee);
}

TEST(WhoseFault, storage_is_freed_only_where_there_is_some) {
    Diagnosis diagnosis;
    diagnosis.verdict = IncidentVerdict::incident;
    diagnosis.causes.resize(2);
    for (auto& cause : diagnosis.causes)
        cause.kind = storage_exhaustion;
    diagnosis.causes[0].resource = balancer;
    diagnosis.causes[1].resource = { "ec2:instance", "i-1", {} };
    auto const actions = suggest_actions(diagnosis, {});
    EXPECT_EQ(actions[0].statement, "Find whose disk is full behind load balancer front.");
    EXPECT_EQ(actions[1].statement, "Free or enlarge the storage of EC2 instance i-1.");
}

TEST(WhoseFault, the_running_period_of_a_coarse_series_is_no_silence_of_the_fine_ones) {
    auto builder = busy_database(116).metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum");
    for (int i = 0; i < 3; ++i) // enough for the source to have a frame of its own
        builder.metric(service, "Custom" + std::to_string(i), { 5, 5 }, "Count", "Sum");
    builder.metric(stranger, "Usage", { 5, 5 }, "Count", "Maximum");
    auto& coarse = std::get<MetricFact>(builder.evidence_.facts.back().detail).series;
    builder.evidence_.facts.back().source = "service_quotas";
    coarse
        = { coarse.metric, coarse.statistic, coarse.unit, Seconds { 300 }, { minute(115), minute(120) }, { 5, 5 } };
    auto const diagnosis = builder.diagnose();
    bool told_zero = false;
    for (auto const& out : diagnosis.ruled_out)
        told_zero = told_zero || out.why.find("stayed at 0") != std::string::npos;
    EXPECT_FALSE(told_zero) << told(diagnosis);
    EXPECT_TRUE(std::any_of(diagnosis.ruled_out.begin(), diagnosis.ruled_out.end(), [](RuledOut const& out) {
        return out.kind == traffic_surge;
    })) << told(diagnosis);
}

TEST(WhoseFault, a_threshold_within_the_usual_noise_begins_nothing_and_a_daily_load_begins_when_it_does) {
    auto const noise
        = EvidenceBuilder()
              .alarm_on(balancer, "HTTPCode_Target_4XX_Count", { 18, 18, 1e9, 1e9, false, 0.1 }, 19, "Sum", "Count")
              .three_tiers()
              .diagnose();
    EXPECT_EQ(noise.verdict, IncidentVerdict::healthy) << told(noise);
    EXPECT_FALSE(noise.onset);
    EXPECT_TRUE(daily_load(75).diagnose().onset);
}

TEST(WhoseFault, a_quota_that_refuses_more_workers_comes_before_the_work_that_asked_for_them) {
    Resource const worker { "ecs:service", "main/worker", {} };
    auto const diagnosis
        = EvidenceBuilder()
              .alarm_on(
                  queue, "ApproximateAgeOfOldestMessage", { 20, 1'300, 98, 1e9, true }, 600, "Maximum", "Seconds")
              .calls(worker, queue)
              .metric(queue, "NumberOfMessagesSent", { 300, 480, 98 }, "Count", "Sum")
              .change(97, ChangeKind::scaling, worker, "UpdateService", "desiredCount 30", false, true)
              .event(101, worker, ResourceEventKind::placement_failed,
                  "unable to place a task. Reason: You've reached the limit on the number of vCPUs", "ecs_state")
              .diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, quota) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource, worker);
    for (auto const& cause : diagnosis.causes)
        EXPECT_NE(cause.kind, scaling_change) << told(diagnosis);
}

TEST(WhoseFault, of_one_surge_along_calls_the_outermost_place_is_named) {
    Resource const api { "apigateway:api", "front", {} };
    auto const diagnosis = EvidenceBuilder()
                               .alarm_on(api, "Latency", { 100, 1'900, 117 }, 900, "Average", "Milliseconds")
                               .calls(api, function)
                               .metric(api, "Count", { 2'000, 10'000, 116 }, "Count", "Sum")
                               .metric(function, "Invocations", { 2'000, 10'000, 116 }, "Count", "Sum")
                               .metric(function, "Duration", { 80, 1'700, 117 }, "Milliseconds")
                               .diagnose();
    ASSERT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, traffic_surge) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource, api);
}

TEST(WhoseFault, work_that_stays_away_is_told_where_it_should_have_come_in) {
    auto const diagnosis = EvidenceBuilder()
                               .alarm_on(function, "Invocations", { 400, 0, 106 }, 50, "Sum", "Count", false)
                               .calls(queue, function)
                               .metric(queue, "NumberOfMessagesSent", { 400, 0, 105 }, "Count", "Sum")
                               .diagnose();
    ASSERT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, traffic_drop) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource, queue);
}

EvidenceBuilder late_reader(double errors) {
    Resource const stream { "kinesis:stream", "beats", {} };
    return EvidenceBuilder()
        .alarm_on(function, "IteratorAge", { 400, 900'000, 100, 1e9, true }, 60'000, "Maximum", "Milliseconds")
        .calls(stream, function)
        .metric(
            stream, "GetRecords.IteratorAgeMilliseconds", { 400, 900'000, 100, 1e9, true }, "Milliseconds", "Maximum")
        .metric(function, "Errors", { 0, errors, 100 }, "Count", "Sum");
}

TEST(WhoseFault, a_backlog_is_told_at_the_stream_unless_its_reader_is_ill) {
    auto const full = late_reader(0).diagnose();
    ASSERT_EQ(full.causes.size(), 1U) << told(full);
    EXPECT_EQ(full.causes[0].kind, data_backlog) << told(full);
    EXPECT_EQ(full.causes[0].resource.name, "beats");
    auto const ill = late_reader(40).diagnose();
    ASSERT_FALSE(ill.causes.empty()) << told(ill);
    EXPECT_EQ(ill.causes[0].kind, data_backlog) << told(ill);
    EXPECT_EQ(ill.causes[0].resource, function);
}

TEST(HostsIn, what_a_mask_left_of_a_name_is_no_host) {
    EXPECT_TRUE(hosts_in("ERROR connect ETIMEDOUT <*> hooks.partner-<*>.example").empty());
    EXPECT_EQ(hosts_in("ERROR connect to api.pay.example"), (std::vector<std::string> { "api.pay.example" }));
}

} // namespace
} // namespace convops
