#include "diagnosis/topology.h"

#include "base/text.h"
#include "diagnosis/log_meaning.h"

#include <array>
#include <queue>

namespace convops {

namespace {

constexpr std::size_t most_nodes = 256; // closures are quadratic; a neighbourhood has at most 40 (model/evidence.h)
constexpr std::size_t most_mentions = 2'000;
constexpr int far = 99;

// Types that dependency facts connect. A security group, a role or an Auto Scaling group is on no map, so its absence
// there says nothing.
bool is_mapped_type(std::string_view type) {
    constexpr auto mapped = std::to_array<std::string_view>({ "elb:load_balancer", "elb:target_group", "ecs:service",
        "rds:instance", "rds:cluster", "lambda:function", "ec2:instance", "sqs:queue", "sns:topic", "dynamodb:table",
        "elasticache:cluster", "apigateway:api", "s3:bucket", "kinesis:stream", "states:machine", "ebs:volume",
        "eks:cluster", "eks:workload", "cloudfront:distribution" });
    return std::find(mapped.begin(), mapped.end(), type) != mapped.end();
}

std::string without_revision(std::string name) {
    auto const colon = name.rfind(':');
    if (colon != std::string::npos && colon + 1 < name.size()
        && std::all_of(name.begin() + static_cast<std::ptrdiff_t>(colon) + 1, name.end(),
            [](char c) { return c >= '0' && c <= '9'; }))
        name.resize(colon);
    return name;
}

} // namespace

std::optional<std::size_t> Topology::index_of(Resource const& resource) const {
    auto const at = indices_.find(resource.key());
    return at == indices_.end() ? std::nullopt : std::optional(at->second);
}

std::size_t Topology::add(Resource const& resource) {
    if (auto const known = index_of(resource)) {
        if (nodes_[*known].arn.empty())
            nodes_[*known].arn = resource.arn;
        return *known;
    }
    nodes_.push_back(resource);
    calls_.emplace_back();
    called_by_.emplace_back();
    indices_[resource.key()] = nodes_.size() - 1;
    return nodes_.size() - 1;
}

void Topology::connect(Evidence const& evidence) {
    for (auto const& [fact, edge] : evidence.all<DependencyFact>()) {
        if (nodes_.size() + 2 > most_nodes)
            break;
        auto const from = add(edge->from);
        auto const to = add(edge->to);
        // CloudTrail and log groups know a REST API by its id, its metrics by its name; the source ties the two.
        if (edge->from.type == "apigateway:api" && edge->to.type == edge->from.type)
            names_[edge->to.key()] = edge->from;
        int const cost = edge->declared ? 1 : 2;
        calls_[from].push_back({ to, cost });
        called_by_[to].push_back({ from, cost });
    }
    // Metrics of a neighbour were read because a source held it for one.
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        if (metric->closeness == Closeness::resource && nodes_.size() < most_nodes)
            add(metric->resource);
    // A workload's name begins with its cluster's: it runs there.
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        if (metric->resource.type == "eks:workload" && nodes_.size() + 2 <= most_nodes)
            run_on(metric->resource,
                { "eks:cluster", metric->resource.name.substr(0, metric->resource.name.find('/')), {} });
    for (auto const& [fact, state] : evidence.all<StateFact>()) {
        auto const node = index_of(state->resource);
        if (!node)
            continue;
        for (auto const& [name, value] : state->attributes)
            if (mentions_.size() < most_mentions && value.size() >= 4)
                mentions_.push_back({ *node, to_lower(value) });
    }
    stand_on_network(evidence);
}

// A route table, a network ACL or a VPC endpoint is no step of the map: it stands for those in its subnets, as a
// security group stands for those that name it. So does what guards an endpoint, and the VPC of all of them.
void Topology::stand_on_network(Evidence const& evidence) {
    std::map<std::string, std::vector<std::size_t>> in_subnet;
    auto const states = evidence.all<StateFact>();
    auto const is_ground = [](Resource const& resource) {
        return resource.type == "ec2:route_table" || resource.type == "ec2:network_acl"
            || resource.type == "ec2:vpc_endpoint";
    };
    auto const subnets_of = [](StateFact const& state) {
        auto const at = state.attributes.find("subnets");
        return at == state.attributes.end() ? std::vector<std::string> {} : split(at->second, ' ');
    };
    for (auto const& [fact, state] : states)
        if (auto const node = index_of(state->resource); node && !is_ground(state->resource))
            for (auto const& subnet : subnets_of(*state))
                in_subnet[subnet].push_back(*node);
    for (auto const& [fact, state] : states) {
        if (!is_ground(state->resource))
            continue;
        auto text = state->resource.name;
        for (auto const* name : { "vpc", "security_groups" })
            if (auto const at = state->attributes.find(name); at != state->attributes.end())
                text += " " + at->second;
        std::set<std::size_t> standing;
        for (auto const& subnet : subnets_of(*state))
            if (auto const nodes = in_subnet.find(subnet); nodes != in_subnet.end())
                standing.insert(nodes->second.begin(), nodes->second.end());
        for (auto const node : standing)
            if (mentions_.size() < most_mentions)
                mentions_.push_back({ node, to_lower(text) });
    }
}

void Topology::run_on(Resource const& workload, Resource const& cluster) {
    if (index_of(workload) && calls(workload, cluster))
        return;
    auto const from = add(workload);
    auto const to = add(cluster);
    calls_[from].push_back({ to, 1 });
    called_by_[to].push_back({ from, 1 });
}

std::vector<int> Topology::distances(bool along_calls, bool against_calls) const {
    std::vector<int> distance(nodes_.size(), far);
    using Entry = std::pair<int, std::size_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    for (auto const node : centre_nodes_) {
        distance[node] = 0;
        queue.emplace(0, node);
    }
    while (!queue.empty()) {
        auto const [so_far, node] = queue.top();
        queue.pop();
        if (so_far > distance[node])
            continue;
        auto const relax = [&](std::vector<Edge> const& edges) {
            for (auto const& edge : edges)
                // `distance` has an entry for every node. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
                if (so_far + edge.cost < distance[edge.to]) {
                    distance[edge.to] = so_far + edge.cost;
                    queue.emplace(so_far + edge.cost, edge.to);
                }
        };
        // Whoever puts work into a queue does not wait for those who take it out: what ails them stays behind it.
        bool const holds_faults = so_far > 0 && !against_calls && nodes_[node].type == "sqs:queue";
        if (along_calls && !holds_faults)
            relax(calls_[node]);
        if (against_calls)
            relax(called_by_[node]);
    }
    return distance;
}

void Topology::close_over_calls() {
    reaches_.assign(nodes_.size(), std::vector<bool>(nodes_.size(), false));
    for (std::size_t start = 0; start < nodes_.size(); ++start) {
        std::vector<std::size_t> stack { start };
        reaches_[start][start] = true;
        while (!stack.empty()) {
            auto const node = stack.back();
            stack.pop_back();
            for (auto const& edge : calls_[node])
                if (!reaches_[start][edge.to]) {
                    reaches_[start][edge.to] = true;
                    stack.push_back(edge.to);
                }
        }
    }
}

Topology::Topology(Alarm const& alarm, Evidence const& evidence) {
    centre_ = alarm.resources();
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        if (metric->closeness == Closeness::alarm
            && std::find(centre_.begin(), centre_.end(), metric->resource) == centre_.end())
            centre_.push_back(metric->resource);
    connect(evidence);
    // A custom metric names what it measures only by a dimension's value: "Shop/checkout" is the service checkout.
    for (auto const& resource : std::vector<Resource>(centre_)) {
        centre_nodes_.push_back(add(resource));
        if (resource.type != "custom:metric")
            continue;
        for (auto const& part : split(resource.name, '/'))
            for (std::size_t node = 0; node < nodes_.size(); ++node)
                if (part.size() >= 3 && nodes_[node].type != "custom:metric" && nodes_[node].short_name() == part) {
                    centre_nodes_.push_back(node);
                    centre_.push_back(nodes_[node]);
                }
    }
    std::sort(centre_nodes_.begin(), centre_nodes_.end());
    centre_nodes_.erase(std::unique(centre_nodes_.begin(), centre_nodes_.end()), centre_nodes_.end());
    for (auto const node : centre_nodes_)
        has_map_ = has_map_ || !calls_[node].empty() || !called_by_[node].empty();
    to_callee_ = distances(true, false);
    to_caller_ = distances(false, true);
    to_any_ = distances(true, true);
    close_over_calls();
}

std::vector<std::size_t> Topology::nodes_of(Resource const& resource) const {
    if (auto const node = index_of(resource))
        return { *node };
    std::vector<std::size_t> found;
    auto const name = to_lower(without_revision(resource.short_name()));
    if (name.size() < 3)
        return found;
    for (auto const& mention : mentions_)
        if (mentions_word(mention.text, name))
            found.push_back(mention.node);
    if (found.empty())
        for (std::size_t node = 0; node < nodes_.size(); ++node) {
            bool const task_of_service = resource.type == "ecs:task_definition" && nodes_[node].type == "ecs:service";
            bool const cluster_of
                = resource.type == "ecs:cluster" && nodes_[node].name.starts_with(resource.name + "/");
            if ((task_of_service && to_lower(nodes_[node].short_name()) == name) || cluster_of)
                found.push_back(node);
        }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

bool Topology::calls(Resource const& caller, Resource const& callee) const {
    auto const from = index_of(caller);
    auto const to = index_of(callee);
    return from && to
        && std::any_of(calls_[*from].begin(), calls_[*from].end(), [&](Edge const& edge) { return edge.to == *to; });
}

bool Topology::leads_to(Resource const& caller, Resource const& callee) const {
    auto const from = index_of(caller);
    auto const to = index_of(callee);
    return from && to && *from != *to && reaches_[*from][*to];
}

Resource Topology::known_as(Resource const& resource) const {
    auto const name = names_.find(resource.key());
    return name == names_.end() ? resource : name->second;
}

// What a cache does not answer goes to what stands behind it: something calls both, so the cache sends it load.
bool Topology::is_cache_before(std::size_t cache, std::size_t store) const {
    if (!nodes_[cache].type.starts_with("elasticache:")
        || !(nodes_[store].type.starts_with("rds:") || nodes_[store].type.starts_with("dynamodb:")))
        return false;
    // A node of a group is called by its group's name, so who calls the group calls the node.
    for (std::size_t node = 0; node < nodes_.size(); ++node)
        if (reaches_[node][cache] && nodes_[node].type == nodes_[cache].type)
            for (auto const& caller : called_by_[node])
                if (std::any_of(called_by_[store].begin(), called_by_[store].end(),
                        [&](Edge const& other) { return other.to == caller.to; }))
                    return true;
    return false;
}

// Nothing is known of what the alarm's resource calls or is called by, but for its other names: so nothing is known
// to be unrelated either.
bool Topology::ends_at_the_centre() const {
    return std::none_of(nodes_.begin(), nodes_.end(), [&](Resource const& node) {
        auto const at = static_cast<std::size_t>(&node - nodes_.data());
        bool const centre = std::binary_search(centre_nodes_.begin(), centre_nodes_.end(), at);
        bool const alias = std::any_of(centre_nodes_.begin(), centre_nodes_.end(),
            [&](std::size_t own) { return nodes_[own].type == node.type; });
        return !centre && !alias && to_any_[at] < far;
    });
}

Position Topology::position(Resource const& resource) const {
    Position best;
    auto const nodes = nodes_of(resource);
    for (auto const node : nodes) {
        Position position { Relation::unrelated, far };
        if (std::binary_search(centre_nodes_.begin(), centre_nodes_.end(), node)) {
            position = { Relation::same, 0 };
        } else if (to_callee_[node] < far) {
            position = { Relation::callee, to_callee_[node] };
        } else if (to_caller_[node] < far) {
            position = { Relation::caller, to_caller_[node] };
        } else if (std::any_of(centre_nodes_.begin(), centre_nodes_.end(),
                       [&](std::size_t centre) { return is_cache_before(node, centre); })) {
            position = { Relation::caller, 1 };
        } else if (to_any_[node] < far) {
            bool shares = false;
            for (std::size_t other = 0; other < nodes_.size() && !shares; ++other)
                shares = to_callee_[other] < far && reaches_[node][other];
            position = { shares ? Relation::sibling : Relation::related, to_any_[node] };
        }
        if (best.relation == Relation::unknown || position.relation < best.relation
            || (position.relation == best.relation && position.distance < best.distance))
            best = position;
    }
    if (nodes.empty())
        best = { has_map_ && is_mapped_type(resource.type) ? Relation::unrelated : Relation::unknown, far };
    else if (best.relation == Relation::unrelated && (!has_map_ || !is_mapped_type(resource.type)))
        best.relation = Relation::unknown; // nobody knows what the task of a schedule calls
    if (best.relation == Relation::unrelated && ends_at_the_centre())
        best.relation = Relation::unknown;
    return best;
}

bool Topology::can_affect(Resource const& from, Resource const& to) const {
    if (from == to)
        return true;
    auto const sources = nodes_of(from);
    auto const targets = nodes_of(to);
    if (sources.empty() || targets.empty())
        return !has_map_ || !is_mapped_type(from.type) || !is_mapped_type(to.type);
    for (auto const source : sources)
        for (auto const target : targets) {
            if (reaches_[source][target] || reaches_[target][source] || is_cache_before(source, target))
                return true;
            for (std::size_t shared = 0; shared < nodes_.size(); ++shared)
                if (reaches_[source][shared] && reaches_[target][shared])
                    return true;
        }
    return !has_map_ || !is_mapped_type(from.type);
}

} // namespace convops
