// EKS clusters with their logging and version.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> clusters(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "cluster.name");
    return { monitored(
        { "eks:cluster", name, text_at(item, "cluster.arn"), "ContainerInsights", { { "ClusterName", name } } }, item,
        "cluster.createdAt", "cluster.tags") };
}

constexpr std::array readings {
    AuditReading { .name = "eks_cluster_names",
        .service = "eks",
        .operation = "ListClusters",
        .iam_action = "eks:ListClusters",
        .list_path = "clusters",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "maxResults", 100 } };
        } },
    AuditReading { .name = "eks_clusters",
        .service = "eks",
        .operation = "DescribeCluster",
        .iam_action = "eks:DescribeCluster",
        .parent = "eks_cluster_names",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "name", plain(*parents.front()) } };
        },
        .resources = clusters },
    AuditReading { .name = "eks_addon_names",
        .service = "eks",
        .operation = "ListAddons",
        .iam_action = "eks:ListAddons",
        .list_path = "addons",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .parent = "eks_cluster_names",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "clusterName", plain(*parents.front()) } };
        } },
};

} // namespace

Registered make_eks() {
    return readings;
}

} // namespace convops::audit_inventory
