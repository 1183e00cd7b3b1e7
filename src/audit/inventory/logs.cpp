// CloudWatch Logs: groups with their retention and size, metric filters, anomaly detectors, what the
// groups take in, and error lines in the largest of them.
#include "audit/error_lines.h"
#include "audit/inventory_items.h"
#include "audit/metric_sums.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::optional<JsonObject> incoming_bytes(AuditPlace const& place, std::span<Json const* const> groups) {
    std::vector<MetricId> metrics;
    for (auto const* group : groups)
        metrics.push_back({ "AWS/Logs", "IncomingBytes", { { "LogGroupName", text_at(*group, "logGroupName") } } });
    return sum_queries(metrics, place.now);
}

std::optional<JsonObject> matches(AuditPlace const& place, std::span<Json const* const> filters) {
    std::vector<MetricId> metrics;
    for (auto const* filter : filters) {
        auto const& made = list_at(*filter, "metricTransformations");
        metrics.push_back(made.empty()
                ? MetricId { "none", "none", {} }
                : MetricId { text_at(made.front(), "metricNamespace"), text_at(made.front(), "metricName"), {} });
    }
    return sum_queries(metrics, place.now);
}

std::optional<JsonObject> error_lines(AuditPlace const& place, std::span<Json const* const> groups) {
    return error_line_query(*groups.front(), place.now);
}

// Exists only for subscription filters whose destination did not take what was sent.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
std::optional<JsonObject> forwarding(AuditPlace const&, std::span<Json const* const>) {
    return JsonObject { { "Namespace", "AWS/Logs" }, { "MetricName", "ForwardedLogEvents" } };
}

std::optional<JsonObject> failed_forwarding(AuditPlace const&, std::span<Json const* const>) {
    return JsonObject { { "Namespace", "AWS/Logs" }, { "MetricName", "DeliveryErrors" } };
}

std::optional<JsonObject> delivery_errors(AuditPlace const& place, std::span<Json const* const> metrics) {
    std::vector<MetricId> ids;
    for (auto const* metric : metrics) {
        MetricId id { "AWS/Logs", "DeliveryErrors", {} };
        for (auto const& dimension : list_at(*metric, "Dimensions"))
            id.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
        ids.push_back(std::move(id));
    }
    return sum_queries(ids, place.now);
}

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
    // Which subscription filters forward, and which failed: two calls, where one a group would be thousands.
    AuditReading { .name = "log_forwarding",
        .service = "monitoring",
        .operation = "ListMetrics",
        .iam_action = "cloudwatch:ListMetrics",
        .list_path = "Metrics",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = forwarding },
    AuditReading { .name = "log_failed_forwarding",
        .service = "monitoring",
        .operation = "ListMetrics",
        .iam_action = "cloudwatch:ListMetrics",
        .list_path = "Metrics",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = failed_forwarding },
    sums_reading("log_delivery_errors", "log_failed_forwarding", delivery_errors),
    sums_reading("log_incoming_bytes", "log_groups", incoming_bytes),
    sums_reading("log_filter_matches", "log_metric_filters", matches),
    // At most 20 groups, three pages each: FilterLogEvents searches a group from its oldest line on and may answer an
    // empty page with a token.
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    AuditReading { .name = "log_error_lines",
        .service = "logs",
        .operation = "FilterLogEvents",
        .iam_action = "logs:FilterLogEvents",
        .list_path = "events",
        .token_in = "nextToken",
        .token_out = "nextToken",
        .parent = "log_groups",
        .params = error_lines,
        .most_pages = 3,
        .choose = groups_to_search },
};

} // namespace

Registered make_logs() {
    return readings;
}

} // namespace convops::audit_inventory
