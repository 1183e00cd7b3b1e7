// Managed Kafka clusters, provisioned and serverless.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> clusters(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "clusterName");
    return { monitored(
        { "kafka:cluster", name, text_at(item, "clusterArn"), "AWS/Kafka", { { "Cluster Name", name } } }, item,
        "creationTime", "tags") };
}

constexpr std::array readings {
    AuditReading { .name = "msk_clusters",
        .service = "kafka",
        .operation = "ListClustersV2",
        .iam_action = "kafka:ListClustersV2",
        .list_path = "clusterInfoList",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 100 } };
        },
        .resources = clusters },
};

} // namespace

Registered make_msk() {
    return readings;
}

} // namespace convops::audit_inventory
