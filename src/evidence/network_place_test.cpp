// Who may call whom, by security groups.
#include "evidence/network_place.h"

#include "base/text.h"
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

// Two subnets name a table, the third uses the main one of its VPC; the fourth is of another VPC.
constexpr auto route_tables = R"({"routeTableSet":[
    {"routeTableId":"rtb-main","vpcId":"vpc-1","routeSet":[{"destinationCidrBlock":"0.0.0.0/0","natGatewayId":"nat-1"}],
     "associationSet":[{"main":true}]},
    {"routeTableId":"rtb-open","vpcId":"vpc-1","routeSet":[{"destinationCidrBlock":"0.0.0.0/0","gatewayId":"igw-1"}],
     "associationSet":[{"main":false,"subnetId":"subnet-a"},{"main":false,"subnetId":"subnet-b"}]},
    {"routeTableId":"rtb-empty","vpcId":"vpc-1","routeSet":[],"associationSet":[]}]})";
constexpr auto subnets
    = R"({"subnetSet":[{"subnetId":"subnet-a","vpcId":"vpc-1"},{"subnetId":"subnet-b","vpcId":"vpc-1"},
    {"subnetId":"subnet-c","vpcId":"vpc-1"},{"subnetId":"subnet-x","vpcId":"vpc-2"}]})";
constexpr auto acls = R"({"networkAclSet":[{"networkAclId":"acl-1","vpcId":"vpc-1","entrySet":[
    {"ruleNumber":90,"ruleAction":"deny","egress":false},{"ruleNumber":32767,"ruleAction":"deny","egress":false}],
    "associationSet":[{"subnetId":"subnet-c"}]}]})";
constexpr auto endpoints = R"({"vpcEndpointSet":[
    {"vpcEndpointId":"vpce-g","vpcEndpointType":"Gateway","vpcId":"vpc-1","serviceName":"com.amazonaws.eu-west-1.s3",
     "state":"available","routeTableIdSet":["rtb-open"]},
    {"vpcEndpointId":"vpce-i","vpcEndpointType":"Interface","vpcId":"vpc-1","state":"available",
     "serviceName":"com.amazonaws.eu-west-1.sqs","subnetIdSet":["subnet-a"],"groupSet":[{"groupId":"sg-endpoint"}]}]})";

void add_network(FakeAws& aws) {
    add_small_account(aws);
    aws.on("ec2:DescribeInstances", R"({"reservationSet":[{"instancesSet":[{"instanceId":"i-1","subnetId":"subnet-c",
        "instanceState":{"name":"running"},"groupSet":[{"groupId":"sg-app"}]}]}]})");
    aws.on("ec2:DescribeRouteTables", route_tables);
    aws.on("ec2:DescribeSubnets", subnets);
    aws.on("ec2:DescribeNetworkAcls", acls);
    aws.on("ec2:DescribeVpcEndpoints", endpoints);
}

std::map<std::string, std::string> ground_of(Evidence const& evidence) {
    std::map<std::string, std::string> ground;
    for (auto const& [fact, state] : evidence.all<StateFact>())
        if (is_network_ground(*fact))
            ground[state->resource.name] = state->attributes.at("subnets");
    return ground;
}

TEST(NetworkPlace, a_subnet_without_a_table_of_its_own_stands_on_the_main_table_of_its_vpc) {
    FakeAws aws;
    add_network(aws);
    auto const ground = ground_of(evidence_of(ask("network_state", small_question(), aws)));
    EXPECT_EQ(ground.at("rtb-main"), "subnet-c");
    EXPECT_EQ(ground.at("rtb-open"), "subnet-a subnet-b");
    EXPECT_EQ(ground.at("acl-1"), "subnet-c");
    EXPECT_EQ(ground.at("vpce-g"), "subnet-a subnet-b") << "a gateway endpoint serves the subnets of its tables";
    EXPECT_EQ(ground.at("vpce-i"), "subnet-a subnet-b subnet-c") << "an interface endpoint serves its VPC";
    EXPECT_FALSE(ground.contains("rtb-empty"));
}

TEST(NetworkPlace, without_the_subnets_the_named_tables_stay_and_the_gap_tells_of_the_others) {
    FakeAws aws;
    add_network(aws);
    aws.fail("ec2:DescribeSubnets", ErrorKind::access_denied, "no");
    auto const evidence = evidence_of(ask("network_state", small_question(), aws));
    EXPECT_TRUE(ground_of(evidence).contains("rtb-open"));
    EXPECT_FALSE(ground_of(evidence).contains("rtb-main"));
    ASSERT_EQ(evidence.gaps.size(), 1U);
    EXPECT_EQ(evidence.gaps[0].iam_action, "ec2:DescribeSubnets");
}

Evidence investigated(Resource const& centre) {
    FakeAws aws;
    add_network(aws);
    auto question = small_question();
    question.centre = { centre };
    question.nearby.clear();
    question.map = {};
    FakeClock clock;
    return collect_evidence(question, sources::all(), aws, clock);
}

TEST(NetworkPlace, an_investigation_keeps_the_ground_under_its_neighbours_and_the_way_out_by_the_main_table) {
    auto const evidence = investigated({ "ec2:instance", "i-1", {} });
    EXPECT_TRUE(edges_of(evidence).contains("ec2:instance/i-1 > nat:gateway/nat-1"));
    auto const ground = ground_of(evidence);
    EXPECT_TRUE(ground.contains("rtb-main") && ground.contains("acl-1") && ground.contains("vpce-i"));
    EXPECT_FALSE(ground.contains("rtb-open") || ground.contains("vpce-g")) << "nothing near stands on them";
}

TEST(NetworkPlace, an_alarm_about_a_nat_gateway_has_those_who_go_out_through_it_for_neighbours) {
    auto const evidence = investigated({ "nat:gateway", "nat-1", {} });
    EXPECT_TRUE(edges_of(evidence).contains("ec2:instance/i-1 > nat:gateway/nat-1"));
    EXPECT_TRUE(ground_of(evidence).contains("acl-1")) << "the ACL of the neighbour's subnet";
}

TEST(NetworkPlace, databases_and_caches_say_in_which_subnets_they_are) {
    FakeAws aws;
    aws.on(
        "rds:DescribeDBInstances", R"({"DBInstances":[{"DBInstanceIdentifier":"store","DBInstanceStatus":"available",
        "DBSubnetGroup":{"Subnets":[{"SubnetIdentifier":"subnet-a"},{"SubnetIdentifier":"subnet-c"}]}}]})");
    aws.on("elasticache:DescribeCacheClusters", R"({"CacheClusters":[{"CacheClusterId":"basket",
        "CacheClusterStatus":"available","CacheSubnetGroupName":"caches"}]})");
    aws.on("elasticache:DescribeCacheSubnetGroups", R"({"CacheSubnetGroups":[
        {"CacheSubnetGroupName":"others","Subnets":[{"SubnetIdentifier":"subnet-x"}]},
        {"CacheSubnetGroupName":"caches","Subnets":[{"SubnetIdentifier":"subnet-b"}]}]})");
    std::map<std::string, std::string> placed;
    for (auto const* source : { "rds_state", "elasticache_state" })
        for (auto const& [fact, state] : evidence_of(ask(source, small_question(), aws)).all<StateFact>())
            placed[state->resource.name] = join(ids_in(*state, "subnets"), " ");
    EXPECT_EQ(placed.at("store"), "subnet-a subnet-c");
    EXPECT_EQ(placed.at("basket"), "subnet-b");
}

} // namespace
} // namespace convops
