// What things stand on in their network is no step of the map, but a change of it is held against those who stand
// there.
#include "diagnosis/context.h"
#include "diagnosis/diagnose_cases.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Resource const main_table { "ec2:route_table", "rtb-0main", {} };
Resource const list { "ec2:network_acl", "acl-0data", {} };
Resource const endpoint { "ec2:vpc_endpoint", "vpce-0q", {} };

// The service stands in one subnet, the database in another; a stranger shares the service's.
EvidenceBuilder placed(EvidenceBuilder builder) {
    return builder.calls(stranger, { "rds:instance", "ledger", {} })
        .state(service, StateHealth::healthy, { { "subnets", "subnet-0app" }, { "security_groups", "sg-0app" } })
        .state(database, StateHealth::healthy, { { "subnets", "subnet-0data" }, { "security_groups", "sg-0db" } })
        .state(stranger, StateHealth::healthy, { { "subnets", "subnet-0app" } })
        .state(
            main_table, StateHealth::unknown, { { "subnets", "subnet-0app" }, { "vpc", "vpc-01" } }, "network_state")
        .state(list, StateHealth::unknown, { { "subnets", "subnet-0data" }, { "vpc", "vpc-01" } }, "network_state")
        .state(endpoint, StateHealth::healthy,
            { { "subnets", "subnet-0app" }, { "vpc", "vpc-01" }, { "security_groups", "sg-0gate" } },
            "network_state");
}

Relation relation_of(Resource const& resource, EvidenceBuilder const& builder) {
    return Topology(builder.alarm(), builder.evidence()).position(resource).relation;
}

TEST(NetworkGround, a_table_an_acl_and_an_endpoint_stand_where_those_do_who_stand_on_them) {
    auto const builder = placed(slow_front());
    EXPECT_EQ(relation_of(main_table, builder), Relation::callee); // through the service
    EXPECT_EQ(relation_of(list, builder), Relation::callee); // through the database
    EXPECT_EQ(relation_of(endpoint, builder), Relation::callee);
    EXPECT_EQ(relation_of({ "ec2:security_group", "sg-0gate", {} }, builder), Relation::callee);
    EXPECT_EQ(relation_of({ "ec2:security_group", "sg-0db", {} }, builder), Relation::callee);
    EXPECT_EQ(relation_of({ "ec2:vpc", "vpc-01", {} }, builder), Relation::callee);
    EXPECT_EQ(relation_of({ "ec2:subnet", "subnet-0data", {} }, builder), Relation::callee);
    EXPECT_EQ(relation_of({ "ec2:route_table", "rtb-0other", {} }, builder), Relation::unknown);
}

TEST(NetworkGround, two_that_stand_on_one_table_are_not_connected_by_it) {
    auto const builder = placed(slow_front());
    EXPECT_EQ(relation_of(stranger, builder), Relation::unrelated);
    EXPECT_FALSE(Topology(builder.alarm(), builder.evidence()).can_affect(stranger, service));
}

Diagnosis after_change(Resource const& touched, std::string event, double at = 116) {
    return placed(slow_front())
        .change(at, ChangeKind::network, touched, std::move(event))
        .log(116.6, service, "ERROR connect ETIMEDOUT store:5432")
        .metric(database, "DatabaseConnections", { 60, 0, 116.5 }, "Count")
        .metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum")
        .diagnose();
}

TEST(NetworkGround, a_changed_route_acl_or_group_is_the_cause_for_those_behind_it) {
    for (auto const& [touched, event] : std::initializer_list<std::pair<Resource, char const*>> {
             { main_table, "DeleteRoute" }, { list, "ReplaceNetworkAclEntry" },
             { { "ec2:security_group", "sg-0db", {} }, "RevokeSecurityGroupIngress" },
             { endpoint, "ModifyVpcEndpoint" } }) {
        auto const diagnosis = after_change(touched, event);
        ASSERT_FALSE(diagnosis.causes.empty()) << event << told(diagnosis);
        EXPECT_EQ(diagnosis.causes[0].kind, network) << event << told(diagnosis);
        EXPECT_EQ(diagnosis.causes[0].resource, touched) << event << told(diagnosis);
        EXPECT_EQ(diagnosis.causes.size(), 1U) << event << told(diagnosis);
    }
}

TEST(NetworkGround, a_rule_that_lets_more_in_cuts_nobody_off) {
    auto const diagnosis = after_change({ "ec2:security_group", "sg-0db", {} }, "AuthorizeSecurityGroupIngress");
    for (auto const& cause : diagnosis.causes)
        EXPECT_NE(cause.resource.type, "ec2:security_group") << told(diagnosis);
}

TEST(NetworkGround, of_a_changed_group_and_its_peer_the_group_is_named_and_the_nearer_decides_the_place) {
    auto builder = placed(slow_front());
    builder.change(116, ChangeKind::network, { "ec2:security_group", "sg-0far", {} }, "RevokeSecurityGroupIngress");
    std::get<ChangeFact>(builder.evidence_.facts.back().detail)
        .touched.push_back({ "ec2:security_group", "sg-0app", {} });
    auto const evidence = builder.evidence();
    Context const context(builder.alarm(), evidence, minute(122));
    ASSERT_EQ(context.changes.size(), 1U);
    EXPECT_EQ(context.changes[0].resource.name, "sg-0far");
    EXPECT_EQ(context.changes[0].position.relation, Relation::callee);
}

} // namespace
} // namespace convops
