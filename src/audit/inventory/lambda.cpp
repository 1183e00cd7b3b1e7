// Lambda: functions, what feeds them, and the account's concurrency.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> functions(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "FunctionName");
    return { monitored(
        { "lambda:function", name, text_at(item, "FunctionArn"), "AWS/Lambda", { { "FunctionName", name } } }, item,
        "LastModified", "") };
}

constexpr std::array readings {
    AuditReading { .name = "lambda_functions",
        .service = "lambda",
        .operation = "ListFunctions",
        .iam_action = "lambda:ListFunctions",
        .list_path = "Functions",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .resources = functions },
    AuditReading { .name = "lambda_event_source_mappings",
        .service = "lambda",
        .operation = "ListEventSourceMappings",
        .iam_action = "lambda:ListEventSourceMappings",
        .list_path = "EventSourceMappings",
        .token_in = "Marker",
        .token_out = "NextMarker" },
    AuditReading { .name = "lambda_account_settings",
        .service = "lambda",
        .operation = "GetAccountSettings",
        .iam_action = "lambda:GetAccountSettings" },
};

} // namespace

Registered make_lambda() {
    return readings;
}

} // namespace convops::audit_inventory
