#include "evidence/network_place.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_ids = 8; // of one thing
constexpr std::size_t most_members = 8; // of a group: more share it than call each other
constexpr std::size_t most_edges = 40;
constexpr std::size_t most_ground_subnets = 200; // of one route table, ACL or endpoint
constexpr std::string_view group_type = "ec2:security_group";

// What stands under others; nothing of it is a step of the map.
bool is_ground_type(std::string_view type) {
    return type == "ec2:route_table" || type == "ec2:network_acl" || type == "ec2:vpc_endpoint";
}

std::string ground_subnets(std::vector<std::string> const& subnets) {
    return join(std::span(subnets).first(std::min(subnets.size(), most_ground_subnets)), " ");
}

bool is_group(Fact const& fact) {
    auto const* state = std::get_if<StateFact>(&fact.detail);
    return state != nullptr && state->resource.type == group_type;
}

// Who is in which group, or subnet.
std::map<std::string, std::vector<Resource>> members_by(Evidence const& map, std::string const& attribute) {
    std::map<std::string, std::vector<Resource>> members;
    for (auto const& [fact, state] : map.all<StateFact>())
        if (!is_ground_type(state->resource.type))
            for (auto const& id : ids_in(*state, attribute))
                if (auto& known = members[id]; std::find(known.begin(), known.end(), state->resource) == known.end())
                    known.push_back(state->resource);
    return members;
}

} // namespace

void note_network_place(
    StateFact& state, std::vector<std::string> const& groups, std::vector<std::string> const& subnets) {
    for (auto const& [name, ids] : { std::pair { "security_groups", &groups }, { "subnets", &subnets } })
        if (!ids->empty())
            state.attributes[name] = shown(join(std::span(*ids).first(std::min(ids->size(), most_ids)), " "), 400);
}

std::vector<std::string> ids_at(Json const& json, std::string_view list, std::string_view key) {
    std::vector<std::string> ids;
    for (auto const& item : list_at(json, list)) {
        auto id = key.empty() ? text_at(item, "") : text_at(item, key);
        if (!id.empty() && id.find(' ') == std::string::npos && id.size() <= 60)
            ids.push_back(std::move(id));
    }
    return ids;
}

