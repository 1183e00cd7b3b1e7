#include "evidence/network_place.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_ids = 8; // of one thing
constexpr std::size_t most_members = 8; // of a group: more share it than call each other
constexpr std::size_t most_edges = 40;
constexpr std::string_view group_type = "ec2:security_group";

bool is_group(Fact const& fact) {
    auto const* state = std::get_if<StateFact>(&fact.detail);
    return state != nullptr && state->resource.type == group_type;
}

// Who is in which group, or subnet.
std::map<std::string, std::vector<Resource>> members_by(Evidence const& map, std::string const& attribute) {
    std::map<std::string, std::vector<Resource>> members;
    for (auto const& [fact, state] : map.all<StateFact>())
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
// table": https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html. Only explicit ones are told here:
// of which VPC a subnet is, the map does not know.
std::vector<Fact> ways_out(JsonArray const& route_tables, Evidence const& map) {
    auto const members = members_by(map, "subnets");
    std::vector<Fact> edges;
    std::set<std::string> told;
    for (auto const& table : route_tables)
        for (auto const& route : list_at(table, "routeSet")) {
            auto const gateway = text_at(route, "natGatewayId");
            if (gateway.empty())
                continue;
            for (auto const& subnet : ids_at(table, "associationSet", "subnetId")) {
                auto const inside = members.find(subnet);
                if (inside == members.end())
                    continue;
                for (auto const& from : inside->second)
                    if (edges.size() < most_edges && told.insert(from.key() + " " + gateway).second)
                        edges.push_back(dependency_fact(
                            from, { "nat:gateway", gateway, {} }, "route table of subnet " + shown(subnet, 60), {}));
            }
        }
    return edges;
}

} // namespace convops
