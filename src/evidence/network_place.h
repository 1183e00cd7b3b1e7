// Where in the network things stand, and who may reach whom: security groups and subnets of what the map sources
// read, joined when the map is complete. Who may call is not who calls, so these edges are weak.
#pragma once

#include "evidence/answering.h"

namespace convops {

// Kept as the attributes "security_groups" and "subnets" of a state, ids apart by blanks; a changed security group is
// found again by them.
void note_network_place(
    StateFact& state, std::vector<std::string> const& groups, std::vector<std::string> const& subnets);
// The strings of a list, or of one key of its objects: ids_at(instance, "groupSet", "groupId").
std::vector<std::string> ids_at(Json const& json, std::string_view list, std::string_view key = {});
// The ids of such an attribute.
std::vector<std::string> ids_in(StateFact const& state, std::string const& attribute);

// DescribeSecurityGroups: which other groups a group admits. One that admits only itself or addresses says nothing.
std::vector<Fact> security_group_facts(Json const& group);

// The weak edges that the groups on the map allow, where nothing else connects the two yet. States of groups that
// lead to no edge are taken out of `map`.
std::vector<Fact> who_may_call(Evidence& map);

// --- What things stand on: states of route tables, network ACLs and VPC endpoints, with the attribute "subnets" ---

using SubnetsByTable = std::map<std::string, std::vector<std::string>>; // route table -> subnets

// Those associated with a table, and for the main table of a VPC those of its subnets that no table names.
SubnetsByTable subnets_by_table(JsonArray const& route_tables, JsonArray const& subnets);
std::vector<Fact> route_table_facts(Json const& table, SubnetsByTable const& served);
std::vector<Fact> network_acl_facts(Json const& acl);
std::vector<Fact> vpc_endpoint_facts(Json const& endpoint, SubnetsByTable const& served, JsonArray const& subnets);

// Who of the map leaves its subnet through which NAT gateway, by the route tables' states; of all, or of those whose
// keys are `near`.
enum class NetworkReach : std::uint8_t { near, all };
std::vector<Fact> ways_out(Evidence const& map, NetworkReach reach, std::set<std::string> const& near = {});

// Takes the ground out of `map` on which nothing `near` stands.
void drop_ground_of_others(Evidence& map, std::set<std::string> const& near);

// A security group, route table, network ACL or VPC endpoint: known only for those who stand on it.
bool is_network_ground(Fact const& fact);

} // namespace convops