std::vector<std::string> ids_in(StateFact const& state, std::string const& attribute) {
    auto const at = state.attributes.find(attribute);
    return at == state.attributes.end() ? std::vector<std::string> {} : split(at->second, ' ');
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
std::vector<Fact> security_group_facts(Json const& group) {
    Resource const resource { std::string(group_type), text_at(group, "groupId"), {} };
    std::vector<std::string> admitted;
    for (auto const& permission : list_at(group, "ipPermissions"))
        for (auto const& id : ids_at(permission, "groups", "groupId"))
            if (id != resource.name && std::find(admitted.begin(), admitted.end(), id) == admitted.end())
                admitted.push_back(id);
    if (resource.name.empty() || admitted.empty())
        return {};
    admitted.resize(std::min(admitted.size(), most_ids));
    auto const ids = join(admitted, " ");
    return { fact_about(resource, {},
        "Security group " + shown(resource.name, 60) + " admits " + shown(join(admitted, ", "), 300) + ".",
        StateFact { resource, StateHealth::unknown, { { "admits", ids } } }, { { "admits", ids } }) };
}

std::vector<Fact> who_may_call(Evidence& map) {
    auto const members = members_by(map, "security_groups");
    std::set<std::pair<std::string, std::string>> connected;
    for (auto const& [fact, edge] : map.all<DependencyFact>())
        connected.insert({ edge->from.key(), edge->to.key() });
    std::vector<Fact> edges;
    std::set<std::string> told;
    auto const connect = [&](Fact const& group, Resource const& from, Resource const& to, std::string const& basis) {
        if (from == to || edges.size() == most_edges || connected.contains({ to.key(), from.key() })
            || !connected.insert({ from.key(), to.key() }).second)
            return;
        auto edge = dependency_fact(from, to, basis, {}, false);
        edge.source = group.source;
        edge.link = group.link;
        edge.cli = group.cli;
        edges.push_back(std::move(edge));
        told.insert(group.statement);
    };
    for (auto const& [fact, group] : map.all<StateFact>()) {
        auto const inside = members.find(group->resource.name);
        if (!is_group(*fact) || inside == members.end() || inside->second.size() > most_members)
            continue;
        for (auto const& id : ids_in(*group, "admits")) {
            auto const outside = members.find(id);
            if (outside == members.end() || outside->second.size() > most_members)
                continue;
            for (auto const& from : outside->second)
                for (auto const& to : inside->second)
                    connect(*fact, from, to, "security group " + group->resource.name + " admits " + id);
        }
    }
    std::erase_if(map.facts, [&](Fact const& fact) { return is_group(fact) && !told.contains(fact.statement); });
    return edges;
}

// "If a subnet is not explicitly associated with a route table, it is implicitly associated with the main route
// table": https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
SubnetsByTable subnets_by_table(JsonArray const& route_tables, JsonArray const& subnets) {
    SubnetsByTable served;
    std::set<std::string> named;
    std::map<std::string, std::string> main_of; // VPC -> its main table
    for (auto const& table : route_tables)
        for (auto const& association : list_at(table, "associationSet")) {
            auto const id = text_at(table, "routeTableId");
            if (flag_at(association, "main"))
                main_of[text_at(table, "vpcId")] = id;
            else if (auto subnet = text_at(association, "subnetId"); !subnet.empty() && named.insert(subnet).second)
                served[id].push_back(std::move(subnet));
        }
    for (auto const& subnet : subnets) {
        auto id = text_at(subnet, "subnetId");
        auto const main = main_of.find(text_at(subnet, "vpcId"));
        if (main != main_of.end() && !id.empty() && !named.contains(id))
            served[main->second].push_back(std::move(id));
    }
    return served;
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
std::vector<Fact> route_table_facts(Json const& table, SubnetsByTable const& served) {
    Resource const resource { "ec2:route_table", text_at(table, "routeTableId"), {} };
    auto const subnets = served.find(resource.name);
    if (resource.name.empty() || subnets == served.end())
        return {};
    std::vector<std::string> gateways;
    std::vector<std::string> lost; // routes whose target is gone
    std::string way_out = "no default route";
    for (auto const& route : list_at(table, "routeSet")) {
        auto const destination = text_at(route, "destinationCidrBlock");
        auto const nat = text_at(route, "natGatewayId");
        auto const to = nat.empty() ? text_at(route, "gatewayId") : nat;
        if (!nat.empty() && gateways.size() < most_ids
            && std::find(gateways.begin(), gateways.end(), nat) == gateways.end())
            gateways.push_back(nat);
        if (destination == "0.0.0.0/0")
            way_out = "default route" + (to.empty() ? "" : " to " + shown(to, 40));
        if (text_at(route, "state") == "blackhole" && lost.size() < most_ids)
            lost.push_back(shown(destination, 40));
    }
    bool const is_main = std::any_of(list_at(table, "associationSet").begin(), list_at(table, "associationSet").end(),
        [](Json const& association) { return flag_at(association, "main"); });
    StateFact state { resource, StateHealth::unknown,
        { { "subnets", ground_subnets(subnets->second) }, { "vpc", shown(text_at(table, "vpcId"), 40) },
            { "way_out", way_out } } };
    if (!gateways.empty())
        state.attributes["nat"] = join(gateways, " ");
    if (!lost.empty())
        state.attributes["blackhole"] = join(lost, " ");
    auto statement = resource.display() + (is_main ? " (main table of its VPC)" : "") + " serves "
        + std::to_string(subnets->second.size()) + " subnet(s), with " + way_out;
    if (!lost.empty())
        statement += "; the target is gone for " + join(lost, ", ");
    return { fact_about(resource, {}, statement + ".", std::move(state),
        { { "way_out", way_out }, { "main", is_main }, { "subnets", subnets->second.size() } }) };
}

// Every subnet is associated with an ACL, the default one included.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html
std::vector<Fact> network_acl_facts(Json const& acl) {
    Resource const resource { "ec2:network_acl", text_at(acl, "networkAclId"), {} };
    auto const subnets = ids_at(acl, "associationSet", "subnetId");
    if (resource.name.empty() || subnets.empty())
        return {};
    // Each direction ends with a rule "*" (32767) that denies what no other allows.
    std::size_t denied = 0;
    for (auto const& entry : list_at(acl, "entrySet"))
        if (text_at(entry, "ruleAction") == "deny" && number_at(entry, "ruleNumber").value_or(0) < 32'767)
            ++denied;
    StateFact state { resource, StateHealth::unknown,
        { { "subnets", ground_subnets(subnets) }, { "vpc", shown(text_at(acl, "vpcId"), 40) },
            { "denying_rules", std::to_string(denied) } } };
    return { fact_about(resource, {},
        resource.display() + " filters " + std::to_string(subnets.size()) + " subnet(s), with "
            + std::to_string(denied) + " rule(s) that deny.",
        std::move(state), { { "denying_rules", denied }, { "subnets", subnets.size() } }) };
}

// A gateway endpoint serves the subnets of its route tables, an interface endpoint by its private name the whole VPC:
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
std::vector<Fact> vpc_endpoint_facts(Json const& endpoint, SubnetsByTable const& served, JsonArray const& subnets) {
    Resource const resource { "ec2:vpc_endpoint", text_at(endpoint, "vpcEndpointId"), {} };
    auto const vpc = text_at(endpoint, "vpcId");
    std::vector<std::string> behind;
    for (auto const& table : ids_at(endpoint, "routeTableIdSet"))
        if (auto const found = served.find(table); found != served.end())
            behind.insert(behind.end(), found->second.begin(), found->second.end());
    if (text_at(endpoint, "vpcEndpointType") != "Gateway")
        for (auto const& subnet : subnets)
            if (!vpc.empty() && text_at(subnet, "vpcId") == vpc)
                behind.push_back(text_at(subnet, "subnetId"));
    if (resource.name.empty() || behind.empty())
        return {};
    auto const status = to_lower(shown(text_at(endpoint, "state"), 40)); // "available", but also "Available"
    auto const health = status == "available" ? StateHealth::healthy
        : status.starts_with("pending")       ? StateHealth::degraded
        : status.empty()                      ? StateHealth::unknown
                                              : StateHealth::failed;
    auto const service = shown(text_at(endpoint, "serviceName"), 120);
    StateFact state { resource, health,
        { { "subnets", ground_subnets(behind) }, { "vpc", shown(vpc, 40) }, { "service", service },
            { "status", status } } };
    note_network_place(state, ids_at(endpoint, "groupSet", "groupId"), {});
    return { fact_about(resource, {}, resource.display() + " to " + service + " is " + status + ".", std::move(state),
        { { "status", status }, { "service", service } }) };
}

std::vector<Fact> ways_out(Evidence const& map, NetworkReach reach, std::set<std::string> const& near) {
    auto const members = members_by(map, "subnets");
    std::vector<Fact> edges;
    std::set<std::string> told;
    auto const connect
        = [&](Fact const& table, Resource const& from, std::string const& gateway, std::string const& basis) {
              if (edges.size() == most_edges || (reach == NetworkReach::near && !near.contains(from.key()))
                  || !told.insert(from.key() + " " + gateway).second)
                  return;
              auto edge = dependency_fact(from, { "nat:gateway", gateway, {} }, basis, {});
              edge.source = table.source;
              edge.link = table.link;
              edge.cli = table.cli;
              edges.push_back(std::move(edge));
          };
    for (auto const& [fact, table] : map.all<StateFact>())
        for (auto const& gateway : ids_in(*table, "nat"))
            for (auto const& subnet : ids_in(*table, "subnets"))
                if (auto const inside = members.find(subnet); inside != members.end())
                    for (auto const& from : inside->second)
                        connect(*fact, from, gateway,
                            "route table " + table->resource.name + " of subnet " + shown(subnet, 60));
    return edges;
}

void drop_ground_of_others(Evidence& map, std::set<std::string> const& near) {
    std::set<std::string> subnets;
    for (auto const& [fact, state] : map.all<StateFact>())
        if (near.contains(state->resource.key()))
            for (auto& id : ids_in(*state, "subnets"))
                subnets.insert(std::move(id));
    std::erase_if(map.facts, [&](Fact const& fact) {
        auto const* state = std::get_if<StateFact>(&fact.detail);
        if (state == nullptr || !is_ground_type(state->resource.type))
            return false;
        auto const ids = ids_in(*state, "subnets");
        return std::none_of(ids.begin(), ids.end(), [&](std::string const& id) { return subnets.contains(id); });
    });
}

bool is_network_ground(Fact const& fact) {
    auto const* state = std::get_if<StateFact>(&fact.detail);
    return state != nullptr && (state->resource.type == group_type || is_ground_type(state->resource.type));
}

} // namespace convops
