// What must not move the first cause: something healthy or old that has nothing to do with it, and units. And what
// must: what a change touched, and how near a known limit a number came.
#include "diagnosis/diagnose_cases.h"
#include "diagnosis/topology.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

std::string first_of(Diagnosis const& diagnosis) {
    return diagnosis.causes.empty()
        ? "none"
        : std::string(to_string(diagnosis.causes[0].kind)) + " " + diagnosis.causes[0].resource.key();
}

Resource const bystander { "dynamodb:table", "archive", {} };
Resource const neighbour { "elasticache:cluster", "sessions", {} };

TEST(Invariance, a_healthy_resource_that_nobody_calls_moves_nothing) {
    for (auto const& one : cases()) {
        auto more = one.evidence;
        more.calls(stranger, bystander)
            .metric(bystander, "ConsumedReadCapacityUnits", { 50, 50 }, "Count", "Sum")
            .metric(stranger, "CPUUtilization", { 20, 20 }, "Percent")
            .state(stranger, StateHealth::healthy, { { "status", "ACTIVE" } }, "ecs_state");
        EXPECT_EQ(first_of(more.diagnose()), first_of(one.evidence.diagnose())) << one.what;
    }
}

TEST(Invariance, a_healthy_resource_that_is_called_moves_nothing) {
    for (auto const& one : cases()) {
        auto more = one.evidence;
        more.calls(service, neighbour)
            .metric(neighbour, "EngineCPUUtilization", { 12, 12 }, "Percent")
            .metric(neighbour, "Evictions", { 0, 0 }, "Count", "Sum")
            .state(neighbour, StateHealth::healthy, { { "status", "available" } }, "elasticache_state");
        EXPECT_EQ(first_of(more.diagnose()), first_of(one.evidence.diagnose())) << one.what;
    }
}

TEST(Invariance, an_old_change_elsewhere_on_the_map_moves_nothing) {
    for (auto const& one : cases()) {
        auto const evidence = one.evidence.evidence();
        if (!Topology(one.evidence.alarm(), evidence).has_map())
            continue; // Nobody can tell what is elsewhere.
        auto more = one.evidence;
        more.calls(stranger, bystander)
            .change(35, ChangeKind::config, bystander, "UpdateTable", "billingMode PAY_PER_REQUEST")
            .change(40, ChangeKind::deploy, stranger, "UpdateService", "image reports:1 -> reports:2")
            .change(42, ChangeKind::permission, { "iam:role", "reports-role", {} }, "AttachRolePolicy");
        EXPECT_EQ(first_of(more.diagnose()), first_of(one.evidence.diagnose())) << one.what;
    }
}

void scale(Series& series, double by, std::string_view unit) {
    series.unit = std::string(unit);
    for (auto& value : series.values)
        value *= by;
}

// Seconds told in milliseconds, bytes in kilobytes: what is off, and by how much of itself, is the same.
TEST(Invariance, the_unit_of_a_metric_moves_nothing) {
    for (auto const& one : cases()) {
        auto other = one.evidence;
        for (auto& fact : other.evidence_.facts) {
            auto* metric = std::get_if<MetricFact>(&fact.detail);
            if (metric == nullptr || (metric->series.unit != "Seconds" && metric->series.unit != "Bytes"))
                continue;
            double const by = metric->series.unit == "Seconds" ? 1e3 : 1e-3;
            scale(metric->series, by, metric->series.unit == "Seconds" ? "Milliseconds" : "Kilobytes");
            if (metric->limit)
                *metric->limit *= by;
            if (metric->closeness == Closeness::alarm && other.alarm_.threshold)
                *other.alarm_.threshold *= by;
        }
        EXPECT_EQ(first_of(other.diagnose()), first_of(one.evidence.diagnose())) << one.what;
    }
}

// --- What a change touched ---

TEST(Invariance, of_two_changes_at_the_same_time_the_one_that_touched_what_is_called_comes_first) {
    for (bool const turned : { false, true }) {
        auto builder = failing_front().calls(stranger, bystander);
        auto const near = [&] {
            builder.change(115, ChangeKind::config, database, "ModifyDBInstance", "dBParameterGroupName tight");
        };
        auto const away = [&] { builder.change(115, ChangeKind::deploy, stranger, "UpdateService"); };
        turned ? away() : near();
        turned ? near() : away();
        auto const diagnosis = builder.diagnose();
        ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
        EXPECT_EQ(diagnosis.causes[0].resource, database) << told(diagnosis);
        EXPECT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    }
}

TEST(Invariance, of_two_changes_of_one_thing_the_one_just_before_the_onset_comes_first) {
    auto const diagnosis = failing_front()
                               .change(60, ChangeKind::config, database, "ModifyDBInstance", "backupWindow night")
                               .change(116, ChangeKind::deploy, service, "UpdateService")
                               .diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, deploy) << told(diagnosis);
}

// --- Known limits ---

Diagnosis with_connections(double limit) {
    return failing_front()
        .metric(database, "DatabaseConnections", { 30, 97, 115 }, "Count", "Average", limit)
        .metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum")
        .diagnose();
}

TEST(Invariance, a_number_near_its_known_limit_is_a_shortage_and_far_from_it_is_none) {
    EXPECT_EQ(first_of(with_connections(100)), "connection_exhaustion rds:instance/store");
    for (auto const& cause : with_connections(5'000).causes)
        EXPECT_NE(cause.kind, connection_exhaustion);
}

// --- Two faults ---

TEST(Invariance, two_faults_on_paths_that_do_not_touch_are_both_causes_and_a_change_beside_them_is_none) {
    auto const diagnosis
        = failing_front()
              .calls(service, neighbour)
              .change(114, ChangeKind::config, neighbour, "ModifyCacheCluster", "preferredMaintenanceWindow sun")
              .metric(database, "FreeStorageSpace", { 40e9, 0, 30, 1e9, true }, "Bytes")
              .event(116, database, ResourceEventKind::storage_full, "The free storage capacity is exhausted")
              .log(116.5, service, "ERROR could not extend file: No space left on device")
              .log(116.5, service, "ERROR POST https://mail.sender.example.org/send connection refused")
              .diagnose();
    std::set<CauseKind> kinds;
    for (auto const& cause : diagnosis.causes)
        kinds.insert(cause.kind);
    EXPECT_TRUE(kinds.contains(storage_exhaustion)) << told(diagnosis);
    EXPECT_TRUE(kinds.contains(dependency_failure)) << told(diagnosis);
    EXPECT_FALSE(kinds.contains(config_change)) << told(diagnosis);
}

} // namespace
} // namespace convops
