// Who may call whom, by security groups.
#include "evidence/network_place.h"
#include "evidence/small_account.h"
#include "evidence/sources.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Fact member(std::string type, std::string name, std::string groups) {
    Fact fact;
    fact.source = "ec2_state";
    fact.detail = StateFact { { std::move(type), std::move(name), {} }, StateHealth::healthy,
        { { "security_groups", std::move(groups) } } };
    return fact;
}

std::vector<Fact> group(std::string const& id, std::vector<std::string> const& admits) {
    JsonArray groups;
    for (auto const& one : admits)
        groups.push_back(JsonObject { { "groupId", one } });
    auto facts = security_group_facts(JsonObject { { "groupId", id },
        { "ipPermissions", JsonArray { JsonObject { { "fromPort", 5432 }, { "groups", std::move(groups) } } } } });
    for (auto& fact : facts)
        fact.source = "ec2_state";
    return facts;
}

Evidence map_of(std::vector<Fact> facts) {
    Evidence map;
    map.facts = std::move(facts);
    return map;
}

std::set<std::string> allowed(Evidence& map) {
    Evidence edges;
    edges.facts = who_may_call(map);
    for (auto const& [fact, edge] : edges.all<DependencyFact>())
        EXPECT_FALSE(edge->declared) << "who may call is not who calls";
    return edges_of(edges);
}

TEST(NetworkPlace, a_group_that_admits_another_is_a_weak_edge_between_their_members) {
    auto map = map_of({ member("ec2:instance", "i-1", "sg-app sg-ssh"), member("rds:instance", "store", "sg-db") });
    for (auto& fact : group("sg-db", { "sg-app" }))
        map.facts.push_back(fact);
    EXPECT_EQ(allowed(map), (std::set<std::string> { "ec2:instance/i-1 > rds:instance/store" }));
}

TEST(NetworkPlace, what_is_connected_already_gets_no_second_edge_and_no_edge_back) {
    auto map = map_of({ member("ec2:instance", "i-1", "sg-app"), member("rds:instance", "store", "sg-db") });
    map.facts.push_back(
        dependency_fact({ "ec2:instance", "i-1", {} }, { "rds:instance", "store", {} }, "DB_HOST", {}));
    for (auto const& facts : { group("sg-db", { "sg-app" }), group("sg-app", { "sg-db" }) })
        map.facts.insert(map.facts.end(), facts.begin(), facts.end());
    EXPECT_TRUE(allowed(map).empty());
}

TEST(NetworkPlace, a_group_that_admits_itself_or_addresses_says_nothing) {
    EXPECT_TRUE(group("sg-default", { "sg-default" }).empty());
    EXPECT_TRUE(
        security_group_facts(JsonObject { { "groupId", "sg-1" },
                                 { "ipPermissions", JsonArray { JsonObject { { "ipRanges", JsonArray {} } } } } })
            .empty());
}

TEST(NetworkPlace, a_group_that_many_share_says_nothing_and_groups_without_members_are_not_told) {
    std::vector<Fact> facts { member("rds:instance", "store", "sg-db") };
    for (int i = 0; i < 30; ++i)
        facts.push_back(member("ec2:instance", "i-" + std::to_string(i), "sg-all"));
    auto map = map_of(std::move(facts));
    for (auto const& more : { group("sg-db", { "sg-all" }), group("sg-other", { "sg-nobody" }) })
        map.facts.insert(map.facts.end(), more.begin(), more.end());
    EXPECT_TRUE(allowed(map).empty());
    for (auto const& [fact, state] : map.all<StateFact>())
        EXPECT_NE(state->resource.type, "ec2:security_group");
}

TEST(NetworkPlace, an_investigation_holds_the_edge_and_reads_what_lies_behind_it) {
    FakeAws aws;
    add_small_account(aws);
    aws.on("ec2:DescribeInstances", R"({"reservationSet":[{"instancesSet":[{"instanceId":"i-1",
        "instanceState":{"name":"running"},"groupSet":[{"groupId":"sg-app"}]}]}]})");
    aws.on(
        "rds:DescribeDBInstances", R"({"DBInstances":[{"DBInstanceIdentifier":"store","DBInstanceStatus":"available",
        "VpcSecurityGroups":[{"VpcSecurityGroupId":"sg-db"}]}]})");
    aws.on("ec2:DescribeSecurityGroups", R"({"securityGroupInfo":[
        {"groupId":"sg-db","ipPermissions":[{"groups":[{"groupId":"sg-app"}]}]},
        {"groupId":"sg-none","ipPermissions":[{"groups":[{"groupId":"sg-nobody"}]}]}]})");
    auto question = small_question();
    question.centre = { { "ec2:instance", "i-1", {} } };
    question.nearby.clear();
    question.map = {};
    FakeClock clock;
    auto const evidence = collect_evidence(question, sources::all(), aws, clock);
    EXPECT_TRUE(edges_of(evidence).contains("ec2:instance/i-1 > rds:instance/store"));
    for (auto const& [fact, state] : evidence.all<StateFact>())
        EXPECT_NE(state->resource.name, "sg-none");
}

} // namespace
} // namespace convops
