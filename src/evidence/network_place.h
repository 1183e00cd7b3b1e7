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

// DescribeRouteTables: who of the map leaves its subnet through which NAT gateway.
std::vector<Fact> ways_out(JsonArray const& route_tables, Evidence const& map);

} // namespace convops
