// What things stand on in their VPC: the route table and the network ACL of each subnet, and the VPC endpoints. None
// of them is called, so none is a step of the map; who stands on them is joined when the map is complete
// (evidence/network_place), so that a changed route or ACL is held against those behind it.
#include "evidence/network_place.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "ec2:DescribeRouteTables", "which routes lead out of the subnets" },
    IamAction { "ec2:DescribeSubnets", "which subnets use the main route table of their VPC" },
    IamAction { "ec2:DescribeNetworkAcls", "which network ACL filters which subnets" },
    IamAction { "ec2:DescribeVpcEndpoints", "which VPC endpoints stand in between, and their state" },
};

constexpr SourceCard the_card {
    .name = "network_state",
    .says = "Subnets of what is near: their route tables, network ACLs and VPC endpoints.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr int most_pages = 2; // of 100; of subnets, 400

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const tables = call_of("ec2", "DescribeRouteTables", { { "MaxResults", 100 } });
    auto const subnets = call_of("ec2", "DescribeSubnets", { { "MaxResults", 400 } });
    auto const acls = call_of("ec2", "DescribeNetworkAcls", { { "MaxResults", 100 } });
    auto const endpoints = call_of("ec2", "DescribeVpcEndpoints", { { "MaxResults", 100 } });
    auto const lists = answering.read_lists({ { tables, "routeTableSet", "NextToken", "nextToken", most_pages },
        { subnets, "subnetSet", "NextToken", "nextToken", most_pages },
        { acls, "networkAclSet", "NextToken", "nextToken", most_pages },
        { endpoints, "vpcEndpointSet", "NextToken", "nextToken", most_pages } });
    auto const served = subnets_by_table(lists[0], lists[1]);
    for (auto const& table : lists[0])
        answering.add(route_table_facts(table, served), tables);
    for (auto const& acl : lists[2])
        answering.add(network_acl_facts(acl), acls);
    for (auto const& endpoint : lists[3])
        answering.add(vpc_endpoint_facts(endpoint, served, lists[1]), endpoints);
    return answering.take();
}

} // namespace

sources::Registered make_network_state() {
    return { &the_card, collect };
}

} // namespace convops
