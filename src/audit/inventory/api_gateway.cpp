// API Gateway: REST, HTTP and WebSocket APIs with their stages. The metrics of a REST API carry its name, those of
// the others their id; a stage is monitored with its API.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> rest_api(AuditPlace const& place, Json const& item) {
    auto const name = text_at(item, "name");
    auto const arn = "arn:aws:apigateway:" + place.region + "::/restapis/" + text_at(item, "id");
    return { monitored(
        { "apigateway:api", name, arn, "AWS/ApiGateway", { { "ApiName", name } } }, item, "createdDate", "tags") };
}

std::vector<AuditResource> http_api(AuditPlace const& place, Json const& item) {
    auto const id = text_at(item, "apiId");
    auto const arn = "arn:aws:apigateway:" + place.region + "::/apis/" + id;
    return { monitored(
        { "apigateway:api", id, arn, "AWS/ApiGateway", { { "ApiId", id } } }, item, "createdDate", "tags") };
}

constexpr std::array readings {
    AuditReading { .name = "rest_apis",
        .service = "apigateway",
        .operation = "GetRestApis",
        .iam_action = "apigateway:GET",
        .list_path = "item",
        .token_in = "position",
        .token_out = "position",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "limit", 500 } };
        },
        .resources = rest_api },
    AuditReading { .name = "rest_api_stages",
        .service = "apigateway",
        .operation = "GetStages",
        .iam_action = "apigateway:GET",
        .list_path = "item",
        .parent = "rest_apis",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "restApiId", text_at(*parents.front(), "id") } };
        } },
    AuditReading { .name = "http_apis",
        .service = "apigatewayv2",
        .operation = "GetApis",
        .iam_action = "apigateway:GET",
        .list_path = "items",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", "500" } };
        },
        .resources = http_api },
    AuditReading { .name = "http_api_stages",
        .service = "apigatewayv2",
        .operation = "GetStages",
        .iam_action = "apigateway:GET",
        .list_path = "items",
        .token_in = "NextToken",
        .token_out = "nextToken",
        .parent = "http_apis",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "ApiId", text_at(*parents.front(), "apiId") } };
        } },
};

} // namespace

Registered make_api_gateway() {
    return readings;
}

} // namespace convops::audit_inventory
