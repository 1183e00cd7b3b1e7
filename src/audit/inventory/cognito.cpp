// Cognito: user pools and their clients, which is what sign-in metrics are kept by.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> clients(AuditPlace const& place, Json const& item) {
    auto const pool = text_at(item, "UserPoolId");
    auto const client = text_at(item, "ClientId");
    return { monitored(
        { "cognito:user_pool_client", pool + "/" + client, arn_of(place, "cognito-idp", "userpool/" + pool),
            "AWS/Cognito", { { "UserPool", pool }, { "UserPoolClient", client } } },
        item, "", "") };
}

constexpr std::array readings {
    AuditReading { .name = "cognito_user_pools",
        .service = "cognito-idp",
        .operation = "ListUserPools",
        .iam_action = "cognito-idp:ListUserPools",
        .list_path = "UserPools",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxResults", 60 } };
        } },
    AuditReading { .name = "cognito_user_pool_clients",
        .service = "cognito-idp",
        .operation = "ListUserPoolClients",
        .iam_action = "cognito-idp:ListUserPoolClients",
        .list_path = "UserPoolClients",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .parent = "cognito_user_pools",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "UserPoolId", text_at(*parents.front(), "Id") }, { "MaxResults", 60 } };
        },
        .resources = clients },
};

} // namespace

Registered make_cognito() {
    return readings;
}

} // namespace convops::audit_inventory
