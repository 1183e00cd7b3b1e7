// Redshift clusters.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> clusters(AuditPlace const& place, Json const& item) {
    auto const name = text_at(item, "ClusterIdentifier");
    return { monitored({ "redshift:cluster", name, arn_of(place, "redshift", "cluster:" + name), "AWS/Redshift",
                           { { "ClusterIdentifier", name } } },
        item, "ClusterCreateTime", "Tags") };
}

constexpr std::array readings {
    AuditReading { .name = "redshift_clusters",
        .service = "redshift",
        .operation = "DescribeClusters",
        .iam_action = "redshift:DescribeClusters",
        .list_path = "Clusters",
        .token_in = "Marker",
        .token_out = "Marker",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxRecords", 100 } };
        },
        .resources = clusters },
};

} // namespace

Registered make_redshift() {
    return readings;
}

} // namespace convops::audit_inventory
