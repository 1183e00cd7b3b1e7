// CloudWatch Logs: groups with their retention and size, metric filters, subscriptions, anomaly detectors.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "log_groups",
        .service = "logs",
        .operation = "DescribeLogGroups",
        .iam_action = "logs:DescribeLogGroups",
        .list_path = "logGroups",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "limit", 50 } };
        },
        .most_pages = 400 },
    AuditReading { .name = "log_metric_filters",
        .service = "logs",
        .operation = "DescribeMetricFilters",
        .iam_action = "logs:DescribeMetricFilters",
        .list_path = "metricFilters",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "limit", 50 } };
        } },
    AuditReading { .name = "log_subscription_filters",
        .service = "logs",
        .operation = "DescribeSubscriptionFilters",
        .iam_action = "logs:DescribeSubscriptionFilters",
        .list_path = "subscriptionFilters",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .parent = "log_groups",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "logGroupName", text_at(*parents.front(), "logGroupName") } };
        } },
    AuditReading { .name = "log_anomaly_detectors",
        .service = "logs",
        .operation = "ListLogAnomalyDetectors",
        .iam_action = "logs:ListLogAnomalyDetectors",
        .list_path = "anomalyDetectors",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "limit", 50 } };
        } },
};

} // namespace

Registered make_logs() {
    return readings;
}

} // namespace convops::audit_inventory
