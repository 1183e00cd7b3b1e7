// RDS and Aurora: instances and clusters.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> instances(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "DBInstanceIdentifier");
    auto const engine = text_at(item, "Engine");
    if (engine == "docdb" || engine == "neptune") // They answer here, too, and have namespaces of their own.
        return {};
    return { monitored(
        { "rds:instance", name, text_at(item, "DBInstanceArn"), "AWS/RDS", { { "DBInstanceIdentifier", name } } },
        item, "InstanceCreateTime", "TagList") };
}

std::vector<AuditResource> clusters(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "DBClusterIdentifier");
    auto const engine = text_at(item, "Engine");
    if (engine == "docdb" || engine == "neptune")
        return {};
    return { monitored(
        { "rds:cluster", name, text_at(item, "DBClusterArn"), "AWS/RDS", { { "DBClusterIdentifier", name } } }, item,
        "ClusterCreateTime", "TagList") };
}

constexpr std::array readings {
    AuditReading { .name = "rds_instances",
        .service = "rds",
        .operation = "DescribeDBInstances",
        .iam_action = "rds:DescribeDBInstances",
        .list_path = "DBInstances",
        .token_in = "Marker",
        .token_out = "Marker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 } };
        },
        .resources = instances },
    AuditReading { .name = "rds_clusters",
        .service = "rds",
        .operation = "DescribeDBClusters",
        .iam_action = "rds:DescribeDBClusters",
        .list_path = "DBClusters",
        .token_in = "Marker",
        .token_out = "Marker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 } };
        },
        .resources = clusters },
};

} // namespace

Registered make_rds() {
    return readings;
}

} // namespace convops::audit_inventory
