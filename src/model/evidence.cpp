#include "model/evidence.h"

#include <array>
#include <deque>
#include <tuple>

namespace convops {

std::string_view to_string(ChangeKind kind) {
    constexpr std::array<std::string_view, 6> names { "deploy", "config", "scaling", "permission", "network",
        "other" };
    return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(ResourceEventKind kind) {
    constexpr std::array<std::string_view, 17> names { "task_stopped", "out_of_memory", "restart", "failover",
        "storage_full", "status_check_failed", "target_unhealthy", "scaled", "deployment_started",
        "deployment_finished", "deployment_failed", "placement_failed", "maintenance", "backup", "throttled",
        "scheduled_run", "other" };
    return names[static_cast<std::size_t>(kind)];
}

Fact const* Evidence::find(FactId const& id) const {
    for (auto const& fact : facts)
        if (fact.id == id)
            return &fact;
    return nullptr;
}

Gap const* Evidence::gap_in(std::string_view source) const {
    for (auto const& gap : gaps)
        if (gap.source == source)
            return &gap;
    return nullptr;
}

void number_facts(Evidence& evidence) {
    std::stable_sort(evidence.facts.begin(), evidence.facts.end(), [](Fact const& a, Fact const& b) {
        return std::tie(a.source, a.at, a.resource, a.statement, a.cli)
            < std::tie(b.source, b.at, b.resource, b.statement, b.cli);
    });
    std::stable_sort(evidence.gaps.begin(), evidence.gaps.end(), [](Gap const& a, Gap const& b) {
        return std::tie(a.source, a.iam_action, a.why) < std::tie(b.source, b.iam_action, b.why);
    });
    for (std::size_t i = 0; i < evidence.facts.size(); ++i)
        evidence.facts[i].id = FactId { "F" + std::to_string(i + 1) };
}

std::vector<std::pair<Resource, int>> neighbourhood(
    Evidence const& evidence, std::vector<Resource> const& centre, int hops, std::size_t most) {
    std::map<std::string, std::vector<Resource>> next;
    for (auto const& [fact, edge] : evidence.all<DependencyFact>()) {
        next[edge->from.key()].push_back(edge->to);
        next[edge->to.key()].push_back(edge->from);
    }
    std::vector<std::pair<Resource, int>> found;
    std::set<std::string> seen;
    std::deque<std::pair<Resource, int>> queue;
    for (auto const& resource : centre)
        if (seen.insert(resource.key()).second)
            queue.emplace_back(resource, 0);
    while (!queue.empty() && found.size() < most) {
        auto [resource, distance] = queue.front();
        queue.pop_front();
        found.emplace_back(resource, distance);
        if (distance == hops)
            continue;
        auto neighbours = next[resource.key()];
        std::sort(neighbours.begin(), neighbours.end());
        for (auto const& neighbour : neighbours)
            if (seen.insert(neighbour.key()).second)
                queue.emplace_back(neighbour, distance + 1);
    }
    return found;
}

} // namespace convops
