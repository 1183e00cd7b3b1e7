// Lambda: functions, what feeds them, and the account's concurrency.
#include "audit/inventory_items.h"
#include "audit/metric_sums.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> functions(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "FunctionName");
    return { monitored(
        { "lambda:function", name, text_at(item, "FunctionArn"), "AWS/Lambda", { { "FunctionName", name } } }, item,
        "LastModified", "") };
}

std::optional<JsonObject> invocations(AuditPlace const& place, std::span<Json const* const> asked) {
    std::vector<MetricId> metrics;
    for (auto const* function : asked)
        metrics.push_back(
            { "AWS/Lambda", "Invocations", { { "FunctionName", text_at(*function, "FunctionName") } } });
    return sum_queries(metrics, place.now);
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
    sums_reading("lambda_invocations", "lambda_functions", invocations),
};

} // namespace

Registered make_lambda() {
    return readings;
}

} // namespace convops::audit_inventory
