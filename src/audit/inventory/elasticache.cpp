// ElastiCache: cache clusters with their nodes, and replication groups.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> clusters(AuditPlace const&, Json const& item) {
    auto const id = text_at(item, "CacheClusterId");
    return { monitored(
        { "elasticache:cluster", id, text_at(item, "ARN"), "AWS/ElastiCache", { { "CacheClusterId", id } } }, item,
        "CacheClusterCreateTime", "") };
}

constexpr std::array readings {
    AuditReading { .name = "elasticache_clusters",
        .service = "elasticache",
        .operation = "DescribeCacheClusters",
        .iam_action = "elasticache:DescribeCacheClusters",
        .list_path = "CacheClusters",
        .token_in = "Marker",
        .token_out = "Marker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 }, { "ShowCacheNodeInfo", true } };
        },
        .resources = clusters },
    AuditReading { .name = "elasticache_replication_groups",
        .service = "elasticache",
        .operation = "DescribeReplicationGroups",
        .iam_action = "elasticache:DescribeReplicationGroups",
        .list_path = "ReplicationGroups",
        .token_in = "Marker",
        .token_out = "Marker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 } };
        } },
};

} // namespace

Registered make_elasticache() {
    return readings;
}

} // namespace convops::audit_inventory
