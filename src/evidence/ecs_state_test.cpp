#include "evidence/ecs_facts.h"
#include "evidence/small_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_ecs_state();

namespace {

Evidence asked(std::function<void(FakeAws&)> const& change = [](FakeAws&) { }) {
    return asked_of_small_account(make_ecs_state(), change);
}

TEST(EcsState, a_recent_deployment_is_a_change_that_says_what_differs) {
    auto const evidence = asked();
    auto const changes = evidence.all<ChangeFact>();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].second->kind, ChangeKind::deploy);
    EXPECT_EQ(changes[0].second->what, "image shop:41 → shop:42; API_TOKEN changed; DB_POOL_SIZE 20 → 2");
    EXPECT_EQ(changes[0].first->at, at_clock("20:01:02"));
}

TEST(EcsState, without_the_old_task_definition_the_change_is_told_without_its_content) {
    auto const evidence
        = asked([](FakeAws& aws) { aws.fail("ecs:DescribeTaskDefinition", ErrorKind::access_denied); });
    auto const changes = evidence.all<ChangeFact>();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].second->what, "");
    EXPECT_EQ(evidence.gaps.size(), 1U);
}

TEST(EcsState, stopped_tasks_are_grouped_by_their_reason) {
    std::vector<ResourceEventFact> stopped;
    auto const evidence = asked();
    for (auto const& [fact, event] : evidence.all<ResourceEventFact>())
        if (event->kind == ResourceEventKind::out_of_memory)
            stopped.push_back(*event);
    ASSERT_EQ(stopped.size(), 1U);
    EXPECT_EQ(stopped[0].count, 2);
    EXPECT_EQ(stopped[0].code, "OutOfMemoryError");
    EXPECT_EQ(stopped[0].resource.key(), "ecs:service/shop/checkout");
}

TEST(EcsState, stop_reasons_have_their_kind) {
    struct Row {
        std::string_view task;
        std::string_view code;
        ResourceEventKind kind;
    };
    for (auto const& row :
        std::vector<Row> {
            { R"("stoppedReason":"Task failed ELB health checks in (target-group arn:x) now","stopCode":"ServiceSchedulerInitiated")",
                "failed ELB health checks", ResourceEventKind::target_unhealthy },
            { R"("stoppedReason":"CannotPullContainerError: not found","containers":[{"reason":"CannotPullContainerError: not found"}])",
                "CannotPullContainerError", ResourceEventKind::task_stopped },
            { R"("stoppedReason":"Essential container in task exited","containers":[{"exitCode":1}])", "exit code 1",
                ResourceEventKind::task_stopped },
            { R"("stoppedReason":"Scaling activity initiated by (deployment ecs-svc/1) now","stopCode":"ServiceSchedulerInitiated")",
                "scaling activity", ResourceEventKind::scaled },
            { R"("x":1)", "stopped", ResourceEventKind::task_stopped },
        }) {
        auto const answer
            = parse_json(R"({"tasks":[{"group":"service:a","clusterArn":"c/b","stoppedAt":"2026-11-23T20:09:00Z",)"
                + std::string(row.task) + "}]}");
        auto const facts = ecs_stopped_task_facts(*answer, { at_clock("20:00:00"), at_clock("20:30:00") });
        ASSERT_EQ(facts.size(), 1U) << row.task;
        auto const& event = std::get<ResourceEventFact>(facts[0].detail);
        EXPECT_EQ(event.code, row.code);
        EXPECT_EQ(event.kind, row.kind) << row.task;
    }
}

TEST(EcsState, repeated_service_events_are_one_fact_and_old_ones_none) {
    std::vector<int> counts;
    auto const evidence = asked();
    for (auto const& [fact, event] : evidence.all<ResourceEventFact>())
        if (event->kind == ResourceEventKind::placement_failed)
            counts.push_back(event->count);
    EXPECT_EQ(counts, std::vector<int> { 2 });
}

TEST(EcsState, the_map_leads_from_the_target_group_to_the_database) {
    std::set<std::string> edges;
    auto const evidence = asked();
    for (auto const& [fact, edge] : evidence.all<DependencyFact>())
        edges.insert(edge->from.short_name() + ">" + edge->to.key());
    EXPECT_EQ(edges,
        (std::set<std::string> { "shop>ecs:service/shop/checkout", "checkout>rds:instance/orders-db",
            "checkout>external:host/pay.example.com" }));
}

TEST(EcsState, a_short_host_name_is_the_service_of_that_name) {
    auto const definition = parse_json(R"({"family":"web","revision":1,"containerDefinitions":[{"environment":[
        {"name":"CATALOG_URL","value":"http://catalog:8080"},{"name":"OTHER_URL","value":"http://catalog.example.com"}]}]})");
    Resource const web { "ecs:service", "shop/web", {} };
    Resource const catalog { "ecs:service", "shop/catalog", {} };
    auto const facts = ecs_task_definition_facts(web, *definition, { web, catalog });
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(std::get<DependencyFact>(facts[0].detail).to, catalog);
    EXPECT_EQ(std::get<DependencyFact>(facts[1].detail).to.type, "external:host");
}

TEST(EcsState, the_alarm_s_cluster_is_read_although_the_list_is_denied) {
    auto const evidence = asked([](FakeAws& aws) { aws.fail("ecs:ListClusters", ErrorKind::access_denied); });
    EXPECT_FALSE(evidence.facts.empty());
    ASSERT_EQ(evidence.gaps.size(), 1U);
    EXPECT_EQ(evidence.gaps[0].iam_action, "ecs:ListClusters");
}

} // namespace
} // namespace convops
