// ECS: clusters and services. Names are listed first and described in batches.
#include "audit/inventory_items.h"

#include <array>
#include <set>

namespace convops::audit_inventory {

namespace {

JsonArray plain_all(std::span<Json const* const> items) {
    JsonArray all;
    for (auto const* item : items)
        all.emplace_back(plain(*item));
    return all;
}

// "arn:...:service/shop/checkout" -> "shop". The old form has no cluster and can not be described without one.
std::string cluster_of(std::string const& service_arn) {
    auto const at = service_arn.find(":service/");
    auto const tail
        = at == std::string::npos ? std::string() : service_arn.substr(at + std::string_view(":service/").size());
    auto const slash = tail.find('/');
    return slash == std::string::npos ? std::string() : tail.substr(0, slash);
}

bool same_cluster(Json const& one, Json const& other) {
    return cluster_of(plain(one)) == cluster_of(plain(other));
}

std::optional<JsonObject> services_of_one_cluster(AuditPlace const&, std::span<Json const* const> parents) {
    auto const cluster = cluster_of(plain(*parents.front()));
    if (cluster.empty())
        return std::nullopt;
    return JsonObject { { "cluster", cluster }, { "services", plain_all(parents) },
        { "include", JsonArray { "TAGS" } } };
}

bool insights_are_on(Json const& cluster) {
    for (auto const& setting : list_at(cluster, "settings"))
        if (text_at(setting, "name") == "containerInsights")
            return text_at(setting, "value") == "enabled" || text_at(setting, "value") == "enhanced";
    return false;
}

std::vector<AuditResource> clusters(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "clusterName");
    std::vector<AuditResource> all { monitored(
        { "ecs:cluster", name, text_at(item, "clusterArn"), "AWS/ECS", { { "ClusterName", name } } }, item, "",
        "tags") };
    if (insights_are_on(item))
        all.push_back(monitored({ "ecs:cluster", name, text_at(item, "clusterArn"), "ECS/ContainerInsights",
                                    { { "ClusterName", name } } },
            item, "", "tags"));
    return all;
}

std::vector<AuditResource> services(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "serviceName");
    auto const cluster = after_last(text_at(item, "clusterArn"), '/');
    return { monitored({ "ecs:service", cluster + "/" + name, text_at(item, "serviceArn"), "AWS/ECS",
                           { { "ClusterName", cluster }, { "ServiceName", name } } },
        item, "createdAt", "tags") };
}

// Each task definition once, whichever services run it.
std::vector<std::size_t> with_new_definition(JsonArray const& all) {
    std::set<std::string> seen;
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (auto const definition = text_at(all[i], "taskDefinition");
            !definition.empty() && seen.insert(definition).second)
            chosen.push_back(i);
    return chosen;
}

constexpr std::array readings {
    AuditReading { .name = "ecs_cluster_arns",
        .service = "ecs",
        .operation = "ListClusters",
        .iam_action = "ecs:ListClusters",
        .list_path = "clusterArns",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "maxResults", 100 } };
        } },
    AuditReading { .name = "ecs_clusters",
        .service = "ecs",
        .operation = "DescribeClusters",
        .iam_action = "ecs:DescribeClusters",
        .list_path = "clusters",
        .parent = "ecs_cluster_arns",
        .batch = 100,
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "clusters", plain_all(parents) }, { "include", JsonArray { "SETTINGS", "TAGS" } } };
        },
        .resources = clusters },
    AuditReading { .name = "ecs_service_arns",
        .service = "ecs",
        .operation = "ListServices",
        .iam_action = "ecs:ListServices",
        .list_path = "serviceArns",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .parent = "ecs_cluster_arns",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "cluster", plain(*parents.front()) }, { "maxResults", 100 } };
        } },
    AuditReading { .name = "ecs_services",
        .service = "ecs",
        .operation = "DescribeServices",
        .iam_action = "ecs:DescribeServices",
        .list_path = "services",
        .parent = "ecs_service_arns",
        .batch = 10,
        .together = same_cluster,
        .params = services_of_one_cluster,
        .resources = services },
    AuditReading { .name = "ecs_task_definitions",
        .service = "ecs",
        .operation = "DescribeTaskDefinition",
        .iam_action = "ecs:DescribeTaskDefinition",
        .parent = "ecs_services",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "taskDefinition", text_at(*parents.front(), "taskDefinition") } };
        },
        .most_calls = 500,
        .choose = with_new_definition },
};

} // namespace

Registered make_ecs() {
    return readings;
}

} // namespace convops::audit_inventory
