// ElastiCache clusters and replication groups: status, nodes, and what ElastiCache says happened to them.
#include "evidence/answering.h"

#include "base/text.h"
#include "evidence/network_place.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "elasticache:DescribeCacheClusters", "status and nodes of the caches" },
    IamAction { "elasticache:DescribeReplicationGroups", "which caches replicate each other" },
    IamAction { "elasticache:DescribeCacheSubnetGroups", "in which subnets the caches are" },
    IamAction { "elasticache:DescribeEvents", "failovers and node replacements of the caches" },
};

constexpr SourceCard the_card {
    .name = "elasticache_state",
    .says = "ElastiCache clusters: status, nodes, failovers.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 180 },
};

constexpr int most_pages = 2; // of 100

StateHealth health_of(std::string_view status) {
    if (status == "available" || status == "snapshotting")
        return StateHealth::healthy;
    if (status == "create-failed" || status == "incompatible-network" || status == "restore-failed"
        || status == "deleted")
        return StateHealth::failed;
    return status.empty() ? StateHealth::unknown : StateHealth::degraded;
}

} // namespace

// `subnet_groups`: DescribeCacheSubnetGroups; a cluster names its group only.
std::vector<Fact> elasticache_cluster_facts(Json const& cluster, JsonArray const& subnet_groups) {
    Resource const resource { "elasticache:cluster", text_at(cluster, "CacheClusterId"), text_at(cluster, "ARN") };
    auto const status = text_at(cluster, "CacheClusterStatus");
    StateFact state { resource, health_of(status), {} };
    for (auto const* key :
        { "CacheClusterStatus", "CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes", "ReplicationGroupId" })
        if (auto const value = text_at(cluster, key); !value.empty())
            state.attributes[key] = shown(value, 80);
    std::vector<std::string> subnets;
    auto const in_group = text_at(cluster, "CacheSubnetGroupName");
    for (auto const& group : subnet_groups)
        if (!in_group.empty() && text_at(group, "CacheSubnetGroupName") == in_group)
            subnets = ids_at(group, "Subnets", "SubnetIdentifier");
    note_network_place(state, ids_at(cluster, "SecurityGroups", "SecurityGroupId"), subnets);
    auto statement = resource.display() + " is " + shown(status, 40) + " ("
        + shown(text_at(cluster, "CacheNodeType"), 40) + ", " + shown(text_at(cluster, "NumCacheNodes"), 10)
        + " node(s)).";
    return { fact_about(resource, {}, std::move(statement), std::move(state), { { "status", status } }) };
}

// Callers know a group by its endpoint, metrics and changes are told of its nodes. A node says itself whose it is,
// which ties the two where the groups were not listed.
std::vector<Fact> elasticache_node_edges(Json const& cluster) {
    auto const group = text_at(cluster, "ReplicationGroupId");
    if (group.empty())
        return {};
    return { dependency_fact({ "elasticache:cluster", group, {} },
        { "elasticache:cluster", text_at(cluster, "CacheClusterId"), text_at(cluster, "ARN") },
        "member of the replication group", {}) };
}

std::vector<Fact> elasticache_group_facts(Json const& group) {
    Resource const resource { "elasticache:cluster", text_at(group, "ReplicationGroupId"), text_at(group, "ARN") };
    auto const status = text_at(group, "Status");
    std::vector<Fact> facts { fact_about(resource, {},
        resource.display() + " (replication group) is " + shown(status, 40) + ".",
        StateFact { resource, health_of(status), { { "status", shown(status, 40) } } }, { { "status", status } }) };
    for (auto const& member : list_at(group, "MemberClusters"))
        if (auto const* name = member.if_string())
            facts.push_back(
                dependency_fact(resource, { "elasticache:cluster", std::string(name->data(), name->size()), {} },
                    "member of the replication group", {}));
    return facts;
}

std::vector<Fact> elasticache_event_facts(Json const& event, Window look) {
    auto const at = time_at(event, "Date");
    auto const message = text_at(event, "Message");
    if (!at || !look.contains(*at) || message.empty())
        return {};
    Resource const resource { "elasticache:cluster", text_at(event, "SourceIdentifier"), {} };
    auto const kind = contains_ignoring_case(message, "failover") ? ResourceEventKind::failover
        : contains_ignoring_case(message, "recover") || contains_ignoring_case(message, "restart")
            || contains_ignoring_case(message, "reboot")
        ? ResourceEventKind::restart
        : contains_ignoring_case(message, "snapshot") || contains_ignoring_case(message, "backup")
        ? ResourceEventKind::backup
        : contains_ignoring_case(message, "maintenance") ? ResourceEventKind::maintenance
                                                         : ResourceEventKind::other;
    auto const words = shown(message, 300);
    return { fact_about(resource, *at,
        "At " + format_clock(*at) + " UTC ElastiCache said of " + resource.display() + ": " + quoted_words(words)
            + ".",
        ResourceEventFact { resource, kind, std::string(to_string(kind)), words, 1 }, { { "message", words } }) };
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    std::vector<PagedRead> const reads {
        { call_of("elasticache", "DescribeCacheClusters", { { "MaxRecords", 100 } }), "CacheClusters", "Marker",
            "Marker", most_pages },
        { call_of("elasticache", "DescribeReplicationGroups", { { "MaxRecords", 100 } }), "ReplicationGroups",
            "Marker", "Marker", most_pages },
        { call_of("elasticache", "DescribeEvents",
              { { "Duration", look_back(the_card, question.depth).count() }, { "MaxRecords", 100 } }),
            "Events", "Marker", "Marker", 1 },
        { call_of("elasticache", "DescribeCacheSubnetGroups", { { "MaxRecords", 100 } }), "CacheSubnetGroups",
            "Marker", "Marker", most_pages },
    };
    auto const lists = answering.read_lists(reads);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    std::set<std::string> groups;
    for (auto const& group : lists[1]) {
        groups.insert(text_at(group, "ReplicationGroupId"));
        answering.add(elasticache_group_facts(group), reads[1].call);
    }
    for (auto const& cluster : lists[0]) {
        auto const read_by = call_of(
            "elasticache", "DescribeCacheClusters", { { "CacheClusterId", text_at(cluster, "CacheClusterId") } });
        answering.add(elasticache_cluster_facts(cluster, lists[3]), read_by);
        if (!groups.contains(text_at(cluster, "ReplicationGroupId")))
            answering.add(elasticache_node_edges(cluster), read_by);
    }
    for (auto const& event : lists[2])
        answering.add(elasticache_event_facts(event, look), reads[2].call);
    return answering.take();
}

} // namespace

sources::Registered make_elasticache_state() {
    return { &the_card, collect };
}

} // namespace convops
